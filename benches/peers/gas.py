"""A straightforward growing neural gas in NumPy, to compare `cargo bench -p dentate-benches --bench maps` with.

Needs Python 3.9 or later and NumPy (1.24 or later was tried). Run `python3 benches/peers/gas.py`. To compare like with like, let
NumPy use one thread: `OMP_NUM_THREADS=1`.
"""

import time

import numpy as np

UNITS, FEATURES, SIGNALS, WARM = 500, 784, 10_000, 2_500


def main():
    random = np.random.default_rng(1)
    centres = random.random((50, FEATURES), dtype=np.float32)
    rows = centres[np.arange(2000) % 50] + 0.2 * (random.random((2000, FEATURES), dtype=np.float32) - 0.5)
    places = rows[:2].copy()
    errors = np.zeros(2)
    edges = {(0, 1): 0}

    def neighbours(unit):
        return [b if a == unit else a for a, b in edges if unit in (a, b)]

    def join(a, b):
        edges[min(a, b), max(a, b)] = 0

    started = None
    for t in range(1, WARM + SIGNALS + 1):
        if t == WARM + 1:
            started = time.perf_counter()
        x = rows[t % len(rows)]
        squared = ((places - x) ** 2).sum(axis=1)
        first, second = np.argpartition(squared, 1)[:2]
        if squared[second] < squared[first]:
            first, second = second, first
        errors[first] += squared[first]
        places[first] += 0.2 * (x - places[first])
        for n in neighbours(first):
            edges[min(first, n), max(first, n)] += 1
            places[n] += 0.006 * (x - places[n])
        join(int(first), int(second))
        for edge in [e for e, age in edges.items() if age > 1000]:
            del edges[edge]
        if t % 4 == 0 and len(places) < UNITS:
            q = int(errors.argmax())
            f = max(neighbours(q), key=lambda n: errors[n])
            places = np.vstack([places, (places[q] + places[f]) / 2])
            errors[[q, f]] *= 0.5
            errors = np.append(errors, errors[q])
            edges.pop((min(q, f), max(q, f)), None)
            join(q, len(places) - 1)
            join(f, len(places) - 1)
        errors *= 0.995
    taken = time.perf_counter() - started
    print(f"{len(places)} units, {taken / SIGNALS * 1e6:.1f} µs a signal, {taken:.2f} s for {SIGNALS:,}")


if __name__ == "__main__":
    main()
