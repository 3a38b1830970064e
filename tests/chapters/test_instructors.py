"""The instructors' guide names chapters, sections and exercises that exist.

The guide is about the chapters that were published with the book; a fork writes its own.
"""

import re

import pytest

from tests.published import CHAPTERS
from tools.book import ROOT, is_notebook

pytestmark = pytest.mark.ours
GUIDE = (ROOT / "instructors" / "README.md").read_text("utf-8")
PATHS = [ROOT / "chapters" / f"{name}.md" for name in CHAPTERS]
SOURCES = [path.read_text("utf-8") for path in PATHS if path.exists() and is_notebook(path)]
HEADINGS = [title for text in SOURCES for title in re.findall(r"^##? (.+)$", text, re.MULTILINE)]
EXERCISES = {
    title
    for text in SOURCES
    for title in re.findall(r"^`{3,}\{exercise\} (.+)$", text, re.MULTILINE)
}


def plan() -> list[list[str]]:
    """Return the cells of the weekly plan's rows."""
    table = GUIDE.partition("| Week |")[2].split("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


@pytest.mark.parametrize("row", plan(), ids=lambda row: f"week {row[0]}")
def test_the_weekly_plan_names_what_exists(row):
    _, reading, home = row
    for section in re.findall(r"\*(.+?)\*", reading):
        assert any(heading.startswith(section) for heading in HEADINGS), section
    for exercise in re.findall(r"\*(.+?)\*", home):
        assert exercise in EXERCISES


def test_each_chapter_has_its_part():
    titles = {text.split("\n# ", 1)[1].splitlines()[0] for text in SOURCES}
    parts = re.findall(r"^### (.+)$", GUIDE, re.MULTILINE)
    assert set(parts) == titles - {"From tf.estimator to Keras"}
