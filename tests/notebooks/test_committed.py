"""The notebooks of the book: up to date, complete and readable."""

import base64
import hashlib
import io
import re
import shutil

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.notebooks import prose
from tests.notebooks.running import build_notebooks, read
from tools import book, editions
from tools.book import ROOT, chapters
from tools.build import APART
from tools.notebooks import checker, compare
from tools.notebooks.origin import committed

NAMES = [path.relative_to(ROOT).with_suffix("").as_posix() for path in chapters()]
SITE = ROOT / "_build" / "html"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """Write the notebooks anew from what `make book` has read and the results in the cache."""
    folder = tmp_path_factory.mktemp("rebuilt")
    shutil.copytree(APART / "_build" / ".doctrees", folder / "_build" / ".doctrees")
    return build_notebooks(ROOT, folder, MARK_GLUED="1") / "repository"


def path(name):
    return ROOT / "notebooks" / book.notebook_path(name)


def stored(name):
    return read(path(name))


def source(name):
    return book.source(name).read_text("utf-8")


def frame(notebook):
    """Return what must be equal: all but the outputs, and the prose, which quotes results."""
    return notebook.metadata, [
        cell | {"outputs": []} if cell.cell_type == "code" else "prose" for cell in notebook.cells
    ]


def with_pixels(text):
    """Return a text that says what its drawings show, not how they are compressed."""

    def pixels(address):
        picture = Image.open(io.BytesIO(base64.b64decode(address[1]))).convert("RGB")
        return hashlib.sha256(picture.tobytes()).hexdigest()

    return re.sub(r"data:image/png;base64,([\w+/=]+)", pixels, text)


def test_each_chapter_has_its_notebook():
    assert set((ROOT / "notebooks").rglob("*.ipynb")) == set(map(path, NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_what_make_notebooks_writes(rebuilt, name):
    """Results may differ within the tolerance, since another processor rounds otherwise."""
    new, old = read(rebuilt / book.notebook_path(name)), stored(name)
    assert frame(old) == frame(new), "run: make notebooks"
    for one, other in zip(old.cells, new.cells, strict=True):
        if one.cell_type == "markdown":
            texts = map(with_pixels, (one.source, other.source))
            assert compare.prose_agrees(*texts), "run: make notebooks"
        outputs = one.get("outputs", []), other.get("outputs", [])
        assert compare.difference(*outputs, compare.tolerance(one)) is None, "run: make notebooks"


@pytest.mark.parametrize("name", NAMES)
def test_notebook_reads_as_plain_markdown_whose_links_lead_somewhere(name):
    assert list(checker.problems(stored(name))) == []
    assert checker.dead_ends(stored(name), committed(), SITE, ROOT) == []


@pytest.mark.parametrize("name", NAMES)
def test_prose_is_that_of_the_page(rebuilt, name):
    page = (SITE / f"{name}.html").read_text("utf-8")
    shown = prose.of_notebook(read(rebuilt / book.notebook_path(name)))
    assert re.sub("|".join(compare.MARKS), "", shown) == prose.of_page(page)


@pytest.mark.parametrize("name", NAMES)
def test_no_solution_is_in_the_notebook(name):
    page = BeautifulSoup((SITE / f"{name}.html").read_text("utf-8"), "html.parser")
    text = re.sub(r"\s+", "", str([cell.source for cell in stored(name).cells]))
    assert len(page.select(".solution")) == len(editions.shown_solutions(name))
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
