"""Repeat the long trainings of the chapter on coincidences: ``make bench-pulse``.

Trains the small network from ten seeds, as the course does and as the chapter does,
then the rungs of the ladder, and compares with the targets; about a quarter of an hour on
two cores that have nothing else to do. With
``python -m tools.bench.pulse_runs --write``, the results become ``data/pulse_runs.json`` and
``data/pulse_best.weights.h5``, which the chapter quotes.
Exits with an error if a target is missed.
"""

import argparse
import json
import sys
import time

import numpy as np
import pooch

from helpers.data import BOOK_FOLDERS
from tools.cells import run_cells

RUNS, WEIGHTS = "pulse_runs.json", "pulse_best.weights.h5"
SEEDS = range(10)
TEST_TRIPLETS, TEST_SEED = 20_000, 7
LADDER_SEED = 1
# The course's code on TensorFlow 2.15.1 with two cores, ten seeds: smallest and largest
# accuracy, and RMSE of the mean label.
COURSE = {"range": [[0.922, 0.948], [0.27, 1.36]]}
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


def timed(function, *arguments, **options):
    """Return a call's result, its seconds of wall time and of processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    result = function(*arguments, **options)
    seconds = {
        "seconds": time.perf_counter() - wall,
        "processor seconds": time.process_time() - processor,
    }
    return result, seconds


class Bench:
    """The chapter's definitions, and the trainings that the book quotes."""

    def __init__(self):
        self.book = run_cells("pulse_cnn", "define")
        self.fresh = self.book["generate_pulses"](TEST_TRIPLETS, seed=TEST_SEED)

    def scores(self, probabilities, labels):
        return self.book["scores"](probabilities, labels).tolist()

    def seeds(self, changes):
        """Train the small network from every seed; return scores, kernels and seconds."""
        book, runs = self.book, {"scores": [], "kernels": [], "seconds": []}
        for seed in SEEDS:
            pulse, seconds = timed(book["train_pulse"], seed, **changes)
            runs["seconds"].append(seconds["seconds"])
            probabilities = book["predict"](pulse, book["X_test"])[1]
            runs["scores"].append(self.scores(probabilities, book["y_test"]))
            runs["kernels"] += pulse.get_variable_value("conv1/kernel")[0, :, 0].T.tolist()
        return runs

    def small(self, name, changed, steps=500, fresh=False, **changes):
        """Train a network of two layers with the estimator."""
        book = self.book

        def fresh_batches():
            first_bin = book["offset"](book["params"] | changes)
            batches = book["fresh_batches"](LADDER_SEED, 500)
            return batches.map(lambda traces, labels: ({"X": traces}, labels - first_bin))

        input_fn = fresh_batches if fresh else book["train_batches"]
        pulse, seconds = timed(book["train_pulse"], LADDER_SEED, steps, input_fn, **changes)
        weights = [pulse.get_variable_value(variable) for variable in book["VARIABLES"]]
        return self.rung(
            name,
            changed,
            sum(array.size for array in weights),
            seconds,
            lambda traces: book["predict"](pulse, traces)[1],
        )

    def large(self, name, changed, steps=3000, seed=LADDER_SEED, batches=None, **network):
        """Train a deep network in plain Keras; return its rung and the network."""
        book = self.book
        book["keras"].utils.set_random_seed(seed)
        model = book["time_network"](**network)
        batches = batches or book["fresh_batches"](seed)
        model, seconds = timed(book["train_network"], model, batches, steps)

        def predict(traces):
            return book["probabilities"](model, traces)

        return self.rung(name, changed, model.count_params(), seconds, predict), model

    def rung(self, name, changed, parameters, seconds, predict):
        accuracy, rmse, within_one = self.scores(predict(self.fresh[0]), self.fresh[1])
        rung = {
            "name": name,
            "changed": changed,
            "parameters": int(parameters),
            **seconds,
            "accuracy": accuracy,
            "rmse": rmse,
            "within one": within_one,
            "test": self.scores(predict(self.book["X_test"]), self.book["y_test"]),
        }
        print(json.dumps(rung), flush=True)
        return rung

    def product(self):
        """Score the product of traces, which has nothing to learn."""

        def predict(traces):
            return np.eye(traces.shape[2])[self.book["found_by_template"](traces, 3)]

        free = {"seconds": 0.0, "processor seconds": 0.0}
        return self.rung("product", "no learning", 0, free, predict)

    def old_batches(self):
        """Repeat the 6,000 triplets of the training sample in batches of 128."""
        data = self.book["tf"].data.Dataset
        sample = data.from_tensor_slices((self.book["X_train"], self.book["y_train"]))
        return sample.shuffle(len(self.book["y_train"]), seed=LADDER_SEED).repeat().batch(128)

    def ladder(self):
        """Train every rung; return the rungs, the contrast without fresh data and the best."""
        long = {"steps": 3000, "decay_steps": 3000}
        rungs = [
            self.product(),
            self.small("course", "the course's settings", **AS_THE_COURSE),
            self.small("schedule", "rate 0.1, falling; zero-sum start"),
            self.small("steps", "3,000 steps instead of 500", **long),
            self.small("data", "fresh triplets in every step", fresh=True, **long),
            self.small("width", "16 filters of 7 and 11 bins", fresh=True, **long, **WIDE),
            self.large("depth", "five layers, batches of 128", times=False)[0],
            self.large("times", "an answer that speaks of times")[0],
        ]
        contrast = self.large("stale", "6,000 triplets", batches=self.old_batches())[0]
        best = {"steps": BEST["steps"], "seed": BEST["seed"], **BEST["network"]}
        top, model = self.large("long", "eight layers, 20,000 steps", **best)
        return [*rungs, top], contrast, model


