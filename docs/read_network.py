#!/usr/bin/env python3
"""Read a network that Dentate has written, and run rows through it: NumPy alone.

    python3 read_network.py FOLDER                    list layers and heads
    python3 read_network.py FOLDER ROWS.npy OUT       write what each head puts out to OUT/head-ID.npy

FOLDER holds `graph.json` and `network.safetensors`. ROWS.npy has a row of values for each sample, as the network reads them: bytes
are to be scaled first, by `input.scaling` of `graph.json` where it is there (value * scale + offset).

A layer sums what its connections bring, adds its bias, normalises, activates and pools:

    h = pool(f(norm(b + sum over connections of W (g * h_from))))

Values of a layer are kept as [rows, units, height, width]; a plain layer has a height and a width of 1.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

EPSILON = 1e-5


def read_safetensors(path):
    """The tensors of a file by name: 8 bytes with the length of a JSON header, the header, the numbers."""
    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise ValueError(f"the tensor `{name}` is {entry['dtype']}, and F32 is needed")
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"])
    return tensors


def read(folder):
    """The graph and the tensors of a folder."""
    graph = json.loads((Path(folder) / "graph.json").read_text(encoding="utf-8"))
    if graph["format"] != 1:
        raise ValueError(f"graph.json is of format {graph['format']}, and format 1 is read here")
    return graph, read_safetensors(Path(folder) / "network.safetensors")


def activate(name, z):
    if name == "identity":
        return z
    if name in ("relu", "relu-live-at-zero"):
        return np.maximum(z, 0)
    if name == "leaky-relu":
        return np.where(z > 0, z, 0.01 * z)
    if name == "tanh":
        return np.tanh(z)
    if name == "sigmoid":
        return 0.5 * (1 + np.tanh(0.5 * z))
    if name == "softplus":
        return np.logaddexp(0, z)
    if name == "gelu":
        return z * 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))
    raise ValueError(f"there is no activation `{name}`")


def windows(h, window, fill):
    """[rows, units, height, width, kernel height, kernel width], with `fill` around the picture."""
    (kh, kw), (sh, sw), (ph, pw) = window["kernel"], window["stride"], window["padding"]
    h = np.pad(h, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=fill)
    seen = np.lib.stride_tricks.sliding_window_view(h, (kh, kw), axis=(2, 3))
    return seen[:, :, ::sh, ::sw]


def brought(connection, tensors, h):
    """What a connection brings to the layer that it leads to."""
    name = f"connection-{connection['id']}"
    if connection["gain"] != "none":
        # One factor, or one for each source unit.
        h = h * tensors[f"{name}/gain"].reshape(1, -1, 1, 1).astype(np.float64)
    link = connection["link"]
    if link == "direct":
        return h
    weight = tensors[f"{name}/weight"].astype(np.float64)
    if link == "dense":
        # Columns: source unit by source unit, position by position.
        return (h.reshape(len(h), -1) @ weight.T)[:, :, None, None]
    window, groups = link["convolution"]["window"], link["convolution"]["groups"]
    kernels = weight.reshape(len(weight), -1, *window["kernel"])
    seen = windows(h, window, 0.0)
    if groups == "depthwise":
        return np.einsum("ncyxhw,chw->ncyx", seen, kernels[:, 0])
    count = 1 if groups == "one" else groups["count"]
    parts = zip(np.split(seen, count, axis=1), np.split(kernels, count))
    return np.concatenate([np.einsum("ncyxhw,ochw->noyx", s, k) for s, k in parts], axis=1)


def normalise(layer, tensors, z):
    kind = layer["normalisation"]
    if kind == "none":
        return z
    name = f"layer-{layer['id']}"
    of = lambda what: tensors[f"{name}/{what}"].reshape(1, -1, 1, 1).astype(np.float64)
    if kind == "batch-norm":
        z = (z - of("mean")) / np.sqrt(of("variance") + EPSILON)
    else:
        width = z.shape[1]
        size = width if kind == "layer-norm" else min(max(kind["group-norm"], 1), width)
        parts = []
        for first in range(0, width, size):
            part = z[:, first : first + size]
            mean = part.mean(axis=(1, 2, 3), keepdims=True)
            variance = part.var(axis=(1, 2, 3), keepdims=True)
            parts.append((part - mean) / np.sqrt(variance + EPSILON))
        z = np.concatenate(parts, axis=1)
    return of("scale") * z + of("shift")


def pool(kind, h):
    if kind == "none":
        return h
    if kind == "global-max":
        return h.max(axis=(2, 3), keepdims=True)
    if kind == "global-average":
        return h.mean(axis=(2, 3), keepdims=True)
    if "max" in kind:
        return windows(h, kind["max"], -np.inf).max(axis=(4, 5))
    # Places outside of the picture do not count.
    window = kind["average"]
    inside = windows(np.ones_like(h), window, 0.0).sum(axis=(4, 5))
    return windows(h, window, 0.0).sum(axis=(4, 5)) / inside


def run(graph, tensors, rows):
    """What every layer puts out for these rows, by the layer's id: [rows, units, height, width]."""
    layers = {layer["id"]: layer for layer in graph["layers"]}
    into = {layer: [c for c in graph["connections"] if c["to"] == layer] for layer in layers}
    out, left = {}, set(layers)
    while left:
        # Whatever has all it needs.
        ready = sorted(i for i in left if all(c["from"] in out for c in into[i]))
        for i in ready:
            layer = layers[i]
            units, (height, width) = len(layer["units"]), layer["grid"]
            if layer["role"] == "input":
                out[i] = np.asarray(rows, dtype=np.float64).reshape(len(rows), units, height, width)
                continue
            z = np.zeros((len(rows), units, height, width))
            if layer["bias"]:
                z = z + tensors[f"layer-{i}/bias"].reshape(1, -1, 1, 1)
            for connection in into[i]:
                z = z + brought(connection, tensors, out[connection["from"]])
            out[i] = pool(layer["pool"], activate(layer["activation"], normalise(layer, tensors, z)))
        left -= set(ready)
    return out


def heads(graph):
    """Heads by the id of their layer: the task (None for one that serves all), and the class of each unit."""
    of = ((layer["id"], layer["role"]) for layer in graph["layers"])
    return {i: role["head"] for i, role in of if isinstance(role, dict)}


def main(arguments):
    if len(arguments) not in (1, 3):
        sys.exit(__doc__)
    graph, tensors = read(arguments[0])
    if len(arguments) == 1:
        for layer in graph["layers"]:
            print(layer["id"], layer["name"], len(layer["units"]), layer["activation"])
        for i, head in heads(graph).items():
            print("head", i, "task", head["task"], "classes", head["classes"])
        return
    out = run(graph, tensors, np.load(arguments[1]))
    folder = Path(arguments[2])
    folder.mkdir(parents=True, exist_ok=True)
    for i in heads(graph):
        np.save(folder / f"head-{i}.npy", out[i].reshape(len(out[i]), -1))


if __name__ == "__main__":
    main(sys.argv[1:])
