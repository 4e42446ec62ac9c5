"""Losses with class weights by PyTorch, for test/model/class-weighted.test.ts: python scripts/golden/class-weights.py > test/golden/metrics/class-weights.json

Made with PyTorch of the version in the file, in f64. All logits are multiples of 1/8.
"""
import json

import torch
from torch.nn.functional import cross_entropy

torch.manual_seed(3)


def case(shape, classes, weights):
    logits = torch.round(torch.randn(*shape, classes, dtype=torch.float64) * 8) / 8
    logits.requires_grad_()
    target = torch.randint(0, classes, shape)
    weight = torch.tensor(weights, dtype=torch.float64)
    flat, right = logits.reshape(-1, classes), target.reshape(-1)
    each = cross_entropy(flat, right, weight=weight, reduction="none").reshape(shape)
    of_samples = each.reshape(shape[0], -1).mean(1)
    of_samples.mean().backward()
    return {
        "weights": weights,
        "logits": logits.tolist(),
        "target": target.tolist(),
        "ofSamples": of_samples.tolist(),
        "gradient": logits.grad.tolist(),
        "mean": cross_entropy(flat, right, weight=weight).item(),
    }


cases = [case((9,), 3, [1, 5, 2]), case((4, 5), 3, [0.5, 0, 2.25]), case((64,), 4, [1, 1, 1, 1])]
print(json.dumps({"versions": {"torch": torch.__version__}, "cases": cases}))
