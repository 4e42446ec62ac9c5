"""Keras over JAX: a compiled model, one `train_on_batch` or `predict_on_batch` a step."""
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

from common import Data, first_values, serve, use_cores


def start(job):
    use_cores(job["threads"])
    import keras

    data = Data(job)
    classes = job["loss"] == "classes"
    layers = keras.layers
    if job["network"] == "cnn":
        convolution = lambda filters: layers.Conv2D(filters, 5, padding="same", activation="relu")
        pooled = [convolution(8), layers.MaxPooling2D(2), convolution(16), layers.MaxPooling2D(2)]
        stack = [keras.Input((28, 28, 1)), *pooled, layers.Flatten(), layers.Dense(10)]
    else:
        sizes = job["sizes"]
        hidden = [layers.Dense(n, activation="relu" if classes else "tanh") for n in sizes[1:-1]]
        stack = [keras.Input((sizes[0],)), *hidden, layers.Dense(sizes[-1])]
    model = keras.Sequential(stack)

    rate = job["rate"]
    make = lambda: (
        keras.optimizers.Adam(rate, epsilon=1e-8) if job["optimizer"] == "adam" else keras.optimizers.SGD(rate, momentum=0.9)
    )
    loss = (
        keras.losses.SparseCategoricalCrossentropy(from_logits=True) if classes else keras.losses.BinaryCrossentropy(from_logits=True)
    )
    optimizer = make()
    model.compile(optimizer, loss, jit_compile=True)
    model.optimizer.build(model.trainable_variables)
    empty = [variable.numpy() for variable in optimizer.variables]

    class Line:
        version = f"keras {keras.__version__} over {keras.backend.backend()}"
        training = job["mode"] == "train"
        last = None

        def reset(self):
            model.set_weights(data.params)
            for variable, value in zip(optimizer.variables, empty):
                variable.assign(value)

        def step(self, i):
            self.last = model.train_on_batch(data.x[i], data.y[i]) if self.training else model.predict_on_batch(data.x[i])

        def values(self):
            return [float(self.last)] if self.training else first_values(self.last)

    return Line()


if __name__ == "__main__":
    serve(start)
