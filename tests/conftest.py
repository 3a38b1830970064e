"""What all tests share: the network is off, and chapters in the making are left alone."""

import os

import pytest

from tests.published import ADDRESS, CHAPTERS
from tools.book import ROOT, configured_url, pages, source
from tools.execute import kernel_environment

pytest_plugins = ["tests.offline"]
# The processes that tests start find what the kernels of the book find.
os.environ.update(kernel_environment())


def tests_of_what_is_left_out() -> list[str]:
    """Return the test files of chapters that are not, or no longer, in the contents."""
    chapters = {path.stem for path in (ROOT / "chapters").glob("*.md")}.union(CHAPTERS)
    left_out = chapters - {source(page).stem for page in pages()}
    folders = ["chapters", "helpers/checks", "site"]
    return [f"{folder}/test_{name}.py" for name in left_out for folder in folders]


collect_ignore = tests_of_what_is_left_out()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Keep the tests of a file on one worker, which trains once for all of them.

    Each notebook is run on its own, so whichever worker is free takes the next one. A fork has
    not made the book's own promises.
    """
    if configured_url() != ADDRESS:
        ours = [item for item in items if item.get_closest_marker("ours")]
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]
    for item in items:
        alone = item.path.relative_to(ROOT).as_posix() == "tests/notebooks/test_run.py"
        group = item.name if alone else item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
