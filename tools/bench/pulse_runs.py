"""Repeat the trainings of the chapter on coincidences from ten seeds: ``make bench-pulse``.

Prints each result beside that which the chapter quotes. With
``python -m tools.bench.pulse_runs --write``, the results become ``data/pulse_runs.json``.
"""

import json
import sys

import pooch

from helpers.data import BOOK_FOLDERS
from tools.cells import run_cells

FOLDER = BOOK_FOLDERS[0]
RUNS = "pulse_runs.json"
SEEDS = range(10)
# The course's code on TensorFlow 2.15.1 with two cores, ten seeds: smallest and largest
# accuracy, and RMSE of the mean label.
COURSE = {"range": [[0.922, 0.948], [0.27, 1.36]]}


def train(seed):
    """Train the small network; return its scores and kernels."""
    book = run_cells("pulse_cnn", "define")
    pulse = book["train_pulse"](seed)
    probabilities = book["predict"](pulse, book["X_test"])[1]
    kernels = pulse.get_variable_value("conv1/kernel")[0, :, 0].T.tolist()
    return book["scores"](probabilities, book["y_test"]).tolist(), kernels


def results():
    """Return all that the chapter quotes."""
    runs = [train(seed) for seed in SEEDS]
    seeds = {
        "scores": [run[0] for run in runs],
        "kernels": [kernel for run in runs for kernel in run[1]],
    }
    return {"course": COURSE, "seeds": seeds}


def write(runs):
    """Replace the file of the book, and its hash in the folder's registry."""
    (FOLDER / RUNS).write_text(json.dumps(runs, indent=1) + "\n")
    registry = FOLDER / "registry.txt"
    hashes = dict(line.split() for line in registry.read_text().splitlines())
    hashes[RUNS] = pooch.file_hash(FOLDER / RUNS)
    registry.write_text("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)))


def main():
    runs, quoted = results(), json.loads((FOLDER / RUNS).read_text())
    pairs = zip(runs["seeds"]["scores"], quoted["seeds"]["scores"], strict=True)
    for seed, pair in enumerate(pairs):
        print(f"seed {seed}:", *("{:.4f} {:.3f}".format(*scores) for scores in pair), sep="  ")
    if sys.argv[1:] == ["--write"]:
        write(runs)


if __name__ == "__main__":
    main()
