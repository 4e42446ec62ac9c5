"""Writes test/golden/elsewhere: small models of PyTorch and Keras as safetensors, each beside an input and what it predicts.

    KERAS_BACKEND=torch python scripts/golden/elsewhere.py       # made with torch 2.15.0, keras 3.15.1, safetensors 0.8.0
"""

import os
import sys

sys.path.pop(0)  # a script beside this one has the name of a package
os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch
from keras import layers as L
from safetensors.numpy import save_file
from torch import nn

here = os.path.join(os.path.dirname(__file__), "..", "..", "test", "golden", "elsewhere")
os.makedirs(here, exist_ok=True)


def save(name, tensors, x, y):
    contiguous = {key: np.ascontiguousarray(value) for key, value in tensors.items()}
    save_file(contiguous, os.path.join(here, f"{name}.safetensors"))
    save_file({"input": np.ascontiguousarray(x), "output": np.ascontiguousarray(y.astype("float32"))}, os.path.join(here, f"{name}-io.safetensors"))


class Rows(nn.Module):
    """The sequence that a recurrent module gives, without its state."""

    def __init__(self, module):
        super().__init__()
        self.inner = module

    def forward(self, x):
        return self.inner(x)[0]


class Attends(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 8)
        self.positions = nn.Embedding(6, 8)
        self.norm = nn.LayerNorm(8)
        self.attention = nn.MultiheadAttention(8, 2, bias=False, batch_first=True)
        self.scale = nn.RMSNorm(8, eps=1e-5)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = self.embed(x) + self.positions.weight
        x = self.norm(x)
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        x = x + self.attention(x, x, x, need_weights=False, attn_mask=mask, is_causal=True)[0]
        return self.head(self.scale(x))


def randomize(model):
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                start = 0.5 if "running_var" in name else -0.4
                value.copy_(start + 0.8 * torch.rand(value.shape, generator=generator))


def torch_case(name, model, x, channels_first=False):
    randomize(model)
    model.eval()
    given = torch.from_numpy(x)
    if channels_first:
        given = given.movedim(-1, 1)
    with torch.no_grad():
        y = model(given)
    if channels_first and y.ndim == given.ndim:
        y = y.movedim(1, -1)
    save(f"pytorch-{name}", {key: value.numpy() for key, value in model.state_dict().items()}, x, y.numpy())


random = np.random.default_rng(7)
floats = lambda *shape: random.uniform(-1, 1, shape).astype("float32")
words = random.integers(0, 20, (3, 6)).astype("int32")
others = np.random.default_rng(9)
states = lambda *shape: others.uniform(-1, 1, shape).astype("float32")

torch_case("mlp", nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 4, bias=False), nn.LayerNorm(4), nn.Tanh(), nn.Linear(4, 2)), floats(4, 5))
torch_case(
    "cnn",
    nn.Sequential(
        nn.Conv2d(2, 4, (3, 2), padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, 8, 3, groups=4, padding=1),
        nn.GroupNorm(2, 8),
        nn.ConvTranspose2d(8, 6, 3, stride=2, padding=1, groups=2),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 4, 1, groups=2),
        nn.ConvTranspose2d(4, 3, (2, 3)),
        nn.InstanceNorm2d(3, affine=True),
        nn.Flatten(),
        nn.BatchNorm1d(3 * 6 * 8),
        nn.ReLU(),
        nn.Linear(3 * 6 * 8, 3),
    ),
    floats(2, 6, 6, 2),
    True,
)
torch_case("conv1d", nn.Sequential(nn.Conv1d(3, 4, 3), nn.ReLU(), nn.ConvTranspose1d(4, 2, 4, stride=2), nn.Flatten(), nn.Linear(2 * 14, 2)), floats(2, 8, 3), True)
torch_case("lstm", nn.Sequential(Rows(nn.LSTM(3, 4, num_layers=2, batch_first=True)), nn.Flatten(), nn.Linear(20, 2)), floats(2, 5, 3))
torch_case("gru", nn.Sequential(Rows(nn.GRU(3, 4, batch_first=True, bidirectional=True)), Rows(nn.RNN(8, 5, batch_first=True)), Rows(nn.GRU(5, 3, batch_first=True))), floats(2, 5, 3))
torch_case("rnns", nn.Sequential(Rows(nn.LSTM(3, 4, batch_first=True, bidirectional=True)), Rows(nn.RNN(8, 5, batch_first=True, bidirectional=True, bias=False))), floats(2, 5, 3))
torch_case("attention", Attends(), words)


