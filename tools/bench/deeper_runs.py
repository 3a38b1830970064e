"""Repeat the long trainings of the chapter on deeper networks: ``make bench-deeper``.

Trains the rungs of the ladder and prints each result beside that which the chapter quotes; about
a quarter of an hour on two cores that have nothing else to do. With
``python -m tools.bench.deeper_runs --write``, the results become ``data/deeper_runs.json`` and
``data/pulse_best.weights.h5``.
"""

import json
import sys
import time
from functools import partial

import keras
import numpy as np
import pooch

from helpers.data import BOOK_FOLDERS
from tools.cells import run_cells

FOLDER = BOOK_FOLDERS[0]
RUNS, WEIGHTS = "deeper_runs.json", "pulse_best.weights.h5"
TEST_TRIPLETS, TEST_SEED = 20_000, 7
LADDER_SEED = 1
AS_THE_COURSE = {
    "learning_rate": 0.01,
    "decay_steps": 10**9,
    "beta_2": 0.999,
    "conv1_start": "glorot_uniform",
}
WIDE = {"filters": 16, "conv1_width": 7, "conv2_width": 11, "conv1_start": "glorot_uniform"}
BEST = {
    "network": {"first": 8, "second": 32, "widths_first": [7, 5, 5, 5], "widths_second": [7, 5, 5]},
    "seed": 1,
    "steps": 20_000,
}


class Bench:
    """The chapters' definitions, and the trainings that the book quotes."""

    def __init__(self):
        self.book = run_cells("pulse_cnn", "define") | run_cells("deeper_networks", "define")
        self.fresh = self.book["generate_pulses"](TEST_TRIPLETS, seed=TEST_SEED)

    def scores(self, probabilities, labels):
        return self.book["scores"](probabilities, labels).tolist()

    def small(self, name, changed, steps=500, fresh=False, **changes):
        """Train a network of two layers with the estimator."""
        book = self.book

        def fresh_batches():
            first_bin = book["offset"](book["params"] | changes)
            batches = book["fresh_batches"](LADDER_SEED, 500)
            return batches.map(lambda traces, labels: ({"X": traces}, labels - first_bin))

        begun = time.process_time()
        input_fn = fresh_batches if fresh else book["train_batches"]
        pulse = book["train_pulse"](LADDER_SEED, steps, input_fn, **changes)
        size = sum(pulse.get_variable_value(each).size for each in book["VARIABLES"])
        return self.rung(
            name, changed, begun, size, lambda traces: book["predict"](pulse, traces)[1]
        )

    def large(self, name, changed, steps=3000, seed=LADDER_SEED, batches=None, **network):
        """Train a deep network in plain Keras, and keep it."""
        keras.utils.set_random_seed(seed)
        self.network = self.book["time_network"](**network)
        begun = time.process_time()
        self.book["train_network"](self.network, batches or self.book["fresh_batches"](seed), steps)
        predict = partial(self.book["probabilities"], self.network)
        return self.rung(name, changed, begun, self.network.count_params(), predict)

    def product(self):
        """Score the product of traces, which has nothing to learn."""

        def predict(traces):
            return np.eye(traces.shape[2])[self.book["found_by_template"](traces, 3)]

        return self.rung("product", "no learning", time.process_time(), 0, predict)

    def rung(self, name, changed, begun, size, predict):
        """Return what the training that has just ended took, and what its model scores."""
        seconds = time.process_time() - begun
        accuracy, rmse, _ = self.scores(predict(self.fresh[0]), self.fresh[1])
        rung = {
            "name": name,
            "changed": changed,
            "parameters": int(size),
            "processor seconds": seconds,
            "accuracy": accuracy,
            "rmse": rmse,
            "test": self.scores(predict(self.book["X_test"]), self.book["y_test"]),
        }
        print(json.dumps(rung), flush=True)
        return rung

    def old_batches(self):
        """Repeat the 6,000 triplets of the training sample in batches of 128."""
        data = self.book["tf"].data.Dataset
        sample = data.from_tensor_slices((self.book["X_train"], self.book["y_train"]))
        return sample.shuffle(len(self.book["y_train"]), seed=LADDER_SEED).repeat().batch(128)

    def ladder(self):
        """Train every rung, the best last."""
        long = {"steps": 3000, "decay_steps": 3000}
        best = {"steps": BEST["steps"], "seed": BEST["seed"], **BEST["network"]}
        return [
            self.product(),
            self.small("course", "the course's settings", **AS_THE_COURSE),
            self.small("schedule", "rate 0.1, falling; zero-sum start"),
            self.small("steps", "3,000 steps instead of 500", **long),
            self.small("data", "fresh triplets in every step", fresh=True, **long),
            self.small("width", "16 filters of 7 and 11 bins", fresh=True, **long, **WIDE),
            self.large("depth", "five layers, batches of 128", times=False),
            self.large("times", "an answer that speaks of times"),
            self.large("long", "eight layers, 20,000 steps", **best),
        ]

    def results(self):
        """Return all that the chapter quotes; the network that is kept is the best."""
        stale = self.large("stale", "6,000 triplets", batches=self.old_batches())
        return {"stale": stale, "ladder": self.ladder(), "best": BEST}


def compare(quoted, found):
    """Print accuracy and RMSE of each rung, beside those that the chapter quotes."""
    for pair in zip(found["ladder"], quoted["ladder"], strict=True):
        scores = ("{accuracy:.4f} {rmse:.3f}".format_map(rung) for rung in pair)
        print(f"{pair[0]['name']}:", *scores, sep="  ")


def write(runs, network):
    """Replace the files of the book, and their hashes in the folder's registry."""
    (FOLDER / RUNS).write_text(json.dumps(runs, indent=1) + "\n")
    without_optimizer = keras.Model(network.inputs, network.outputs)
    without_optimizer.save_weights(FOLDER / WEIGHTS)
    registry = FOLDER / "registry.txt"
    hashes = dict(line.split() for line in registry.read_text().splitlines())
    hashes |= {name: pooch.file_hash(FOLDER / name) for name in (RUNS, WEIGHTS)}
    registry.write_text("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)))


def main():
    bench = Bench()
    runs = bench.results()
    compare(json.loads((FOLDER / RUNS).read_text()), runs)
    if sys.argv[1:] == ["--write"]:
        write(runs, bench.network)


if __name__ == "__main__":
    main()
