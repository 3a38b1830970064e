"""Write notebooks/ anew from chapters/: run ``make notebooks``."""

from tools import build
from tools.book import ROOT


def main() -> None:
    build.make()
    changed = build.synchronise(build.NOTEBOOKS / "repository", ROOT / "notebooks")
    print(f"notebooks/ is up to date; changed: {', '.join(changed) or 'nothing'}")


if __name__ == "__main__":
    main()
