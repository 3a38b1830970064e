"""What each edition holds when it is built: of the students', every byte is searched.

A marker is planted into each solution, its text, its code and what it printed, and into each
note and slide. One exercise's day has come, so its marker has to be found, and no other.
"""

import io
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from types import SimpleNamespace

import pytest
import yaml
from pypdf import PdfReader

from tests.notebooks.running import python_environment
from tests.tools.test_fork import NOT_COPIED, edit
from tools import book, editions
from tools.book import ROOT

pytestmark = pytest.mark.ours
RELEASED = editions.exercises()[0]
HELD_BACK = editions.exercises()[1:]
SOLUTION = re.compile(
    r"(^`{3,}\{solution-start\} (\S+)\n(?::[^\n]*\n)*`{3,}\n)(.*?)(?=^`{3,}\{solution-end\})",
    re.MULTILINE | re.DOTALL,
)
CELL = re.compile(r"(^```\{code-cell\}.*\n(?::.*\n|---\n(?:.*\n)*?---\n)?)", re.MULTILINE)
NOTE = re.compile(r"^(```\{teaching-note\}.*\n(?::[\w-]+:.*\n)*)", re.MULTILINE)
SLIDE = re.compile(r"^(```\{slide\}.*)", re.MULTILINE)
# Runs in the copy: gives each page that is marked the results of the page as it was.
KEEP_RESULTS = """
import sys
from pathlib import Path
from nbformat.v4 import new_output
from jupyter_cache.base import CacheBundleIn
from tools import book, execute, stale
old = Path(sys.argv[1])
with execute.opened(execute.CACHE) as cache:
    for path in book.chapters():
        name = path.relative_to(book.ROOT).as_posix()
        before, after = book.read(old / name), book.read(path)
        data = cache.match_cache_notebook(before).data
        results = cache.merge_match_into_notebook(before)[1]
        for cell, result in zip(after.cells, results.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = result.outputs, result.execution_count
                marks = [one for one in cell.source.split() if one.startswith("zqmark")]
                text = " ".join(marks)
                cell.outputs += [new_output("stream", name="stdout", text=text)] * bool(marks)
        data["needs"] = stale.results(name, after)
        bundle = CacheBundleIn(after, str(path), data=data)
        cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
"""


def mark(text):
    """Plant markers into the solutions, the notes and the slides of a page."""

    def mark_solution(match):
        planted = marker(match[2])
        inside = CELL.sub(rf"\g<1># {planted}\n", match[3])
        return f"{match[1]}\n{planted}\n{inside}"

    marked = SOLUTION.sub(mark_solution, text)
    marked = NOTE.sub(r"\1\n:Live: zqmarkt\n", marked)
    return SLIDE.sub(r"\1 zqmarkt", marked)


