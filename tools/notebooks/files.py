"""Where the notebooks lie, and how a folder of them is brought up to date."""

import filecmp
import shutil
from pathlib import Path

from tools.execute import ROOT
from tools.notebooks.builder import NotebookBuilder

# Sphinx writes one folder for each edition below this one.
BUILT = ROOT / "_build" / NotebookBuilder.name
COMMITTED = ROOT / "notebooks"


def synchronise(built: Path, target: Path) -> list[str]:
    """Make `target` hold the notebooks of `built` and no other; return what changed."""
    target.mkdir(exist_ok=True)
    new, old = ({path.name for path in folder.glob("*.ipynb")} for folder in (built, target))
    same, *_ = filecmp.cmpfiles(built, target, new & old, shallow=False)
    for name in old - new:
        (target / name).unlink()
    for name in new - set(same):
        shutil.copyfile(built / name, target / name)
    return sorted(new ^ old | (new - set(same)))
