import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test as lawful } from '@fast-check/vitest'
import { encode } from 'fast-png'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest'
import { decodePng, imageFiles, imageFolder, type PngOptions, streamImageFolder } from '../../src/data/images/index.ts'
import { type Classes, type Dataset, ShapeError, toArray } from '../../src/index.ts'

interface Golden {
  readonly file: string
  readonly shape: readonly number[]
  readonly values: string
}
const goldens: Readonly<Record<string, Golden>> = JSON.parse(readFileSync('test/golden/readers/images.json', 'utf8'))
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const golden = (name: string): Uint8Array => bytesOf((goldens[name] as Golden).file)
const told = async (bytes: Uint8Array, options?: PngOptions): Promise<string> => {
  const read = await decodePng(bytes, options)()
  return E.isLeft(read) ? read.left.message : `an image ${read.right.shape.join(' x ')}`
}
const right = <A>(made: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}
const png = (data: Uint8Array, width: number, height: number, channels: number): Uint8Array =>
  encode({ width, height, channels, depth: 8, data })

describe('decodePng', () => {
  it.each(Object.entries(goldens))('gives what Pillow gives of %s', async (_, { file, shape, values }) => {
    const read = right(await decodePng(bytesOf(file), { sixteenBits: 'round' })())
    expect(read).toEqual({ type: 'u8', shape, values: bytesOf(values) })
  })

  const image = fc
    .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }), channels: fc.integer({ min: 1, max: 4 }) })
    .chain((size) => {
      const length = size.width * size.height * size.channels
      return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ ...size, data }))
    })
  lawful.prop([image, fc.constantFrom('null' as const, 'Adam7' as const)])(
    'reads what fast-png writes',
    async ({ width, height, channels, data }, interlace) => {
      const read = right(await decodePng(encode({ width, height, channels, depth: 8, data }, { interlace }))())
      expect(read).toEqual({ type: 'u8', shape: [height, width, channels], values: data })
    },
  )

  it('limits the size of the header before anything is inflated, and what the pixels inflate to', async () => {
    const small = golden('grey of 8 bits')
    expect(await told(small, { limit: 59 })).toBe('png: 6 x 5 pixels are over the limit of 59 bytes')
    expect(await told(small, { limit: 60 })).toBe('an image 6 x 5 x 1')
    // a million bytes of zero behind a header that says one pixel
    const bomb = relabelled(png(new Uint8Array(1_000_000), 1000, 1000, 1), 1, 1)
    expect(await told(bomb)).toBe('png: byte 33: the pixels inflate to more than 2 bytes')
    const hungry = relabelled(png(new Uint8Array(4), 2, 2, 1), 2, 3)
    expect(await told(hungry)).toBe('png: byte 33: the pixels inflate to 6 bytes, expected 9')
    expect(await told(relabelled(small, 2 ** 31 - 1, 2 ** 31 - 1))).toMatch(/are over the limit of 67108864 bytes$/)
  })

  it('makes channels where nothing is lost', async () => {
    const grey = png(new Uint8Array([7, 200]), 2, 1, 1)
    expect(right(await decodePng(grey, { channels: 4 })()).values).toEqual(new Uint8Array([7, 7, 7, 255, 200, 200, 200, 255]))
    expect(right(await decodePng(grey, { channels: 2 })()).values).toEqual(new Uint8Array([7, 255, 200, 255]))
    expect(right(await decodePng(png(new Uint8Array([7, 7, 7, 255]), 1, 1, 4), { channels: 1 })()).values).toEqual(new Uint8Array([7]))
    expect(await told(png(new Uint8Array([7, 7, 8]), 1, 1, 3), { channels: 1 })).toBe(
      'png: pixel [0, 0] is not grey, and 1 channels have no colors',
    )
    expect(await told(png(new Uint8Array([7, 7, 8, 254]), 1, 1, 4), { channels: 3 })).toBe(
      'png: pixel [0, 0] is not opaque, and 3 channels have no alpha',
    )
    expect(() => decodePng(grey, { channels: 5 as 4 })).toThrow(new ShapeError('decodePng: channels must be 1, 2, 3 or 4, got 5'))
  })

  it('says what other files are, and where a file is damaged', async () => {
    const whole = golden('colors')
    expect(await told(new Uint8Array([0xff, 0xd8, 0xff]))).toBe(
      'png: the first eight bytes are not those of a PNG image (it is a JPEG image)',
    )
    expect(await told(new Uint8Array())).toBe('png: the first eight bytes are not those of a PNG image, there are none')
    expect(await told(whole.subarray(0, 40))).toMatch(/^png: byte 33: the /)
    expect(await told(Uint8Array.from([...whole, 0]))).toBe(
      `png: byte ${whole.length}: the image ends here, the file has ${whole.length + 1} bytes`,
    )
    expect(await told(golden('grey of 16 bits'))).toBe("png: the image has 16 bits a sample; write { sixteenBits: 'round' } for 8 of them")
    const flipped = whole.slice()
    flipped[50] = (flipped[50] as number) ^ 1
    expect(await told(flipped)).toMatch(/the checksum of the chunk (tEXt|IDAT) is wrong$/)
  })

  lawful.prop([fc.constantFrom(...Object.keys(goldens)), fc.nat(), fc.integer({ min: 1, max: 255 })], { numRuns: 300 })(
    'gives the same or says what is wrong, whatever byte is changed',
    async (name, at, change) => {
      const bytes = golden(name)
      bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ change
      // every byte but those of the signature stands under a checksum, or is one
      expect(E.isLeft(await decodePng(bytes, { sixteenBits: 'round' })())).toBe(true)
    },
  )
})

