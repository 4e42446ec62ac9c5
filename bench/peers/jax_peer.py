"""JAX: the whole step in one jit, state donated."""
from common import Data, first_values, serve, use_cores


def start(job):
    use_cores(job["threads"])
    import jax
    import jax.numpy as jnp
    from jax import lax

    data = Data(job)
    relu = job["loss"] == "classes"
    beta1, beta2, rate = 0.9, 0.999, job["rate"]

    def dense(params, x):
        layers = len(params) // 2
        for l in range(layers):
            x = x @ params[2 * l] + params[2 * l + 1]
            if l + 1 < layers:
                x = jax.nn.relu(x) if relu else jnp.tanh(x)
        return x

    def convolutional(params, x):
        for l in range(2):
            x = lax.conv_general_dilated(x, params[2 * l], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            x = jax.nn.relu(x + params[2 * l + 1])
            x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return x.reshape(x.shape[0], -1) @ params[4] + params[5]

    apply = convolutional if job["network"] == "cnn" else dense

    def loss(params, x, y):
        z = apply(params, x)
        if relu:
            return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1).mean()
        return (jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))).mean()

    def adam(p, g, m, v, t):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        return p - rate * (m / (1 - beta1**t)) / (jnp.sqrt(v / (1 - beta2**t)) + 1e-8), m, v

    def momentum(p, g, m, v, t):
        m = 0.9 * m + g
        return p - rate * m, m, v

    update = adam if job["optimizer"] == "adam" else momentum

    def train(state, x, y):
        params, first, second, count = state
        value, grads = jax.value_and_grad(loss)(params, x, y)
        after = [update(*each, count + 1) for each in zip(params, grads, first, second)]
        return ([a[0] for a in after], [a[1] for a in after], [a[2] for a in after], count + 1), value

    class Line:
        version = f"jax {jax.__version__}, {jax.devices()[0].platform}"
        training = job["mode"] == "train"

        def __init__(self):
            self.compiled = jax.jit(train, donate_argnums=0) if self.training else jax.jit(apply)
            self.x = [jnp.asarray(x) for x in data.x]
            self.y = [jnp.asarray(y) for y in data.y]

        def reset(self):
            params = [jnp.array(p) for p in data.params]
            zeros = lambda: [jnp.zeros_like(p) for p in params]
            self.state, self.last = (params, zeros(), zeros(), jnp.float32(0)), None

        def step(self, i):
            if self.training:
                self.state, self.last = self.compiled(self.state, self.x[i], self.y[i])
            else:
                self.last = self.compiled(self.state[0], self.x[i])

        def settle(self):
            jax.block_until_ready((self.state, self.last))

        def values(self):
            return first_values(self.last)[: 1 if self.training else 4]

    return Line()


if __name__ == "__main__":
    serve(start)
