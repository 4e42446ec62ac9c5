"""PyTorch, eager, as its tutorials write a training step, with its fused optimizers where it has them; `plain` as installed."""
import re
import sys

import torch
import torch.nn.functional as F

from common import Data, first_values, serve


def blas():
    found = re.search(r"BLAS_INFO=(\w+)|LAPACK_INFO=(\w+)", torch.__config__.show())
    return found.group(1) or found.group(2) if found else "unknown"


def module(job):
    sizes = job["sizes"]
    if job["network"] == "cnn":
        half = [torch.nn.ReLU(), torch.nn.MaxPool2d(2)]
        first, second = torch.nn.Conv2d(1, 8, 5, padding="same"), torch.nn.Conv2d(8, 16, 5, padding="same")
        return torch.nn.Sequential(first, *half, second, *half, torch.nn.Flatten(), torch.nn.Linear(784, 10))
    layers = []
    for i, width in enumerate(sizes[1:]):
        layers += [torch.nn.Linear(sizes[i], width), torch.nn.ReLU() if job["loss"] == "classes" else torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


def theirs(job, value):
    """A weight or an input in PyTorch's layout: [out, in], and channels first. Rows of the last layer follow its flattening."""
    tensor = torch.from_numpy(value)
    if tensor.dim() == 4 and tensor.shape[:2] == (5, 5):
        return tensor.permute(3, 2, 0, 1).contiguous()
    if tensor.dim() == 4:
        return tensor.permute(0, 3, 1, 2).contiguous()
    if job["network"] == "cnn" and tuple(tensor.shape) == (784, 10):
        return tensor.reshape(7, 7, 16, 10).permute(2, 0, 1, 3).reshape(784, 10).t().contiguous()
    return tensor.t().contiguous() if tensor.dim() == 2 else tensor


class Line:
    def __init__(self, job):
        torch.set_num_threads(job["threads"])
        self.version = f"torch {torch.__version__}, BLAS {blas()}, {torch.backends.cpu.get_cpu_capability()}"
        data = Data(job)
        self.model, self.job, self.training = module(job), job, job["mode"] == "train"
        self.initial = [theirs(job, p) for p in data.params]
        image = job["network"] == "cnn"
        self.x = [theirs(job, x) if image else torch.from_numpy(x) for x in data.x]
        self.y = [torch.from_numpy(y).long() if job["loss"] == "classes" else torch.from_numpy(y) for y in data.y]
        self.loss = F.cross_entropy if job["loss"] == "classes" else F.binary_cross_entropy_with_logits
        self.last = None
        self.reset()
        if not self.training:
            self.step = torch.inference_mode()(self.predict)

    def reset(self):
        with torch.no_grad():
            for parameter, value in zip(self.model.parameters(), self.initial):
                parameter.copy_(value)
        try:
            self.optimizer = self.optimizer_with(**({} if "plain" in sys.argv else {"fused": True}))
        except (TypeError, RuntimeError):  # a version that has no fused optimizer on a CPU
            self.optimizer = self.optimizer_with()

    def optimizer_with(self, **more):
        rate, params = self.job["rate"], self.model.parameters()
        if self.job["optimizer"] == "adam":
            return torch.optim.Adam(params, lr=rate, eps=1e-8, **more)
        return torch.optim.SGD(params, lr=rate, momentum=0.9, **more)

    def step(self, i):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(self.model(self.x[i]), self.y[i])
        loss.backward()
        self.optimizer.step()
        self.last = loss.detach()

    def predict(self, i):
        self.last = self.model(self.x[i])

    def values(self):
        return [self.last.item()] if self.training else first_values(self.last.numpy())


if __name__ == "__main__":
    serve(Line)
