"""Check the style of all code, the cells of the chapters included, and what it imports."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.book import ROOT, chapters, code_cells, read, without_magics
from tools.kinds import wrong_cells

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


def declared(*rooms: str | Path, groups: str = "") -> bool:
    """Tell whether pyproject.toml declares what rooms import, there or in groups, and no more."""
    options = [f"--non-dev-dependency-groups={groups}", "--exclude=.*/cells/"]
    command = [BIN / "deptry", *options, *rooms]
    result = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    print(result.stderr if result.returncode else "", end="", file=sys.stderr)
    return result.returncode == 0


def seen_as_they_should_be() -> bool:
    """Tell whether each chapter shows, folds and hides its cells; name those that are wrong."""
    faults = [fault for path in chapters() for fault in wrong_cells(path)]
    print("".join(f"{fault}\n" for fault in faults), end="", file=sys.stderr)
    return not faults


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
            seen_as_they_should_be(),
            declared("helpers", folder),
            declared("helpers", folder, "tools", groups="book"),
            declared("helpers", folder, "tools", "tests", groups="book,test"),
        ]
    if not all(fine):
        sys.exit("\nmake: The style checks found what stands above; `ruff format` mends layout.")


if __name__ == "__main__":
    main()
