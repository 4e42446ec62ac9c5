"""Parquet files of many types, compressions and row groups, and the rows in them: test/golden/readers/parquet. Made by pyarrow 26.0.1."""
import base64, datetime, decimal, json, os, random, sys
import pyarrow as pa
import pyarrow.parquet as pq

random.seed(11)
out = sys.argv[1] if len(sys.argv) > 1 else 'test/golden/readers/parquet'
os.makedirs(out, exist_ok=True)
n = 23
maybe = lambda value: None if random.random() < 0.2 else value
table = pa.table(
    {
        'i32': pa.array([random.randrange(-(2**31), 2**31) for _ in range(n)], pa.int32()),
        'i64': pa.array([random.randrange(-(2**52), 2**52) for _ in range(n)], pa.int64()),
        'u8': pa.array([random.randrange(256) for _ in range(n)], pa.uint8()),
        'u32': pa.array([random.randrange(2**32) for _ in range(n)], pa.uint32()),
        'f16': pa.array([random.randrange(-64, 64) / 8 for _ in range(n)], pa.float16()),
        'f32': pa.array([random.randrange(-1000, 1000) / 64 for _ in range(n)], pa.float32()),
        'f64': pa.array([random.random() for _ in range(n)], pa.float64()),
        'truth': pa.array([random.random() < 0.5 for _ in range(n)], pa.bool_()),
        'name': pa.array([random.choice(['setosa', 'virginica', 'ö']) for _ in range(n)], pa.string()),
        'day': pa.array([datetime.date(2020, 1, 1 + i) for i in range(n)], pa.date32()),
        'time': pa.array([datetime.datetime(2020, 1, 1, 2, 3, i) for i in range(n)], pa.timestamp('ms')),
        'price': pa.array([decimal.Decimal(random.randrange(-9999, 9999)) / 4 for _ in range(n)], pa.decimal128(9, 2)),
        'missing': pa.array([maybe(random.randrange(100)) for _ in range(n)], pa.int32()),
        'blank': pa.array([maybe('x' * random.randrange(4)) for _ in range(n)], pa.string()),
        'bytes': pa.array([bytes(random.randrange(256) for _ in range(random.randrange(5))) for _ in range(n)], pa.binary()),
        'fixed': pa.array([bytes(random.randrange(256) for _ in range(3)) for _ in range(n)], pa.binary(3)),
        'vector': pa.array([[random.randrange(8) / 4 for _ in range(3)] for _ in range(n)], pa.list_(pa.float32())),
        'ragged': pa.array([maybe([maybe(random.randrange(9)) for _ in range(random.randrange(4))]) for _ in range(n)], pa.list_(pa.int64())),
        'matrix': pa.array([[[1.0 * i, j] for j in range(2)] for i in range(n)], pa.list_(pa.list_(pa.float64()))),
        'image': pa.array([maybe({'bytes': bytes([i, 255 - i]), 'path': f'{i}.png'}) for i in range(n)], pa.struct([('bytes', pa.binary()), ('path', pa.string())])),
    }
)


def plain(value):
    if isinstance(value, bytes):
        return {'base64': base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return {'date': value.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000}
    if isinstance(value, datetime.date):
        return {'date': datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.timezone.utc).timestamp() * 1000}
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value


split = {'f32': 'BYTE_STREAM_SPLIT', 'f64': 'BYTE_STREAM_SPLIT', 'i32': 'DELTA_BINARY_PACKED', 'i64': 'DELTA_BINARY_PACKED', 'blank': 'DELTA_LENGTH_BYTE_ARRAY', 'truth': 'RLE'}
files = {
    'plain': dict(compression='none', use_dictionary=False),
    'dictionary': dict(compression='none', row_group_size=7),
    'snappy': dict(compression='snappy', row_group_size=10),
    'gzip': dict(compression='gzip'),
    'zstd': dict(compression='zstd', row_group_size=23),
    'lz4': dict(compression='lz4'),
    'pages': dict(compression='snappy', data_page_version='2.0', data_page_size=40, write_batch_size=4),
    'encodings': dict(compression='zstd', data_page_version='2.0', use_dictionary=False, column_encoding=split, version='2.6'),
    'brotli': dict(compression='brotli'),
}
for name, options in files.items():
    pq.write_table(table, f'{out}/{name}.parquet', **options)
shared = pa.table({'name': pa.array(['aa', 'ab', 'ac'])})
pq.write_table(shared, f'{out}/shared.parquet', use_dictionary=False, column_encoding={'name': 'DELTA_BYTE_ARRAY'})
# small ones, of which the fuzzer breaks hundreds of thousands
small = table.select(['i64', 'missing', 'name', 'ragged', 'truth', 'image']).slice(0, 9)
tiny = {
    'tiny-snappy': dict(compression='snappy', row_group_size=5),
    'tiny-zstd': dict(compression='zstd', data_page_version='2.0', use_dictionary=False, column_encoding={'i64': 'DELTA_BINARY_PACKED', 'name': 'DELTA_LENGTH_BYTE_ARRAY', 'truth': 'RLE'}),
    'tiny-lz4': dict(compression='lz4', data_page_version='2.0'),
    'tiny-gzip': dict(compression='gzip', use_dictionary=False),
    'tiny-plain': dict(compression='none'),
}
for name, options in tiny.items():
    chosen = small.select(['i64', 'name', 'ragged'] if name in ('tiny-snappy', 'tiny-gzip') else ['missing', 'image'] if name == 'tiny-plain' else ['i64', 'name', 'truth', 'ragged'])
    pq.write_table(chosen, f'{out}/{name}.parquet', store_schema=False, write_statistics=False, **options)
with open(f'{out}/rows.json', 'w') as file:
    rows = table.to_pylist()
    json.dump([{k: plain(v) for k, v in row.items()} for row in rows], file)
    file.write('\n')
