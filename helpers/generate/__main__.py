"""Write the book's data files: ``python -m helpers.generate``."""

import argparse
from pathlib import Path

from helpers.generate.tables import write_data


def main(arguments: list[str] | None = None) -> None:
    """Write the files into a folder and say which; end with one sentence if that fails."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.generate",
        description="Write the book's data files and registry.txt.",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        default=Path(__file__).resolve().parents[2] / "data",
        help="an existing folder (default: %(default)s)",
    )
    folder = parser.parse_args(arguments).folder
    try:
        written = write_data(folder)
    except OSError as error:
        parser.exit(1, f"{error}\n")
    print(f"{folder}: wrote {', '.join(written)}." if written else f"{folder}: up to date.")


if __name__ == "__main__":
    main()
