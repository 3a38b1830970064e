"""Write notebooks/ anew from chapters/: run ``make notebooks``."""

import shutil

from tools import build
from tools.notebooks.builder import NotebookBuilder
from tools.notebooks.files import BUILT, COMMITTED, synchronise


def main() -> None:
    build.check_space()
    build.execute()
    shutil.rmtree(BUILT, ignore_errors=True)
    build.render("--builder", "custom", "--custom-builder", NotebookBuilder.name)
    changed = synchronise(BUILT / "repository", COMMITTED)
    print(f"notebooks/ is up to date; changed: {', '.join(changed) or 'nothing'}")


if __name__ == "__main__":
    main()
