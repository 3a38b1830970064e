"""Write notebooks/ anew from chapters/: run ``make notebooks``."""

import filecmp
import shutil
from pathlib import Path

from tools import build
from tools.execute import ROOT
from tools.notebooks.builder import NotebookBuilder

BUILT = ROOT / "_build" / NotebookBuilder.name
COMMITTED = ROOT / "notebooks"


def render() -> None:
    """Let Sphinx write both editions below ``_build``, from the results in the cache."""
    shutil.rmtree(BUILT, ignore_errors=True)
    build.render("--builder", "custom", "--custom-builder", NotebookBuilder.name)


def synchronise(built: Path, target: Path) -> list[str]:
    """Make `target` hold the notebooks of `built` and no other; return the names that changed."""
    names = {folder: {path.name for path in folder.glob("*.ipynb")} for folder in (built, target)}
    for name in names[target] - names[built]:
        (target / name).unlink()
    written = [
        name
        for name in sorted(names[built])
        if name not in names[target] or not filecmp.cmp(built / name, target / name, shallow=False)
    ]
    for name in written:
        shutil.copyfile(built / name, target / name)
    return sorted([*written, *(names[target] - names[built])])


def main() -> None:
    build.check_space()
    build.execute()
    render()
    COMMITTED.mkdir(exist_ok=True)
    changed = synchronise(BUILT / "repository", COMMITTED)
    print(f"notebooks/ is up to date; changed: {', '.join(changed) or 'nothing'}")


if __name__ == "__main__":
    main()
