"""The work of `benches/steps.rs` in bare PyTorch, on one thread of the CPU.

    python3 benches/peers/pytorch.py            times everything once and prints a table
    DENTATE_PYTHON=python3 cargo bench -p dentate-benches --bench steps
                                                lets it take turns with the native backend, and prints the ratios

Batches are slices of a tensor of floats that is there already, so no loader is timed.
"""

import statistics
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as missing:
    print(
        f"no comparison with PyTorch: {missing}. It needs PyTorch (the figures are from 2.11): "
        "pip install torch==2.11.0 numpy, in an environment that DENTATE_PYTHON names",
        file=sys.stderr,
    )
    sys.exit(3)

torch.set_num_threads(1)
torch.manual_seed(0)

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1e-3),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-4),
    "fused": lambda p: torch.optim.Adam(p, lr=1e-4, fused=True),
}


def perceptron(widths):
    layers = []
    for a, b in zip(widths, widths[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def convnet():
    """For rows of 3 x 32 x 32 numbers."""
    layers = [nn.Unflatten(1, (3, 32, 32))]
    for a, b, pool in [(3, 32, nn.MaxPool2d(2)), (32, 64, nn.MaxPool2d(2)), (64, 64, nn.AdaptiveAvgPool2d(1))]:
        layers += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), pool]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64, 10))


class Work:
    """One piece of work: `step 784-256-256-10 64 adam`, `forward 784-256-256-10 500 none` or `step convnet 64 adam`."""

    def __init__(self, name, inputs, labels):
        kind, shape, batch, optimizer = name.split()
        self.model = convnet() if shape == "convnet" else perceptron([int(w) for w in shape.split("-")])
        self.batch, self.at = int(batch), 0
        self.inputs, self.labels = inputs, labels
        self.optimizer = OPTIMIZERS[optimizer](self.model.parameters()) if kind == "step" else None
        self.run = self.step if kind == "step" else self.forward

    def step(self):
        self.at = (self.at + self.batch) % (len(self.labels) - self.batch + 1)
        x = self.inputs[self.at : self.at + self.batch]
        y = self.labels[self.at : self.at + self.batch]
        self.optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(self.model(x), y).backward()
        self.optimizer.step()

    def forward(self):
        with torch.inference_mode():
            for x in self.inputs.split(self.batch):
                self.model(x)

    def times(self, iterations):
        for _ in range(2):
            self.run()
        each = []
        for _ in range(iterations):
            start = time.perf_counter()
            self.run()
            each.append(time.perf_counter() - start)
        return each


def serve():
    """Take turns: images first, then a line for each turn."""
    stream = sys.stdin.buffer
    rows, features = (int(n) for n in stream.readline().split())
    pixels = torch.frombuffer(bytearray(stream.read(rows * features)), dtype=torch.uint8)
    labels = torch.frombuffer(bytearray(stream.read(rows)), dtype=torch.uint8).long()
    inputs = pixels.view(rows, features).float() / 255.0
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} thread", flush=True)
    works = {}
    for line in stream:
        iterations, name = line.decode().strip().split(" ", 1)
        if name not in works:
            works[name] = Work(name, inputs, labels)
        print(" ".join(f"{t:.9f}" for t in works[name].times(int(iterations))), flush=True)


def table():
    inputs = torch.rand(10_000, 784) * (torch.rand(10_000, 784) < 0.2)
    pictures = torch.rand(1000, 3 * 32 * 32)
    labels = torch.arange(10_000) % 10
    online = "784-100-100-100-10"
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} thread, median seconds")
    for name, iterations in [
        ("step 784-256-256-10 64 adam", 300),
        ("step 784-256-256-10 64 fused", 300),
        ("step 784-64-64-10 16 adam", 500),
        ("step 784-64-64-10 16 fused", 500),
        ("step 784-1000-1000-10 256 adam", 40),
        ("step 784-1000-1000-10 256 fused", 40),
        (f"step {online} 1 sgd", 1000),
        (f"step {online} 1 adam", 1000),
        (f"step {online} 1 fused", 1000),
        ("forward 784-256-256-10 500 none", 20),
        ("step convnet 64 adam", 20),
        ("step convnet 64 fused", 20),
    ]:
        of = (pictures, labels[:1000]) if "convnet" in name else (inputs, labels)
        print(f"{name:40} {statistics.median(Work(name, *of).times(iterations)):.6f}")


if __name__ == "__main__":
    serve() if "--serve" in sys.argv[1:] else table()
