"""What long trainings leave in the book's folder of data: with what it was made, and its hash."""

import datetime
import importlib.metadata
import platform
from pathlib import Path

import pooch

from helpers.data import BOOK_FOLDERS

FOLDER = BOOK_FOLDERS[0]


def machine(command: str) -> dict[str, str]:
    """Return what the results were made with."""
    versions = {name: importlib.metadata.version(name) for name in ("keras", "tensorflow", "numpy")}
    made = {"command": command, "date": f"{datetime.date.today():%-d %B %Y}"}
    return made | {"machine": f"one thread, {platform.machine()}", **versions}


def write_hashes(*files: Path) -> None:
    """Replace the hashes of these files in the registry of their folder."""
    for file in files:
        registry = file.with_name("registry.txt")
        hashes = dict(line.split() for line in registry.read_text().splitlines())
        hashes[file.name] = pooch.file_hash(file)
        registry.write_text("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)))
