"""Write notebooks/ anew from chapters/, and CITATION.cff: run ``make notebooks``."""

from tools import build, citation
from tools.book import ROOT


def main() -> None:
    build.make()
    changed = build.synchronise(build.NOTEBOOKS / "repository", ROOT / "notebooks")
    citation.write()
    print(f"notebooks/ is up to date; changed: {', '.join(changed) or 'nothing'}")


if __name__ == "__main__":
    main()