def marker(exercise):
    return f"zqmark{exercise}x".replace("-", "")


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Mark a copy of the book, with results for all that it shows, and build for students."""
    folder = tmp_path_factory.mktemp("marked") / "book"
    shutil.copytree(ROOT, folder, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
    shutil.copytree(ROOT / "_build" / ".jupyter_cache", folder / "_build" / ".jupyter_cache")

    def run(*command, **variables):
        done = subprocess.run(
            [sys.executable, *command],
            env=python_environment() | {"PYTHONPATH": str(folder)} | variables,
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    for page in book.pages():
        path = folder / f"{page}.md"
        path.write_text(mark(path.read_text("utf-8")), "utf-8")
    edit(folder / "_config.yml", lambda settings: settings.update(dates()))
    run("-c", KEEP_RESULTS, str(ROOT))
    said = run("-m", "tools.build", EDITION="student")
    run("-m", "tools.site.pdf", EDITION="student")
    run("-m", "tools.site.pdf", EDITION="student", PAGE=book.pages()[0])
    site = folder / "_build" / "student" / "_build" / "html"
    return SimpleNamespace(folder=folder, site=site, run=run, said=said)


def dates():
    return {"solutions_from": {RELEASED: "2026-01-01", HELD_BACK[0]: "2999-01-01"}}


def contents(path):
    """Yield all that a file holds, its compressed parts unpacked."""
    data = path.read_bytes()
    yield data
    if path.suffix == ".inv":
        yield zlib.decompress(data.split(b"zlib.\n", 1)[1])
    if path.suffix == ".pdf":
        reader = PdfReader(io.BytesIO(data))
        yield str(reader.metadata).encode()
        yield from (page.extract_text().encode() for page in reader.pages)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from map(archive.read, archive.namelist())


def found_in(folder):
    """Return the markers that are anywhere below a folder, with the files that hold them."""
    places = {}
    for path in folder.rglob("*"):
        for part in contents(path) if path.is_file() else ():
            for name in re.findall(rb"zqmark\w+", part):
                places.setdefault(name.decode(), set()).add(path.relative_to(folder).as_posix())
    return places


def test_every_solution_and_note_is_marked(marked):
    """Or what is not found below would say nothing."""
    text = "".join((marked.folder / f"{page}.md").read_text("utf-8") for page in book.pages())
    assert {marker(one) for one in editions.exercises()} <= set(re.findall(r"zqmark\w+", text))
    assert text.count("zqmarkt") > 500


def test_students_see_the_solution_whose_day_has_come_and_no_other(marked):
    places = found_in(marked.site)
    page = next(page for page in book.pages() if RELEASED in book.source(page).read_text("utf-8"))
    assert set(places) == {marker(RELEASED)}
    assert {f"{page}.html", f"{page}.pdf", "searchindex.js"} <= places[marker(RELEASED)]
    shown = (marked.site / f"{page}.html").read_text("utf-8")
    # In its text, in its code, and in what that printed.
    assert shown.count(marker(RELEASED)) >= 3


def test_no_cell_was_executed_for_another_edition(marked):
    assert "Executing" not in marked.said


def test_the_helpers_that_notebooks_install_hold_no_solution(marked, tmp_path):
    marked.run("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert list(tmp_path.glob("*.whl"))
    assert found_in(tmp_path) == {}


def test_the_instructor_s_edition_passes_what_pages_are_asked_for(marked):
    """Links, budgets and axe of a page, its slides and the plans; every slide of the book."""
    said = marked.run("-m", "tools.build", EDITION="instructor")
    assert "Executing" not in said
    first = book.pages()[0].split("/")[-1]
    files = [f"tests/site/test_{name}.py" for name in ("links", "budget", "access", "slides")]
    chosen = f"slide or plans or {first} or links"
    options = ["-q", "-p", "no:cacheprovider", "-k", chosen]
    marked.run("-m", "pytest", *options, *files, EDITION="instructor")


def test_the_instructor_s_edition_is_told_apart_on_every_page(marked):
    site = marked.folder / "_build" / "instructor" / "_build" / "html"
    pages = [site / f"{name}.html" for name in (book.first_page(), *book.pages())]
    assert all("Instructor’s edition" in page.read_text("utf-8") for page in pages)
    shown = (site / f"{book.pages()[0]}.html").read_text("utf-8")
    assert shown.count("zqmarkt") >= 10


def test_the_instructor_s_notebooks_have_solutions_and_notes(marked):
    notebooks = marked.folder / "_build" / "instructor" / "_build" / "html" / "notebooks"
    assert {marker(one) for one in editions.exercises()} | {"zqmarkt"} == set(found_in(notebooks))


def test_what_is_left_of_the_settings_is_the_book_s(marked):
    """The copy differs in its texts and days alone, or it would prove nothing of the book."""
    ours, theirs = (
        yaml.safe_load((folder / "_config.yml").read_text("utf-8"))
        for folder in (ROOT, marked.folder)
    )
    assert ours | dates() == theirs
