"""What all tests share: the network is off, and chapters in the making are left alone."""

import os

import pytest

from tools.book import ROOT, pages, source
from tools.execute import kernel_environment

pytest_plugins = ["tests.offline"]
# The processes that tests start find what the kernels of the book find.
os.environ.update(kernel_environment())


def tests_of_drafts() -> list[str]:
    """Return the test files of chapters that are written but not in the contents yet."""
    drafts = set((ROOT / "chapters").glob("*.md")) - set(map(source, pages()))
    folders = ["chapters", "helpers/checks", "site"]
    return [f"{folder}/test_{path.stem}.py" for path in drafts for folder in folders]


collect_ignore = tests_of_drafts()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the tests of a file on one worker, which trains once for all of them.

    Each notebook is run on its own, so whichever worker is free takes the next one.
    """
    for item in items:
        alone = item.path.relative_to(ROOT).as_posix() == "tests/notebooks/test_run.py"
        group = item.name if alone else item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
