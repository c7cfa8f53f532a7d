"""The work of the suite `grow-to-size` in GroMo (Verbockhaven et al. 2024), on one thread of the CPU.

    python3 benches/peers/grow_to_size.py [MNIST.npz] [EPOCHS] [tiny|gradmax]

From 784-16-16-10 to 784-64-64-10 in twelve growths of eight units, the hidden layers by turns, one every 400 updates of 128 rows; Adam 1e-3. The
statistics of a growth are taken on 512 rows and the amplitude is searched on 128, as here. Without a file of MNIST (`x_train`, `y_train`, `x_test`,
`y_test`, as in Keras' `mnist.npz`) rows are drawn at random, which takes the same time. Beside it: `cargo xtask bench grow-to-size --only tiny`.
"""

import sys
import time

try:
    import numpy as np
    import torch
    from gromo.containers.growing_mlp import GrowingMLP
    from torch import nn
except ImportError as missing:
    print(f"no comparison with GroMo: {missing}. It needs `pip install gromo==0.1.0`, which brings PyTorch", file=sys.stderr)
    sys.exit(3)

torch.set_num_threads(1)
torch.manual_seed(0)

FAMILY = {
    "tiny": {"compute_delta": False, "use_covariance": True, "alpha_zero": False, "use_projection": True},
    "gradmax": {
        "compute_delta": False,
        "use_covariance": False,
        "alpha_zero": True,
        "use_projection": False,
        "ignore_singular_values": True,
    },
}
BATCH, EVERY, GROWTHS, UNITS = 128, 400, 12, 8


def rows(path):
    if path is None:
        return torch.rand(60_000, 784), torch.randint(10, (60_000,)), torch.rand(10_000, 784), torch.randint(10, (10_000,))
    data = np.load(path)
    pixels = [torch.tensor(data[x].reshape(-1, 784), dtype=torch.float32) / 255 for x in ("x_train", "x_test")]
    labels = [torch.tensor(data[y], dtype=torch.int64) for y in ("y_train", "y_test")]
    return pixels[0], labels[0], pixels[1], labels[1]


def grow(model, loss, inputs, labels, number, family):
    """One growth of the hidden layer whose turn it is: the layer above it gets the new inputs."""
    model.set_growing_layers(index=number % 2)
    model.init_computation()
    some = torch.randperm(len(inputs))[: 512 + BATCH]
    for part in some[:512].split(BATCH):
        model.zero_grad()
        loss(model(inputs[part]), labels[part]).backward()
        model.update_computation()
    # Without its threshold on singular values TINY adds fewer units than asked, and the network stays smaller than ours.
    model.compute_optimal_updates(maximum_added_neurons=UNITS, statistical_threshold=0.0, **family)
    model.reset_computation()
    model.dummy_select_update()
    tried = some[512:]
    best = (float("inf"), 0.0)
    with torch.no_grad():
        for exponent in range(-3, 5):
            factor = 2.0**exponent
            model.set_scaling_factor(factor)
            value = loss(model.extended_forward(inputs[tried]), labels[tried]).item()
            best = min(best, (value, factor))
    model.set_scaling_factor(best[1])
    model.apply_change()
    model.zero_grad()


def main():
    path = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].endswith(".npz") else None
    epochs = next((int(a) for a in sys.argv[1:] if a.isdigit()), 13)
    name = next((a for a in sys.argv[1:] if a in FAMILY), "tiny")
    inputs, labels, test, answers = rows(path)
    model = GrowingMLP(784, 10, 16, 2, activation=nn.ReLU(), device=torch.device("cpu"))
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    updates, growths, growing = 0, 0, 0.0
    started = time.perf_counter()
    for _ in range(epochs):
        for part in torch.randperm(len(inputs)).split(BATCH):
            optimizer.zero_grad()
            loss(model(inputs[part]), labels[part]).backward()
            optimizer.step()
            updates += 1
            if updates % EVERY == 0 and growths < GROWTHS:
                before = time.perf_counter()
                grow(model, loss, inputs, labels, growths, FAMILY[name])
                # Moments of the old weights are lost: the parameters are new tensors.
                optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
                growing += time.perf_counter() - before
                growths += 1
    taken = time.perf_counter() - started
    with torch.no_grad():
        right = (model(test).argmax(1) == answers).float().mean().item()
    widths = [layer.out_features for layer in model.layers]
    print(f"{name}: {updates} updates and {growths} growths to {widths} in {taken:.1f} s, {growing:.1f} s of it growing; {right:.2%} right")


if __name__ == "__main__":
    main()
