"""Run helpers.estimator beside tf.estimator: ``python -m tools.bench.estimator``.

tf.estimator needs an environment of its own, which is made in ``.cache/bench-estimator``
with Python 3.11. Each run has its own process, and the two sides take turns on the same
data. Two files are written: the table of the appendix, and what tf.estimator makes of every
weight in 200 steps, and of the circles with each seed, for the tests. With ``--reference``
only the latter is. Exits with an error if a target of speed is missed.
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
from functools import reduce
from operator import getitem
from pathlib import Path
from statistics import median

import numpy as np
from tqdm import tqdm

from helpers.generate import generate_circles, generate_pulses
from tools.book import ROOT

ENVIRONMENT = ROOT / ".cache" / "bench-estimator"
OLD_TENSORFLOW = "2.15.1"
TABLE = ROOT / "chapters" / "tables" / "bench_estimator.md"
REFERENCE = ROOT / "tests" / "helpers" / "estimator" / "reference.json"
SEEDS = range(20)
TIMES = {
    "train": "training, s",
    "work": "training, processor s",
    "evaluate": "evaluation, s",
}
MOST_TIME = {"circles": 0.5, "pulses": 1.0}


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


def step_data() -> tuple[np.ndarray, dict[int, np.ndarray]]:
    """Return 400 points, and labels of two and of three classes, without random numbers."""
    index = np.arange(400)
    angle = index * (3 - np.sqrt(5)) * np.pi
    inner = index % 2
    radius = np.where(inner, 0.6, 2.0) * (1 + 0.05 * np.sin(7 * index))
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return x, {2: inner, 3: inner * (1 + (x[:, 1] > 0))}


def write_data(path: Path) -> None:
    """Write what both sides train on: 400 of 500 points, 6,000 of 10,000 pulses."""
    points, sides = generate_circles()
    traces, bins = generate_pulses()
    arrays = {}
    for name, x, y, n_train in (
        ("circles", points.to_numpy(), sides.to_numpy(), 400),
        ("pulses", traces, bins, 6000),
    ):
        arrays |= {f"{name}_x": x[:n_train], f"{name}_y": y[:n_train]}
        arrays |= {f"{name}_x_test": x[n_train:], f"{name}_y_test": y[n_train:]}
    arrays["steps_x"], labels = step_data()
    arrays |= {f"steps_y{n_classes}": y for n_classes, y in labels.items()}
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
    turns = [(job, seed) for job in MOST_TIME for seed in SEEDS]
    pairs = {job: [] for job in MOST_TIME}
    for job, seed in tqdm(turns, desc="Runs of both sides"):
        pairs[job].append(tuple(run(*side, job, data, seed) for side in both))
    return pairs


def sides(pairs: list[tuple[dict, dict]], *keys: str) -> list[list[float]]:
    """Return one measured number of each run: the list of tf.estimator's, and this book's."""
    return [[reduce(getitem, keys, run) for run in runs] for runs in zip(*pairs, strict=True)]


def time_ratio(pairs: list[tuple[dict, dict]], what: str) -> float:
    """Return the ratio of the shortest times, which other work on the machine disturbs least."""
    old, new = map(min, sides(pairs, what))
    return new / old


def table_rows(pairs: dict[str, list[tuple[dict, dict]]]) -> list[tuple[str, str, str, str]]:
    """Return the rows of the table: what, tf.estimator's, this book's, and their ratio."""
    rows = []
    for job, runs in pairs.items():
        for what, name in TIMES.items():
            texts = [f"{min(times):.2f} ({median(times):.2f})" for times in sides(runs, what)]
            rows.append((f"{job}: {name}", *texts, f"{time_ratio(runs, what):.2f}"))
        for name in ("accuracy", "average_loss" if job == "circles" else "rmse"):
            both = sides(runs, "results", name)
            texts = [
                f"{median(values):.3f} ({min(values):.3f}–{max(values):.3f})" for values in both
            ]
            rows.append((f"{job}: {name}", *texts, f"{median(both[1]) / median(both[0]):.2f}"))
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
    lines = [f"{json.dumps(kind)}: {json.dumps(runs)}" for kind, runs in reference.items()]
    REFERENCE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def write_table(pairs: dict[str, list[tuple[dict, dict]]]) -> int:
    """Write the table of the appendix; return how many targets are missed."""
    text = table_text(table_rows(pairs))
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(text, encoding="utf-8")
    print(text)
    missed = 0
    for job, most in MOST_TIME.items():
        ratio = time_ratio(pairs[job], "train")
        missed += ratio > most
        print(f"{job}: training takes {ratio:.2f} of tf.estimator's time, target {most:.2f}")
    return missed


def main() -> int:
    """Measure, and write the reference and the table; return how many targets are missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", action="store_true", help="write what the tests need only")
    arguments = parser.parse_args()
    python = make_environment()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.npz"
        write_data(data)
        write_reference(python, data)
        return 0 if arguments.reference else write_table(measure(python, data))


if __name__ == "__main__":
    sys.exit(main())