def targets(course, ours, ladder):
    """Return rows of name, measured value, comparison and target."""
    accuracies, errors, _ = np.array(ours["scores"]).T
    minute = next(rung for rung in ladder if rung["name"] == "depth")
    best = ladder[-1]
    # The shortest times, which other work on the machine disturbs least.
    ratio = min(ours["seconds"]) / min(course["seconds"])
    return [
        ("51 parameters, mean accuracy", accuracies.mean(), "≥", 0.950),
        ("51 parameters, worst accuracy", accuracies.min(), "≥", 0.940),
        ("51 parameters, median RMSE", np.median(errors), "≤", 0.36),
        ("51 parameters, time / with the course's settings", ratio, "≤", 1.1),
        ("under a minute: accuracy", minute["accuracy"], "≥", 0.992),
        ("under a minute: RMSE", minute["rmse"], "≤", 0.09),
        ("under a minute: seconds", minute["seconds"], "≤", 60),
        ("best: accuracy", best["accuracy"], "≥", 0.997),
        ("best: RMSE", best["rmse"], "≤", 0.05),
    ]


def register(folder, names):
    """Note the files' new hashes in the folder's registry."""
    registry = folder / "registry.txt"
    others = [line for line in registry.read_text().splitlines() if line.split()[0] not in names]
    lines = others + [f"{name} {pooch.file_hash(folder / name)}" for name in names]
    registry.write_text("".join(f"{line}\n" for line in sorted(lines)))


def main():
    """Train all, print every result beside its target; return how many miss it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--write", action="store_true", help="replace the book's files")
    arguments = parser.parse_args()
    bench = Bench()
    course, ours = bench.seeds(AS_THE_COURSE), bench.seeds({})
    ladder, contrast, model = bench.ladder()
    missed = 0
    for name, value, comparison, target in targets(course, ours, ladder):
        met = value >= target if comparison == "≥" else value <= target
        missed += not met
        print(f"{'met   ' if met else 'MISSED'} {name}: {value:.4f} ({comparison} {target})")
    if arguments.write:
        runs = {"course": COURSE, "settings of the course": course, "seeds": ours}
        runs |= {"ladder": ladder, "stale": contrast, "best": BEST}
        folder = BOOK_FOLDERS[0]
        (folder / RUNS).write_text(json.dumps(runs, indent=1) + "\n")
        without_optimizer = bench.book["keras"].Model(model.inputs, model.outputs)
        without_optimizer.save_weights(folder / WEIGHTS)
        register(folder, (RUNS, WEIGHTS))
    return missed


if __name__ == "__main__":
    sys.exit(main())