class Causal(nn.Module):
    """A block of PyTorch's own whose places see what stands before them."""

    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return self.block(x, src_mask=nn.Transformer.generate_square_subsequent_mask(x.shape[1]), is_causal=True)


def block(**options):
    return nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, **options)


torch_case("encoder", nn.Sequential(block(activation="gelu", norm_first=True), block(activation="gelu", norm_first=True), nn.Linear(8, 3)), states(2, 5, 8))
torch_case("post-norm", nn.Sequential(block(layer_norm_eps=1e-3), block(layer_norm_eps=1e-3), nn.Linear(8, 3)), states(2, 5, 8))
torch_case("decoder", nn.Sequential(Causal(block(activation="relu", norm_first=True)), nn.Linear(8, 3)), states(2, 5, 8))


class Conv1D(nn.Module):
    """As GPT-2's weights lie: [in, out]."""

    def __init__(self, units, depth):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(depth, units))
        self.bias = nn.Parameter(torch.empty(units))

    def forward(self, x):
        return x @ self.weight + self.bias


class Heads(nn.Module):
    def __init__(self, heads, causal):
        super().__init__()
        self.heads, self.causal = heads, causal

    def attend(self, *parts):
        query, key, value = (x.unflatten(-1, (-1, x.shape[-1] // self.heads)).transpose(1, 2) for x in parts)
        found = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        return found.transpose(1, 2).flatten(2)


class Gpt2Attention(Heads):
    def __init__(self, depth, heads, linear):
        super().__init__(heads, True)
        self.c_attn, self.c_proj = linear(3 * depth, depth), linear(depth, depth)

    def forward(self, x):
        return self.c_proj(self.attend(*self.c_attn(x).chunk(3, -1)))


class Gpt2Block(nn.Module):
    def __init__(self, depth, heads, linear):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(depth), nn.LayerNorm(depth)
        self.attn = Gpt2Attention(depth, heads, linear)
        self.mlp = nn.ModuleDict({"c_fc": linear(4 * depth, depth), "c_proj": linear(depth, 4 * depth)})

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp["c_proj"](nn.functional.gelu(self.mlp["c_fc"](self.ln_2(x)), approximate="tanh"))


class Gpt2(nn.Module):
    def __init__(self, linear):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(20, 8), nn.Embedding(9, 8)
        self.h = nn.ModuleList([Gpt2Block(8, 2, linear) for _ in range(2)])
        self.ln_f = nn.LayerNorm(8)

    def forward(self, x):
        x = self.wte(x) + self.wpe.weight[: x.shape[1]]
        for each in self.h:
            x = each(x)
        return self.ln_f(x)


torch_case("gpt2", Gpt2(Conv1D), words)
torch_case("nano-gpt", Gpt2(lambda units, depth: nn.Linear(depth, units)), words)


class BertAttention(Heads):
    def __init__(self, depth, heads):
        super().__init__(heads, False)
        self.add_module("self", nn.ModuleDict({name: nn.Linear(depth, depth) for name in ("query", "key", "value")}))
        self.output = nn.ModuleDict({"dense": nn.Linear(depth, depth), "LayerNorm": nn.LayerNorm(depth, eps=1e-12)})

    def forward(self, x):
        own = getattr(self, "self")
        found = self.attend(*(own[name](x) for name in ("query", "key", "value")))
        return self.output["LayerNorm"](x + self.output["dense"](found))


class BertLayer(nn.Module):
    def __init__(self, depth, heads, hidden):
        super().__init__()
        self.attention = BertAttention(depth, heads)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(depth, hidden)})
        self.output = nn.ModuleDict({"dense": nn.Linear(hidden, depth), "LayerNorm": nn.LayerNorm(depth, eps=1e-12)})

    def forward(self, x):
        x = self.attention(x)
        return self.output["LayerNorm"](x + self.output["dense"](nn.functional.gelu(self.intermediate["dense"](x))))


torch_case("bert", nn.Sequential(BertLayer(8, 2, 12), BertLayer(8, 2, 12)), states(2, 5, 8))


def keras_case(name, model, x):
    generator = np.random.default_rng(8)
    for variable in model.weights:
        if "seed" in variable.path:
            continue
        start = 0.5 if "variance" in variable.path else -0.4
        variable.assign(start + 0.8 * generator.random(tuple(variable.shape)))
    y = keras.ops.convert_to_numpy(model(x, training=False))
    save(f"keras-{name}", {variable.path: keras.ops.convert_to_numpy(variable.value) for variable in model.weights}, x, y)


def sequential(name, shape, layers, dtype="float32"):
    return keras.Sequential([keras.Input(shape, dtype=dtype), *layers], name=name)


keras_case("mlp", sequential("mlp", (5,), [L.Dense(7, "relu", name="one"), L.Dropout(0.5), L.LayerNormalization(name="norm"), L.Dense(2, use_bias=False, name="two")]), floats(4, 5))
keras_case(
    "cnn",
    sequential(
        "cnn",
        (6, 6, 2),
        [
            L.Conv2D(4, (3, 2), padding="same", use_bias=False, name="conv"),
            L.BatchNormalization(name="norm"),
            L.ReLU(),
            L.DepthwiseConv2D(3, depth_multiplier=2, name="depthwise"),
            L.Conv2D(6, 1, groups=2, name="grouped"),
            L.Conv2DTranspose(3, (2, 3), strides=2, padding="valid", name="up"),
            L.GroupNormalization(3, name="groups"),
            L.Flatten(),
            L.Dense(3, name="head"),
        ],
    ),
    floats(2, 6, 6, 2),
)
keras_case("recurrent", sequential("recurrent", (5, 3), [L.Bidirectional(L.LSTM(4, return_sequences=True), name="both"), L.GRU(5, return_sequences=True, name="gru"), L.LSTM(3, return_sequences=True, name="lstm"), L.SimpleRNN(4, name="rnn"), L.Dense(2, name="head")]), floats(2, 5, 3))
keras_case("bidirectional", sequential("bidirectional", (5, 3), [L.Bidirectional(L.GRU(4, return_sequences=True), name="gru"), L.Bidirectional(L.SimpleRNN(4, return_sequences=True), name="rnn"), L.Conv1D(3, 2, name="conv"), L.Conv1DTranspose(2, 3, name="up")]), floats(2, 5, 3))

tokens = keras.Input((6,), dtype="int32")
x = L.Embedding(20, 8, name="embed")(tokens)
x = x + L.MultiHeadAttention(2, 4, use_bias=False, name="attention")(x, x)
x = x + L.GroupQueryAttention(2, 4, 2, use_bias=False, name="grouped")(x, x)
keras_case("attention", keras.Model(tokens, L.Dense(3, name="head")(L.RMSNormalization(epsilon=1e-5, name="scale")(x)), name="attention_model"), words)

rows = keras.Input((5, 8))
x = rows + L.MultiHeadAttention(2, 4, name="attention")(rows, rows, use_causal_mask=True)
x = x + L.GroupQueryAttention(2, 4, 2, name="grouped")(x, x)
keras_case("biased-attention", keras.Model(rows, L.Dense(3, name="head")(x), name="biased"), states(2, 5, 8))
