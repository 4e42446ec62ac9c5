"""NumPy as one writes it for speed: results into arrays that are there already, parameters and optimizer state each in one array."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from common import Data, first_values, serve


class Optimizer:
    """Adam or momentum over one flat array, without new arrays."""

    def __init__(self, job, count):
        self.adam, self.rate = job["optimizer"] == "adam", job["rate"]
        self.first, self.second, self.work, self.more = (np.zeros(count, np.float32) for _ in range(4))
        self.steps = 0

    def reset(self):
        self.first[:] = 0
        self.second[:] = 0
        self.steps = 0

    def update(self, params, grads):
        m, v, work, more = self.first, self.second, self.work, self.more
        f = np.float32
        if not self.adam:
            np.multiply(m, f(0.9), out=m)
            np.add(m, grads, out=m)
            np.multiply(m, f(self.rate), out=work)
            np.subtract(params, work, out=params)
            return
        self.steps += 1
        np.multiply(m, f(0.9), out=m)
        np.multiply(grads, f(0.1), out=work)
        np.add(m, work, out=m)
        np.multiply(v, f(0.999), out=v)
        np.multiply(grads, grads, out=work)
        np.multiply(work, f(0.001), out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.multiply(work, f(1 / np.sqrt(1 - 0.999**self.steps)), out=work)
        np.add(work, f(1e-8), out=work)
        np.multiply(m, f(self.rate / (1 - 0.9**self.steps)), out=more)
        np.divide(more, work, out=more)
        np.subtract(params, more, out=params)


class Flat:
    """Parameters and gradients as views of two flat arrays."""

    def __init__(self, params):
        self.initial = np.concatenate([p.reshape(-1) for p in params])
        self.params, self.grads = self.initial.copy(), np.zeros_like(self.initial)
        self.p, self.g, at = [], [], 0
        for p in params:
            self.p.append(self.params[at : at + p.size].reshape(p.shape))
            self.g.append(self.grads[at : at + p.size].reshape(p.shape))
            at += p.size


def softmax_gradient(logits, labels, rows):
    """The mean cross-entropy; logits become its gradient, in place."""
    logits -= logits.max(axis=1, keepdims=True)
    target = logits[rows, labels].copy()
    np.exp(logits, out=logits)
    sums = logits.sum(axis=1, keepdims=True)
    loss = float((np.log(sums[:, 0]) - target).mean())
    logits /= sums
    logits[rows, labels] -= 1
    logits /= np.float32(len(labels))
    return loss


def blas():
    try:
        found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{found['name']} {found['version']}"
    except (TypeError, KeyError):  # versions before 1.26 only print it
        return "unknown"


class Line:
    version = f"numpy {np.__version__}, BLAS {blas()}"

    def __init__(self, job):
        self.job, self.data = job, Data(job)
        self.flat = Flat(self.data.params)
        self.optimizer = Optimizer(job, self.flat.params.size)
        self.loss, self.output = 0.0, None
        self.rows = np.arange(job["batch"])
        self.training = job["mode"] == "train"

    def reset(self):
        self.flat.params[:] = self.flat.initial
        self.optimizer.reset()

    def values(self):
        return [self.loss] if self.training else first_values(self.output)


class Dense(Line):
    def __init__(self, job):
        super().__init__(job)
        sizes, batch = job["sizes"], job["batch"]
        self.layers = len(sizes) - 1
        self.acts = [None] + [np.zeros((batch, n), np.float32) for n in sizes[1:]]
        self.deltas = [None] + [np.zeros((batch, n), np.float32) for n in sizes[1:-1]] + [self.acts[-1]]
        self.masks = [None] + [np.zeros((batch, n), bool) for n in sizes[1:]]
        self.relu = job["loss"] == "classes"

    def step(self, i):
        acts, p, layers = self.acts, self.flat.p, self.layers
        acts[0] = self.data.x[i]
        for l in range(layers):
            z = np.matmul(acts[l], p[2 * l], out=acts[l + 1])
            np.add(z, p[2 * l + 1], out=z)
            if l + 1 < layers:
                np.maximum(z, 0, out=z) if self.relu else np.tanh(z, out=z)
        self.output = acts[layers]
        if self.training:
            self.backwards(self.data.y[i])

    def backwards(self, y):
        acts, deltas, p, g = self.acts, self.deltas, self.flat.p, self.flat.g
        z = acts[self.layers]
        if self.relu:
            self.loss = softmax_gradient(z, y, self.rows)
        else:
            e = np.exp(-np.abs(z))
            self.loss = float((np.maximum(z, 0) - z * y + np.log1p(e)).mean())
            z[:] = (1 / (1 + np.exp(-z)) - y) / np.float32(len(y))
        for l in range(self.layers - 1, -1, -1):
            np.matmul(acts[l].T, deltas[l + 1], out=g[2 * l])
            np.sum(deltas[l + 1], axis=0, out=g[2 * l + 1])
            if l == 0:
                break
            d = np.matmul(deltas[l + 1], p[2 * l].T, out=deltas[l])
            if self.relu:
                np.greater(acts[l], 0, out=self.masks[l])
                np.multiply(d, self.masks[l], out=d)
            else:
                np.multiply(d, 1 - acts[l] * acts[l], out=d)
        self.optimizer.update(self.flat.params, self.flat.grads)


def patches(x, c):
    """[b, h, w, c] -> [b h w, 25 c], zeros outside."""
    b, h, w = x.shape[:3]
    padded = np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)))
    windows = sliding_window_view(padded, (5, 5), axis=(1, 2))
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(b * h * w, 25 * c)


def pool(z):
    """[b, h, w, c] -> largest of four, and which."""
    b, h, w, c = z.shape
    four = z.reshape(b, h // 2, 2, w // 2, 2, c).transpose(0, 1, 3, 5, 2, 4).reshape(b, h // 2, w // 2, c, 4)
    which = four.argmax(axis=4)
    return np.maximum(np.take_along_axis(four, which[..., None], 4)[..., 0], 0), which


def unpool(d, out, which):
    """The gradient before relu and pool."""
    b, h, w, c = d.shape
    four = np.zeros((b, h, w, c, 4), np.float32)
    np.put_along_axis(four, which[..., None], np.where(out > 0, d, np.float32(0))[..., None], 4)
    return four.reshape(b, h, w, c, 2, 2).transpose(0, 1, 4, 2, 5, 3).reshape(b, h * 2, w * 2, c)


class Convolutional(Line):
    def step(self, i):
        w1, b1, w2, b2, w3, b3 = self.flat.p
        b = self.job["batch"]
        c1 = patches(self.data.x[i], 1)
        h1, k1 = pool((c1 @ w1.reshape(25, 8) + b1).reshape(b, 28, 28, 8))
        c2 = patches(h1, 8)
        h2, k2 = pool((c2 @ w2.reshape(200, 16) + b2).reshape(b, 14, 14, 16))
        flat = h2.reshape(b, 784)
        self.output = flat @ w3 + b3
        if self.training:
            self.backwards(self.data.y[i], (c1, h1, k1, c2, h2, k2, flat))

    def backwards(self, y, kept):
        c1, h1, k1, c2, h2, k2, flat = kept
        g1, gb1, g2, gb2, g3, gb3 = self.flat.g
        b, d = self.job["batch"], self.output
        self.loss = softmax_gradient(d, y, self.rows)
        np.matmul(flat.T, d, out=g3)
        d.sum(axis=0, out=gb3)
        d2 = unpool((d @ self.flat.p[4].T).reshape(b, 7, 7, 16), h2, k2).reshape(-1, 16)
        np.matmul(c2.T, d2, out=g2.reshape(200, 16))
        d2.sum(axis=0, out=gb2)
        spread = (d2 @ self.flat.p[2].reshape(200, 16).T).reshape(b, 14, 14, 5, 5, 8)
        back = np.zeros((b, 18, 18, 8), np.float32)
        for ky in range(5):
            for kx in range(5):
                back[:, ky : ky + 14, kx : kx + 14] += spread[:, :, :, ky, kx]
        d1 = unpool(back[:, 2:16, 2:16], h1, k1).reshape(-1, 8)
        np.matmul(c1.T, d1, out=g1.reshape(25, 8))
        d1.sum(axis=0, out=gb1)
        self.optimizer.update(self.flat.params, self.flat.grads)


if __name__ == "__main__":
    serve(lambda job: Convolutional(job) if job["network"] == "cnn" else Dense(job))
