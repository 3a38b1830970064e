"""The notebooks of the book: up to date, complete and readable."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.notebooks import prose
from tests.notebooks.running import build_notebooks, read
from tools.execute import ROOT, chapters
from tools.notebooks import checker, compare
from tools.notebooks.edition import committed

NAMES = [path.stem for path in chapters()]
SITE = ROOT / "_build" / "html"
MOST_BYTES = 200_000


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """Build the notebooks anew from the chapters and the results in the cache."""
    return build_notebooks(ROOT, tmp_path_factory.mktemp("rebuilt")) / "repository"


def stored(name):
    return read(ROOT / "notebooks" / f"{name}.ipynb")


def source(name):
    return (ROOT / "chapters" / f"{name}.md").read_text("utf-8")


def without_outputs(notebook):
    return [
        (cell.id, cell.cell_type, cell.source, cell.metadata, cell.get("execution_count"))
        for cell in notebook.cells
    ]


def test_each_chapter_has_its_notebook():
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_what_make_notebooks_writes(rebuilt, name):
    """Outputs may differ within the tolerance, since another processor rounds otherwise."""
    new, old = read(rebuilt / f"{name}.ipynb"), stored(name)
    assert without_outputs(old) == without_outputs(new), "run: make notebooks"
    assert old.metadata == new.metadata
    for one, other in zip(old.cells, new.cells, strict=True):
        outputs = one.get("outputs", []), other.get("outputs", [])
        assert compare.difference(*outputs, compare.tolerance(one)) is None, "run: make notebooks"


@pytest.mark.parametrize("name", NAMES)
def test_notebook_reads_as_plain_markdown(name):
    assert list(checker.problems(stored(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_links_and_images_lead_somewhere(name):
    assert checker.dead_ends(stored(name), committed(), SITE, ROOT) == []


@pytest.mark.parametrize("name", NAMES)
def test_prose_is_that_of_the_page(name):
    page = (SITE / "chapters" / f"{name}.html").read_text("utf-8")
    assert prose.of_notebook(stored(name)) == prose.of_page(page)


@pytest.mark.parametrize("name", NAMES)
def test_no_solution_is_in_the_notebook(name):
    page = BeautifulSoup((SITE / "chapters" / f"{name}.html").read_text("utf-8"), "html.parser")
    text = re.sub(r"\s+", "", str([cell.source for cell in stored(name).cells]))
    assert len(page.select(".solution")) == source(name).count("{solution-start}")
    for solution in page.select(".solution p, .solution pre, .tag_solution pre"):
        words = re.sub(r"\s+", "", solution.get_text())
        assert len(words) < 20 or words not in text


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_keeps_its_answer_cell_and_its_check(name):
    labels = re.findall(r"^`{3,}\{exercise\}.*\n:label: (\S+)", source(name), re.MULTILINE)
    answers = [
        cell.source for cell in stored(name).cells if "answer" in cell.metadata.get("tags", [])
    ]
    for label in labels:
        assert any(f'check("{label}"' in answer for answer in answers), label


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_text_and_small(name):
    path = ROOT / "notebooks" / f"{name}.ipynb"
    assert "image/" not in path.read_text("utf-8")
    assert path.stat().st_size < MOST_BYTES
