"""Run helpers.estimator beside tf.estimator: ``python -m tools.bench.estimator``.

tf.estimator needs an environment of its own, which is made in ``.cache/bench-estimator``
with Python 3.11. Each run has its own process, and the two sides take turns on the same
data. Two files are written: the table of the appendix, and what tf.estimator makes of every
weight in 200 steps, and of the circles with each seed, for the tests. With ``--reference``
only the latter is.

What limits it, in processor seconds of one training on an AMD EPYC in 2026: of 1.9 for the
circles, 0.4 go into building, compiling and saving, 0.4 into reading 5,000 batches, and 1.1
into the steps, 0.2 ms each. Of 2.5 for the pulses, 0.4 and 0.1 do, and 2.0 are the arithmetic
of 500 steps. Reading and arithmetic are those of the same TensorFlow on both sides.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from tqdm import tqdm

from helpers.generate import generate_circles, generate_pulses
from tools.bench.kept import a_line_each
from tools.book import ROOT

ENVIRONMENT = ROOT / ".cache" / "bench-estimator"
OLD_TENSORFLOW = "2.15.1"
TABLE = ROOT / "chapters" / "tables" / "bench_estimator.md"
REFERENCE = ROOT / "tests" / "helpers" / "estimator" / "reference.json"
SEEDS = range(20)
JOBS = ("circles", "pulses")
# Smallest, median and largest number. Other work on the machine disturbs the shortest time least.
TIME, RESULT = "{0:.2f} ({1:.2f})", "{1:.3f} ({0:.3f}–{2:.3f})"
MEASURES = {
    "train": ("training, s", min, TIME),
    "work": ("training, processor s", min, TIME),
    "evaluate": ("evaluation, s", min, TIME),
    "accuracy": ("accuracy", median, RESULT),
    "average_loss": ("average_loss", median, RESULT),
    "rmse": ("rmse", median, RESULT),
}


def make_environment() -> Path:
    """Return the Python that has tf.estimator, after making its environment if need be."""
    python, complete = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "complete"
    if not complete.exists():
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        uv = [Path(sys.executable).with_name("uv"), "--quiet"]
        subprocess.run([*uv, "venv", "--python", "3.11", ENVIRONMENT], check=True)
        packages = [f"tensorflow-cpu=={OLD_TENSORFLOW}", "numpy<2"]
        subprocess.run([*uv, "pip", "install", "--python", python, *packages], check=True)
        complete.touch()
    return python


def step_data() -> dict[str, np.ndarray]:
    """Return 400 points, labels of two and of three classes, and weights, without a random number.

    Of the noisy labels, which go with the weights, every seventh is wrong.
    """
    index = np.arange(400)
    angle = index * (3 - np.sqrt(5)) * np.pi
    inner = index % 2
    radius = np.where(inner, 0.6, 2.0) * (1 + 0.05 * np.sin(7 * index))
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    wrong = index % 7 == 0
    data = {"x": x, "weights": index % 5 / 2}
    for n_classes, y in {2: inner, 3: inner * (1 + (x[:, 1] > 0))}.items():
        data |= {f"y{n_classes}": y, f"noisy{n_classes}": (y + wrong) % n_classes}
    return data


def write_data(path: Path) -> None:
    """Write what both sides train on: 400 of 500 points, 6,000 of 10,000 pulses."""
    points, sides = generate_circles()
    traces, bins = generate_pulses()
    arrays = {f"steps_{name}": values for name, values in step_data().items()}
    for name, values, n_train in (
        ("circles_x", points.to_numpy(), 400),
        ("circles_y", sides.to_numpy(), 400),
        ("pulses_x", traces, 6000),
        ("pulses_y", bins, 6000),
    ):
        arrays |= {name: values[:n_train], f"{name}_test": values[n_train:]}
    np.savez(path, **arrays)


def run(python: Path | str, module: str, job: str, data: Path, seed: int) -> dict:
    """Run one job in a process of its own and return what it measured."""
    done = subprocess.run(
        [python, "-m", f"tools.bench.{module}", job, data, str(seed)],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{module} {job} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def measure(python: Path, data: Path) -> dict[str, list[tuple[dict, dict]]]:
    """Run both sides in turns, for each network and each seed."""
    both = (python, "tf_estimator_runs"), (sys.executable, "estimator_runs")
    turns = [(job, seed) for job in JOBS for seed in SEEDS]
    pairs = {job: [] for job in JOBS}
    for job, seed in tqdm(turns, desc="Runs of both sides"):
        pairs[job].append(tuple(run(*side, job, data, seed) for side in both))
    return pairs


def table_rows(pairs: dict[str, list[tuple[dict, dict]]]) -> list[tuple[str, str, str, str]]:
    """Return the rows of the table: what, tf.estimator's, this book's, and their ratio."""
    rows = []
    for job, runs in pairs.items():
        old, new = ([run | run["results"] for run in side] for side in zip(*runs, strict=True))
        for what in filter(old[0].__contains__, MEASURES):
            name, typical, form = MEASURES[what]
            both = [[run[what] for run in side] for side in (old, new)]
            texts = (form.format(min(side), median(side), max(side)) for side in both)
            before, now = map(typical, both)
            rows.append((f"{job}: {name}", *texts, f"{now / before:.2f}"))
    return rows


def table_text(rows: list[tuple[str, str, str, str]]) -> str:
    """Return the table in Markdown, with where and when it was made."""
    version = importlib.metadata.version
    heads = (
        f"{len(SEEDS)} seeds",
        f"tf.estimator (TensorFlow {OLD_TENSORFLOW})",
        f"helpers.estimator (TensorFlow {version('tensorflow')}, Keras {version('keras')})",
        "ratio",
    )
    lines = [heads, ("---",) * len(heads), *rows]
    return (
        "\n".join(f"| {' | '.join(line)} |" for line in lines)
        + "\n\nTimes are the shortest and, in brackets, the median; results are the median and "
        "the range. Ratios are of the shortest times and of the medians. "
        f"Made by `make bench-estimator` on {datetime.date.today():%-d %B %Y} with "
        f"{os.cpu_count()} cores ({platform.machine()}), both sides in turns on the same data.\n"
    )


def write_reference(python: Path, data: Path) -> None:
    """Write what tf.estimator makes of the tests' data, a line for each kind of run."""
    old = (python, "tf_estimator_runs")
    reference = run(*old, "steps", data, SEEDS[0])
    turns = tqdm(SEEDS, desc="Circles of tf.estimator")
    reference["circles"] = [run(*old, "circles", data, seed)["results"] for seed in turns]
    REFERENCE.write_text(a_line_each(reference), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", action="store_true", help="write what the tests need only")
    only_reference = parser.parse_args().reference
    python = make_environment()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.npz"
        write_data(data)
        write_reference(python, data)
        if not only_reference:
            TABLE.write_text(table_text(table_rows(measure(python, data))), encoding="utf-8")


if __name__ == "__main__":
    main()
