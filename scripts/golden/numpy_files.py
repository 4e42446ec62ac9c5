"""Writes test/golden/numpy/<major>.json: .npy and .npz files as NumPy makes them, each beside the elements that it holds.

    python scripts/golden/numpy_files.py        # made with NumPy 2.4.6 (2.json) and 1.23.5 (1.json), Python 3.11

`file` is the file; `elements` are the bytes of its elements in the order of rows, little-endian, half floats widened to f32. Both base64.
"""

import base64
import io
import json
import os

import numpy as np

here = os.path.join(os.path.dirname(__file__), "..", "..", "test", "golden", "numpy")
names = {"b1": "bool", "u1": "u8", "i1": "i8", "u2": "u16", "i2": "i16", "u4": "u32", "i4": "i32", "u8": "u64", "i8": "i64", "f2": "f16", "f4": "f32", "f8": "f64"}


def text(data):
    return base64.b64encode(data).decode("ascii")


def described(array):
    code = array.dtype.str[1:]
    rows = np.ascontiguousarray(array).reshape(array.shape)
    flat = rows.astype("<f4" if code == "f2" else "<" + code)
    return {"type": names[code], "shape": list(array.shape), "elements": text(flat.tobytes(order="C"))}


def saved(array, version=None):
    file = io.BytesIO()
    if version is None:
        np.save(file, array)
    else:
        np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


def npy_cases():
    counted = np.arange(-6, 6)
    for code in names:
        array = counted.astype(np.float64).astype("<" + code) if code != "b1" else counted > 0
        yield f"{code} [3, 4]", array.reshape(3, 4), None
        yield f"{code} big-endian", array.astype(">" + code).reshape(2, 6), None
        yield f"{code} in columns", np.asfortranarray(array.reshape(3, 4)), None
    halves = np.array([0.0, -0.0, 1e-7, 6e-8, 65504.0, np.inf, -np.inf, np.nan, 0.1], dtype="<f2")
    yield "f2 small, large, none", halves, None
    yield "f4 small, large, none", np.array([1e-45, -0.0, 3.4e38, np.inf, np.nan], dtype="<f4"), None
    yield "a scalar", np.array(2.5), None
    yield "no elements", np.zeros((0, 3), dtype="<f4"), None
    yield "columns of three axes", np.asfortranarray(np.arange(24, dtype=">i2").reshape(2, 3, 4)), None
    yield "one axis", np.arange(5, dtype="<u4"), None
    yield "many axes", np.arange(8, dtype="<f4").reshape((1, 2) * 3), None
    yield "version 2", np.arange(3, dtype="<f8"), (2, 0)
    yield "version 3", np.arange(3, dtype="<f8"), (3, 0)
    yield "64-bit extremes", np.array([-(2**63), 2**63 - 1, 0], dtype="<i8"), None


class Pipe(io.RawIOBase):
    """What can't seek: sizes follow the data."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, part):
        self.data += bytes(part)
        return len(part)


def npz_cases():
    x, y = np.arange(6, dtype="<f4").reshape(2, 3), np.array([True, False])
    sets = {
        "two arrays": {"x": x, "y": y},
        "odd names": {"__proto__": x, "a/b": y, "é": np.array(7), "constructor": y, " ": x},
        "one, that shrinks": {"zeros": np.zeros((16, 16), dtype="<f8")},
        "none": {},
    }
    for name, arrays in sets.items():
        for how, save in (("savez", np.savez), ("savez_compressed", np.savez_compressed)):
            file = io.BytesIO()
            save(file, **arrays)
            yield f"{name}, {how}", file.getvalue(), arrays
            pipe = Pipe()
            save(pipe, **arrays)
            yield f"{name}, {how} to a pipe", pipe.data, arrays


npy = [{"name": name, "file": text(saved(array, version)), **described(array)} for name, array, version in npy_cases()]
npz = [
    {"name": name, "file": text(file), "arrays": [[key, described(array)] for key, array in arrays.items()]}
    for name, file, arrays in npz_cases()
]
refused = {
    "objects": np.array([{}, None], dtype=object),
    "texts": np.array(["a", "bc"]),
    "bytes": np.array([b"a"]),
    "records": np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]),
    "complex numbers": np.array([1j]),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "raw bytes": np.zeros(2, dtype="V3"),
    "long doubles": np.zeros(2, dtype=np.longdouble),
}
major = np.__version__.split(".")[0]
os.makedirs(here, exist_ok=True)
with open(os.path.join(here, f"{major}.json"), "w") as out:
    versions = {"numpy": np.__version__}
    json.dump({"versions": versions, "npy": npy, "npz": npz, "refused": {k: text(saved(v)) for k, v in refused.items()}}, out, indent=1, ensure_ascii=False)
    out.write("\n")
