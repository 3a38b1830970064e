"""Write notebooks/ anew from chapters/, and CITATION.cff: run ``make notebooks``."""

import os

from tools import build, citation, editions
from tools.book import ROOT, notebook_path
from tools.editions import plans


def main() -> None:
    build.make()
    if editions.current() != editions.configured():
        page = editions.chosen_page()
        of_edition = editions.site() / "notebooks" / (notebook_path(page) if page else "")
        print(f"The notebooks are ready: {os.path.relpath(of_edition)}")
        return
    changed = build.synchronise(build.NOTEBOOKS / "repository", ROOT / "notebooks")
    citation.write()
    plans.write()
    print(f"notebooks/ is up to date; changed: {', '.join(changed) or 'nothing'}")


if __name__ == "__main__":
    main()
