"""A lecturer's fork, made as the instructors' guide says, builds, passes its tests and is theirs.

It is built from the executions of the book: only its new pages are executed. Of its tests run
those that depend on settings and contents; what is left out drives a browser or trains.
"""

import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.notebooks.running import python_environment, read
from tools.book import ROOT

THEIRS = {
    "title": "Networks for Astronomers",
    "subtitle": "a course of six weeks",
    "author": "Jane Doe",
    "term": "Winter 2026/27",
    "copyright": "2027, Jane Doe",
}
ADDRESS = "https://gitlab.com/physics/term/networks"
SITE = "https://physics.gitlab.io/term/networks/"
# The file of the first is deleted, too; that of the other stays.
ANNOUNCEMENT = "The first lecture is in room 5."
# The page behind each button of the theme.
BUTTONS = {
    "repository": "",
    "edit_page": "/-/edit/main/chapters/recurrent.md",
    "issues": "/-/issues/new?",
}
DROPPED = ("chapters/outlook", "chapters/reinforcement", "chapters/today")
BELOW, ABOVE = "chapters/attention", "chapters/recurrent"
NEW = "dark_matter"
# A page in another folder, of the name that a chapter has, below the one that leads to it.
ELSEWHERE = "lectures/attention"
LECTURE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
myst: {html_meta: {description: The one lecture that this course has beyond the chapters.}}
---

# Pay attention

