"""Files of the reference implementation of safetensors, for test/formats/safetensors.

Made with safetensors 0.8.0, NumPy 2.4.6 and ml_dtypes 0.6.0: pip install safetensors numpy ml_dtypes, then
python scripts/golden/safetensors.py
"""
import json
import os
import struct
import sys

sys.path.pop(0)  # this file has the name of the package

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

FOLDER = os.path.join(os.path.dirname(__file__), "..", "..", "test", "golden", "safetensors")
os.makedirs(FOLDER, exist_ok=True)


def save(name, tensors, metadata=None):
    save_file(tensors, os.path.join(FOLDER, name), metadata=metadata)


def every(dtype):
    """Numbers that each type holds, with its extremes."""
    if dtype == np.bool_:
        return np.array([True, False, True])
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        return np.array([info.min, 0, 1, info.max], dtype=dtype)
    return np.array([0, -0.0, 1.5, -2.25, np.inf, -np.inf, np.nan, 6e-8, 65504], dtype=dtype)


integers = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.uint64, np.int64]
floats = [np.float16, ml_dtypes.bfloat16, np.float32, np.float64]
# in no order of the format
save("types.safetensors", {f"x.{np.dtype(d).name}": every(d) for d in [np.bool_, *floats, *integers]}, {"format": "np"})
save(
    "shapes.safetensors",
    {
        "scalar": np.array(2.5, dtype=np.float32),
        "empty": np.zeros((0,), dtype=np.float32),
        "hollow": np.zeros((3, 0, 2), dtype=np.int32),
        "cube": np.arange(24, dtype=np.float32).reshape(2, 3, 4),
        "ones": np.ones((1, 1, 1, 1, 1, 1, 1, 1, 1), dtype=np.uint8),
    },
)
# the order of UTF-8 is not that of halves of pairs; names that other languages trip over
names = ["__proto__", "constructor", "\uffee", "\U0001f600", "a", "a.b", "A", 'q"uote\\', "new\nline\u0001\u007f", "\u00e9", "\u2028", ""]
save("names.safetensors", {n: np.array([i], dtype=np.uint8) for i, n in enumerate(names)}, {'__proto__': 'x"\n\u0002'})
save("nothing.safetensors", {})
# behind 5 bytes of u8 nothing would be aligned; the format puts it last
save("odd.safetensors", {"b": np.arange(5, dtype=np.uint8), "a": np.arange(3, dtype=np.float64)})

# f32 on and beside the points where rounding to 16 bits turns
rng = np.random.default_rng(7)
bits = np.concatenate([rng.integers(0, 2**32, 1200, dtype=np.uint32), (rng.integers(0, 2**19, 800, dtype=np.uint32) << 13) ^ 0x1000])
values = bits.view(np.float32)
values = values[~np.isnan(values)]
with np.errstate(over="ignore"):
    save("rounded.safetensors", {"f32": values, "f16": values.astype(np.float16), "bf16": values.astype(ml_dtypes.bfloat16)})

# a file in two shards, as Hugging Face writes them
save("model-00001-of-00002.safetensors", {"encoder.weight": np.arange(6, dtype=np.float32).reshape(2, 3)}, {"format": "pt"})
save("model-00002-of-00002.safetensors", {"head.bias": np.arange(2, dtype=np.float32)}, {"format": "pt"})
index = {
    "metadata": {"total_size": 32},
    "weight_map": {
        "encoder.weight": "model-00001-of-00002.safetensors",
        "head.bias": "model-00002-of-00002.safetensors",
    },
}
with open(os.path.join(FOLDER, "model.safetensors.index.json"), "w") as file:
    json.dump(index, file, indent=2)
    file.write("\n")

# elements where no view could lie: the writer aligns, a reader must not count on it
header = b'{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"y":{"dtype":"F64","shape":[2],"data_offsets":[1,17]}}'
with open(os.path.join(FOLDER, "misaligned.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header + b"\x07" + np.array([0.5, -1.25]).tobytes())
