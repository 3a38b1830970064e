"""Measure how far results scatter from seed to seed: ``python -m tests.chapters.bands CHAPTER``.

Runs the chapter's tests of trained networks with the seeds 0 to 19, which nobody picked, and
prints what they measure. With ``--write`` the numbers go into ``tests/chapters/bands.csv``, and
from then on the tests, which train with the first seeds only, hold their results against them.
"""

import argparse
import sys
from collections import defaultdict

import pandas as pd
import pytest

from tools.book import ROOT

BANDS = ROOT / "tests" / "chapters" / "bands.csv"


class Bands:
    """A plugin of pytest that runs the tests that ask for a seed and keeps what they measure."""

    __name__ = "bands"

    def __init__(self, n_seeds: int):
        self.n_seeds = n_seeds
        self.values = defaultdict(list)

    def note(self, quantity: str, value: float) -> float:
        self.values[quantity].append(float(value))
        return value

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if "seed" in item.fixturenames]

    def table(self, chapter: str) -> pd.DataFrame:
        values = pd.DataFrame({name: pd.Series(each) for name, each in self.values.items()})
        table = values.agg(["mean", "std", "min", "max"]).T.map(lambda value: float(f"{value:.4g}"))
        table = table.set_axis(["mean", "deviation", "least", "most"], axis=1)
        return table.rename_axis("quantity").reset_index().assign(chapter=chapter)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("chapter", help="a chapter's name, such as recurrent")
    parser.add_argument("--seeds", type=int, default=20, help="how many, for a trial")
    parser.add_argument("--write", action="store_true", help="replace the chapter's bands")
    arguments = parser.parse_args()
    bands = Bands(arguments.seeds)
    test = ROOT / "tests" / "chapters" / f"test_{arguments.chapter}.py"
    failed = pytest.main(["-q", str(test)], plugins=[bands])
    table = bands.table(arguments.chapter)
    print(table.drop(columns="chapter").to_string(index=False))
    if arguments.write and not failed:
        others = pd.read_csv(BANDS)
        others = others[others["chapter"] != arguments.chapter]
        columns = ["chapter", "quantity", "mean", "deviation", "least", "most"]
        rows = [*others[columns].to_numpy(), *table[columns].to_numpy()]
        pd.DataFrame(rows, columns=columns).sort_values("chapter", kind="stable").to_csv(
            BANDS, index=False
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
