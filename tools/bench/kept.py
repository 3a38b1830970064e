"""What long trainings leave in the book's folder of data: with what it was made, and its hash."""

import datetime
import importlib.metadata
import json
import platform
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pooch
import tensorflow as tf

from helpers.data import BOOK_FOLDERS
from tools.cells import Chapter, run_cells

FOLDER = BOOK_FOLDERS[0]


class Kept:
    """A file of results, which is written after each of them."""

    def __init__(self, name: str, command: str):
        self.path, self.command = FOLDER / name, command

    @property
    def runs(self) -> dict:
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def made(self) -> dict[str, str]:
        """Return with what the results are made, which must be what those before were made with."""
        return machine(self.command, self.runs.get("made"))

    def write(self, **studies) -> None:
        """Replace studies, and say with what they were made."""
        runs = self.runs | {"made": self.made()} | studies
        self.path.write_text(a_line_each(runs), encoding="utf-8")
        write_hashes(self.path)

    def add(self, study: str, name: str, seed: object, measure: Callable) -> None:
        """Measure and keep a result, unless it is there, so that a run that was stopped goes on."""
        rows = self.runs.get(study, {})
        if str(seed) in rows.get(name, {}):
            return
        self.made()  # Refuses other versions before the work and not after it.
        result = measure()
        rows = self.runs.get(study, {})
        rows.setdefault(name, {})[str(seed)] = result
        self.write(**{study: rows})
        print(study, name, seed, as_text(result)[:120], flush=True)


def as_text(result: object) -> str:
    """Return a result as JSON, in which arrays are lists of rounded numbers."""
    return json.dumps(result, default=lambda value: np.round(value, 4).tolist())


def a_line_each(results: dict) -> str:
    """Return results as JSON, a line for each name, so that a difference shows what it changes."""
    lines = [f"{json.dumps(name)}: {as_text(result)}" for name, result in results.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def functions_of(page: str) -> Chapter:
    """Return what a page defines; TensorFlow is left one thread, as in the times that are told."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return run_cells(page, "define")


def machine(command: str, before: dict[str, str] | None = None) -> dict[str, str]:
    """Return what results were made with, which must be what those `before` them were made with.

    One stamp stands for all results of a file, so the date says when the first and the last came.
    """
    today = f"{datetime.date.today():%-d %B %Y}"
    versions = {name: importlib.metadata.version(name) for name in ("keras", "tensorflow", "numpy")}
    made = {"machine": f"one thread, {platform.machine()}", **versions}
    before = before or {"date": today, **made}
    for name, value in made.items():
        if before[name] != value:
            raise ValueError(f"{name} was {before[name]}, is {value}: delete the file, begin anew.")
    first = before["date"].split(" to ")[0]
    date = today if first == today else f"{first} to {today}"
    return {"command": command, "date": date, **made}


def made_on() -> str:
    """Return in a phrase what the results were made with."""
    return "{machine}, TensorFlow {tensorflow}, Keras {keras}".format(**machine(""))


def write_hashes(*files: Path) -> None:
    """Replace the hashes of these files in the registry of their folder."""
    for file in files:
        registry = file.with_name("registry.txt")
        hashes = dict(line.split() for line in registry.read_text().splitlines())
        hashes[file.name] = pooch.file_hash(file)
        registry.write_text("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)))
