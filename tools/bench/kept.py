"""What long trainings leave in the book's folder of data: with what it was made, and its hash."""

import datetime
import importlib.metadata
import platform
from pathlib import Path

import pooch

from helpers.data import BOOK_FOLDERS

FOLDER = BOOK_FOLDERS[0]


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


def write_hashes(*files: Path) -> None:
    """Replace the hashes of these files in the registry of their folder."""
    for file in files:
        registry = file.with_name("registry.txt")
        hashes = dict(line.split() for line in registry.read_text().splitlines())
        hashes[file.name] = pooch.file_hash(file)
        registry.write_text("".join(f"{name} {hashes[name]}\n" for name in sorted(hashes)))
