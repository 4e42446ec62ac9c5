"""What the reference implementation makes of files: `python peer.py folder` prints a line for each, sorted by name."""
import os
import sys

import numpy as np
from safetensors import SafetensorError, deserialize

folder = sys.argv[1]
for name in sorted(os.listdir(folder)):
    with open(os.path.join(folder, name), "rb") as file:
        data = file.read()
    try:
        # what is read, in the order of the names; half floats and the rest as bytes
        parts = sorted(deserialize(data), key=lambda part: part[0])
        words = [f"{key.encode('utf-8').hex()}:{part['dtype']}:{list(part['shape'])}:{bytes(part['data']).hex()}" for key, part in parts]
        print(name, "read", " ".join(words).replace(", ", ","))
    except SafetensorError as error:
        print(name, "refused", type(error).__name__)
