"""What all tests share: the network is off, and chapters in the making are left alone."""

import os

from tests.published import ADDRESS, CHAPTERS
from tools import editions
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
if not editions.is_instructors():
    collect_ignore.append("site/test_slides.py")


def pytest_collection_modifyitems(config, items):
    """Leave out what the book promises of itself, where a fork is tested."""
    if configured_url() != ADDRESS:
        ours = [item for item in items if item.get_closest_marker("ours")]
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]