```{code-cell} ipython3
6 * 7
```
"""
NOT_COPIED = (".git", ".venv", ".cache", "_build", "__pycache__", ".*_cache", ".hypothesis")
TESTS = (
    *[f"tests/site/test_{name}.py" for name in ("cards", "links", "lists", "search_engines")],
    *[f"tests/site/test_{name}.py" for name in ("buttons", "status", "glossary", "code")],
    "tests/notebooks/test_committed.py",
    f"tests/notebooks/test_run.py::test_notebook_runs_and_gives_its_stored_outputs[{NEW}.ipynb]",
    f"tests/helpers/checks/test_{NEW}.py",
    f"tests/helpers/checks/test_kinds.py::test_dots_are_not_wrong[{NEW}-ex-error-0]",
    "tests/tools/test_switches.py",
)


pytestmark = pytest.mark.ours


@pytest.fixture(scope="module")
def fork(tmp_path_factory):
    """Make a fork, add a page, build it, and write its notebooks."""
    folder = tmp_path_factory.mktemp("fork") / "networks"
    shutil.copytree(ROOT, folder, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
    shutil.copytree(ROOT / "_build" / ".jupyter_cache", folder / "_build" / ".jupyter_cache")

    def run(module, *arguments):
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=python_environment() | {"PYTHONPATH": str(folder)},
            cwd=folder,
            capture_output=True,
            text=True,
        )

    (folder / f"{DROPPED[0]}.md").unlink()
    (folder / "lectures").mkdir()
    (folder / f"{ELSEWHERE}.md").write_text(LECTURE, "utf-8")
    edit(folder / "_config.yml", configure)
    edit(folder / "_toc.yml", choose_pages)
    made = [run("tools.new_page", NEW), run("tools.notebooks")]
    assert [one.returncode for one in made] == [0, 0], made[-1].stdout + made[-1].stderr
    return SimpleNamespace(folder=folder, run=run, site=folder / "_build" / "html", made=made)


def edit(path, change):
    content = yaml.safe_load(path.read_text("utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")


def configure(settings):
    settings |= THEIRS
    settings["repository"] = {"url": f"{ADDRESS}.git"}
    settings["sphinx"]["config"]["hide_solutions"] = True
    settings["html"] |= {f"use_{name}_button": True for name in BUTTONS}
    settings["html"]["announcement"] = ANNOUNCEMENT


def choose_pages(contents):
    for part in contents["parts"]:
        left_out = (*DROPPED, BELOW)
        part["chapters"] = [one for one in part["chapters"] if one["file"] not in left_out]
        for one in part["chapters"]:
            if one["file"] == ABOVE:
                one["sections"] = [{"file": BELOW}, {"file": ELSEWHERE}]
    contents["parts"] = [part for part in contents["parts"] if part["chapters"]]


def page(fork, name):
    return BeautifulSoup((fork.site / f"{name}.html").read_text("utf-8"), "html.parser")


def test_only_what_is_new_is_executed(fork):
    shown = fork.made[1].stderr
    executed = set(re.findall(r"\w+/\w+(?=\.md)", shown))
    assert executed == {f"chapters/{NEW}", ELSEWHERE}, executed


def test_what_is_the_lecturer_s_reaches_pages_notebooks_and_citation(fork):
    first, other = page(fork, "index"), page(fork, ABOVE)
    assert first.title.string == first.h1.find(string=True) == THEIRS["title"]
    assert other.title.string.endswith(f" — {THEIRS['title']}")
    byline = " · ".join(THEIRS[key] for key in ("subtitle", "author", "term"))
    assert first.select_one("article .byline").get_text() == byline
    name = f"{THEIRS['title']}, {THEIRS['term']}"
    for one in (first, other):
        said = {tag.get("property", tag.get("name")): tag.get("content") for tag in one("meta")}
        assert (said["author"], said["og:site_name"]) == (THEIRS["author"], name)
        assert one.select_one("link[rel=canonical]")["href"].startswith(SITE)
        assert THEIRS["copyright"] in one.select_one("footer.bd-footer-content").get_text()
    notebook = read(fork.folder / "notebooks" / f"{NEW}.ipynb")
    assert f"From *{name}* by {THEIRS['author']}." in notebook.cells[0].source
    assert f'"git+{ADDRESS}@main"' in notebook.cells[1].source
    cited = yaml.safe_load((fork.folder / "CITATION.cff").read_text("utf-8"))
    assert (cited["title"], cited["repository-code"], cited["url"]) == (
        f"{THEIRS['title']}: {THEIRS['subtitle']}",
        ADDRESS,
        SITE,
    )
    assert cited["authors"] == [{"name": THEIRS["author"]}]


def test_what_jupyter_book_offers_is_on_the_page(fork):
    shown = page(fork, ABOVE)
    links = [link["href"] for link in shown.select("a.btn[href]")]
    for path in BUTTONS.values():
        assert any(link.startswith(ADDRESS + path) for link in links), path
    assert ANNOUNCEMENT in shown.get_text()


def test_the_pdf_s_cover_says_whose_it_is(fork):
    code = "from tools.site import pdf; print(pdf.document(pdf.SITE), pdf.target())"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=fork.folder, capture_output=True, text=True
    ).stdout
    cover = BeautifulSoup(printed, "html.parser").select_one(".cover").get_text()
    assert all(THEIRS[key] in cover for key in ("title", "subtitle", "author", "term"))
    assert SITE in cover
    assert "executable course book" not in cover
    assert "Solutions to the exercises" not in printed
    for name in ("attention", "lectures-attention"):
        assert f'<section class="page" id="{name}">' in printed
    assert printed.strip().endswith("networks-for-astronomers.pdf")


def test_pages_out_of_the_contents_are_nowhere(fork):
    for name in DROPPED:
        assert not (fork.site / f"{name}.html").exists()
        assert not [*fork.folder.rglob(f"{name.removeprefix('chapters/')}.ipynb")]
        assert name not in (fork.site / "sitemap.xml").read_text("utf-8")
    assert (fork.folder / "notebooks" / f"{ELSEWHERE}.ipynb").exists()


def test_solutions_are_kept_back_and_no_link_leads_to_them(fork):
    for path in (fork.site / "chapters").glob("*.html"):
        text = path.read_text("utf-8")
        assert "solution-start" not in text
        assert "tag_solution" not in text
        assert not page(fork, f"chapters/{path.stem}").select(".solution, a[href*='-solution']")
    assert page(fork, f"chapters/{NEW}").select_one(".exercise")


def test_nothing_of_it_would_fail(fork):
    report = fork.run("tools.mine")
    assert report.returncode == 0, report.stdout + report.stderr
    assert all(value in report.stdout for value in (*THEIRS.values(), ADDRESS, SITE))
    assert "Still ours" in report.stdout
    assert f"not in the contents:\n  {DROPPED[1]}\n" in report.stdout


def test_its_new_page_keeps_to_the_style(fork):
    result = fork.run("tools.lint")
    assert result.returncode == 0, result.stdout + result.stderr


def test_its_tests_pass(fork):
    # Those of the notebooks would write them once more.
    written = "not make_notebooks_writes and not prose_is_that_of_the_page"
    result = fork.run("pytest", "-q", "-p", "no:cacheprovider", "-k", written, *TESTS)
    assert result.returncode == 0, result.stdout + result.stderr