/** The same file, whose header says another size, with the checksum that belongs to it. */
const relabelled = (bytes: Uint8Array, width: number, height: number): Uint8Array => {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  view.setUint32(16, width)
  view.setUint32(20, height)
  view.setUint32(29, crc32(copy.subarray(12, 29)))
  return copy
}
const crc32 = (bytes: Uint8Array): number => {
  let c = 0xffffffff
  for (const byte of bytes) {
    c ^= byte
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  }
  return (c ^ 0xffffffff) >>> 0
}

describe('imageFiles and imageFolder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-images-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const shade = (value: number): Uint8Array => png(new Uint8Array(4).fill(value), 2, 2, 1)
  const write = (path: string, bytes: Uint8Array): void => writeFileSync(join(folder, path), bytes)
  for (const name of ['cat', 'dog', 'bird']) mkdirSync(join(folder, name))
  write('cat/b.png', shade(2))
  write('cat/a.PNG', shade(1))
  write('cat/.DS_Store', new Uint8Array(3))
  write('dog/1.png', png(new Uint8Array(12).fill(3), 2, 2, 3))
  write('bird/1.png', png(new Uint8Array(6), 3, 2, 1))

  it('a folder a class, in memory and streamed, in the order of classes and names', async () => {
    const data = right(await imageFolder(folder, { shape: [2, 2, 1], classes: ['dog', 'cat'] })())
    expectTypeOf(data).toEqualTypeOf<Dataset<[2, 2, 1], Classes<2>>>()
    expect([...data.inputs.values]).toEqual([3, 3, 3, 3, 1, 1, 1, 1, 2, 2, 2, 2])
    expect(toArray(data.batch(3)[1])).toEqual([0, 1, 1])
    const rows = right(await streamImageFolder(folder, { shape: [2, 2, 1], classes: ['dog', 'cat'] })())
    expect(right(await rows.load()).inputs.values).toEqual(data.inputs.values)
  })

  it('names the file that is odd, damaged, or of another size', async () => {
    const folderTold = async (classes: readonly ['cat', ...string[]] | readonly [string]): Promise<string> => {
      const read = await imageFolder(folder, { shape: [2, 2, 1], classes: classes as readonly [string] })()
      return E.isLeft(read) ? read.left.message.replace(folder, '*') : 'a data set'
    }
    expect(await folderTold(['cat', 'bird'])).toBe('imageFolder: */bird/1.png is an image [2, 3, 1], expected [2, 2, 1]')
    expect(await folderTold(['fish'])).toBe('imageFolder: */fish cannot be read: there is no such folder')
    expect(await folderTold(['../cat'])).toMatch(/the class '\.\.\/cat' is no name of a folder$/)
    mkdirSync(join(folder, 'odd'))
    expect(await folderTold(['odd'])).toBe('imageFolder: */odd: there are no images in it')
    write('odd/notes.txt', new Uint8Array(1))
    expect(await folderTold(['odd'])).toBe('imageFolder: */odd/notes.txt: its name does not end in .png')
    symlinkSync(join(folder, 'cat/b.png'), join(folder, 'odd/link.png'))
    expect(await folderTold(['odd'])).toBe('imageFolder: */odd/link.png: it is a link')
    symlinkSync(join(folder, 'cat'), join(folder, 'other'))
    expect(await folderTold(['other'])).toBe('imageFolder: */other: it is no folder')
    mkdirSync(join(folder, 'deep/er.png'), { recursive: true })
    expect(await folderTold(['deep'])).toBe('imageFolder: */deep/er.png: it is a folder')
  })

  it('a list of files, under a limit', async () => {
    const files = [
      { name: 'photos/cat/1.png', bytes: shade(9) },
      { name: 'dog/2.png', bytes: shade(8) },
    ]
    const data = right(await imageFiles(files, { shape: [2, 2, 1], classes: ['cat', 'dog'] })())
    expectTypeOf(data).toEqualTypeOf<Dataset<[2, 2, 1], Classes<2>>>()
    expect([...data.inputs.values, ...data.targets.values]).toEqual([9, 9, 9, 9, 8, 8, 8, 8, 0, 1])
    const filesTold = async (limit: number, name: string): Promise<string> => {
      const read = await imageFiles([...files, { name, bytes: new Uint8Array(3) }], { shape: [2, 2, 1], classes: ['cat', 'dog'], limit })()
      return E.isLeft(read) ? read.left.message : 'a data set'
    }
    expect(await filesTold(11, 'cat/3.png')).toBe('imageFiles: 3 images [2, 2, 1] are over the limit of 11 bytes')
    expect(await filesTold(12, 'cat/3.png')).toBe('imageFiles: cat/3.png: png: the first eight bytes are not those of a PNG image')
    expect(await filesTold(12, '3.png')).toBe('imageFiles: 3.png is in none of the folders cat, dog')
    expect(() => imageFiles([], { shape: [2, 2, 5], classes: ['cat'] })).toThrow(
      new ShapeError('imageFiles: an image is [height, width, channels], got [2, 2, 5]'),
    )
  })
})
