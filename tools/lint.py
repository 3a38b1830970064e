"""Check the style of all code, the cells of the chapters included, and what it imports."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.book import ROOT, chapters, code_cells, read, without_magics

BIN = Path(sys.executable).parent
# A cell imports where the idea comes up and shows a value by naming it; the appendix
# imports what the snippets of its tables use.
CELL_RULES = ["--ignore", "B015,B018,E402", "--per-file-ignores", "estimator_to_keras.py:F401"]
# What a page shows on a small laptop without scrolling.
CELL_WIDTH = ["--line-length", "79"]


def write_cells(folder: Path) -> None:
    """Write each chapter's cells as one script, with its own name, and each cell alone."""
    (folder / "cells").mkdir()
    for path in chapters():
        sources = [without_magics(cell.source).strip() for cell in code_cells(read(path))]
        (folder / f"{path.stem}.py").write_text("\n\n".join(sources) + "\n", "utf-8")
        for number, source in enumerate(sources, 1):
            name = f"cell {number} of {path.stem}.py"
            (folder / "cells" / name).write_text(source + "\n", "utf-8")


def ruff(*arguments: str | Path) -> bool:
    return subprocess.run([BIN / "ruff", *arguments], cwd=ROOT).returncode == 0


def imports_are_declared(chapters: Path) -> bool:
    """Check that what each room imports stands in its group of pyproject.toml, and no more."""
    rooms = {"": ["helpers", chapters], "book": ["tools"], "book,test": ["tests"]}
    fine, scanned = True, []
    for groups, folders in rooms.items():
        scanned += folders
        options = ["--exclude=nothing", "--extend-exclude=.*/cells/", f"-nddg={groups}"]
        result = subprocess.run(
            [BIN / "deptry", *options, *scanned], cwd=ROOT, capture_output=True, text=True
        )
        if result.returncode:
            fine = False
            print(result.stderr)
    return fine


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_cells(folder)
        config = ["--config", ROOT / "pyproject.toml"]
        fine = [
            ruff("check", "-q", "."),
            ruff("format", "-q", "--check", "."),
            ruff("check", "-q", *config, *CELL_RULES, *CELL_WIDTH, *folder.glob("*.py")),
            ruff("format", "-q", "--check", *config, *CELL_WIDTH, folder / "cells"),
            imports_are_declared(folder),
        ]
    if not all(fine):
        sys.exit("\nmake: The style checks found what stands above; `ruff format` mends layout.")


if __name__ == "__main__":
    main()
