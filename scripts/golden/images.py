"""PNG images of every format, and what Pillow reads of them: test/golden/readers/images.json. Made by Pillow 13.0.0, NumPy 2.4.6."""
import base64, io, json, random, struct, sys, zlib
import numpy as np
from PIL import Image

random.seed(7)


def chunk(name, data):
    return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))


def filtered(rows, pixel):
    """Rows of bytes, each under a filter that chance draws."""
    out, before = b'', bytes(len(rows[0]))
    for row in rows:
        kind = random.randrange(5)
        line = bytearray()
        for i, value in enumerate(row):
            a = row[i - pixel] if i >= pixel else 0
            b = before[i]
            c = before[i - pixel] if i >= pixel else 0
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line.append((value - [0, a, b, (a + b) // 2, paeth][kind]) % 256)
        out += bytes([kind]) + bytes(line)
        before = row
    return out


def rows_of(samples, depth):
    """Samples [height, width, channels] as rows of bytes."""
    rows = []
    for line in samples.reshape(samples.shape[0], -1):
        bits = ''.join(format(int(v), f'0{depth}b') for v in line)
        bits += '0' * (-len(bits) % 8)
        rows.append(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)))
    return rows


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(color, depth, samples, extra=b'', interlaced=False, split=False):
    height, width = samples.shape[:2]
    pixel = max(1, depth * samples.shape[2] // 8)
    parts = [samples[y::sy, x::sx] for x, y, sx, sy in PASSES] if interlaced else [samples]
    raw = b''.join(filtered(rows_of(part, depth), pixel) for part in parts if part.size > 0)
    packed = zlib.compress(raw, 9)
    data = [packed[:5], packed[5:]] if split else [packed]
    head = chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, color, 0, 0, int(interlaced)))
    return b'\x89PNG\r\n\x1a\n' + head + extra + b''.join(chunk(b'IDAT', d) for d in data) + chunk(b'IEND', b'')


def drawn(height, width, channels, depth):
    return np.array([[[random.randrange(2**depth) for _ in range(channels)] for _ in range(width)] for _ in range(height)])


def read(data, mode):
    """What Pillow says, as bytes."""
    image = Image.open(io.BytesIO(data))
    if mode == 'I;16':
        wide = np.array(image).astype(np.float64)
        return np.floor(wide * 255 / 65535 + 0.5).astype(np.uint8)[:, :, None]
    pixels = np.array(image.convert(mode))
    return pixels if pixels.ndim == 3 else pixels[:, :, None]


palette = bytes(random.randrange(256) for _ in range(48))
cases = {
    'grey of 1 bit': (png(0, 1, drawn(5, 11, 1, 1)), 'L'),
    'grey of 2 bits': (png(0, 2, drawn(4, 7, 1, 2)), 'L'),
    'grey of 4 bits': (png(0, 4, drawn(3, 5, 1, 4)), 'L'),
    'grey of 8 bits': (png(0, 8, drawn(6, 5, 1, 8), split=True), 'L'),
    'grey of 16 bits': (png(0, 16, drawn(3, 4, 1, 16)), 'I;16'),
    'grey with alpha': (png(4, 8, drawn(3, 4, 2, 8)), 'LA'),
    'colors': (png(2, 8, drawn(5, 4, 3, 8), extra=chunk(b'tEXt', b'Title\x00x')), 'RGB'),
    'colors with alpha': (png(6, 8, drawn(4, 3, 4, 8)), 'RGBA'),
    'colors, interlaced': (png(2, 8, drawn(9, 10, 3, 8), interlaced=True), 'RGB'),
    'grey, interlaced': (png(0, 8, drawn(3, 2, 1, 8), interlaced=True), 'L'),
    'a palette of 4 bits': (png(3, 4, drawn(4, 5, 1, 4), extra=chunk(b'PLTE', palette)), 'RGB'),
    'a palette of 8 bits': (png(3, 8, drawn(4, 5, 1, 4), extra=chunk(b'PLTE', palette)), 'RGB'),
    'a palette with transparency': (png(3, 2, drawn(4, 5, 1, 2), extra=chunk(b'PLTE', palette[:12]) + chunk(b'tRNS', b'\x00\x80')), 'RGBA'),
}
clear = drawn(2, 3, 3, 8)
cases['a transparent color'] = (png(2, 8, clear, extra=chunk(b'tRNS', struct.pack('>HHH', *map(int, clear[1, 1])))), 'RGBA')

for mode, shape in (('L', (7, 6)), ('RGB', (5, 6, 3)), ('RGBA', (4, 4, 4)), ('LA', (4, 3, 2))):
    out = io.BytesIO()
    Image.fromarray(np.array(drawn(*(shape + (1,))[:3], 8), dtype=np.uint8).reshape(shape), mode).save(out, 'PNG', optimize=True)
    cases[f'{mode}, written by Pillow'] = (out.getvalue(), mode)

stored = {
    name: {
        'file': base64.b64encode(data).decode(),
        'shape': list(read(data, mode).shape),
        'values': base64.b64encode(read(data, mode).tobytes()).decode(),
    }
    for name, (data, mode) in cases.items()
}
with open(sys.argv[1] if len(sys.argv) > 1 else 'test/golden/readers/images.json', 'w') as out:
    json.dump(stored, out, indent=2)
    out.write('\n')
