"""What all tests share: the network is off, and chapters in the making are left alone."""

import re

import pytest

from tools.execute import ROOT, chapters

pytest_plugins = ["tests.offline.plugin"]


def tests_of_drafts() -> list[str]:
    """Return the test files of chapters that are written but not in the contents yet."""
    names = []
    for path in set((ROOT / "chapters").glob("*.md")) - set(chapters()):
        prefix = re.search(r"^:label: (\w\w)-ex", path.read_text("utf-8"), re.MULTILINE)
        if prefix:
            stems = [f"test_{path.stem}", f"test_checks_{prefix[1]}", f"site/test_{path.stem}"]
            names += [f"{stem}.py" for stem in stems]
    return names


collect_ignore = tests_of_drafts()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the tests of a file on one worker, which trains once for all of them.

    Each notebook is run on its own, so whichever worker is free takes the next one.
    """
    for item in items:
        alone = item.path.name == "test_notebooks_run.py"
        group = item.name if alone else item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
