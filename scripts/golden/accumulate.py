"""Gradients collected by PyTorch: four backward passes of a mean loss over four, then one step of the optimizer.

python3 scripts/golden/accumulate.py > test/golden/loop/accumulate.json
Made with torch 2.x; its version is written into the file.
"""

import json
import math

import torch

torch.set_default_dtype(torch.float64)
batches = [
    ([[math.sin(7 * i + j), math.cos(3 * i - j)] for j in range(3)], [[math.sin(i + 2 * j)] for j in range(3)]) for i in range(12)
]
optimizers = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.01),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.05),
}
start = {"weight": [[0.5], [-0.25]], "bias": [0.125]}


def trained(make):
    weight = torch.tensor(start["weight"], requires_grad=True)
    bias = torch.tensor(start["bias"], requires_grad=True)
    optimizer = make([weight, bias])
    found = []
    for i, (x, y) in enumerate(batches):
        loss = ((torch.tensor(x) @ weight + bias - torch.tensor(y)) ** 2).mean()
        (loss / 4).backward()
        if i % 4 == 3:
            optimizer.step()
            optimizer.zero_grad()
            found.append({"weight": weight.tolist(), "bias": bias.tolist()})
    return found


steps = {name: trained(make) for name, make in optimizers.items()}
print(json.dumps({"torch": torch.__version__, "start": start, "batches": batches, "steps": steps}))
