"""What makes a result, the pages or nothing at all stale."""

import nbformat
import pytest

from tools import book, stale

LOCK = """\
keras==3 \\
    --hash=sha256:01
    # via deep-learning-helpers (pyproject.toml)
ruff==1
    # via deep-learning-helpers (pyproject.toml:test)
"""
HELPERS = dict.fromkeys(["__init__", "deeper", "unused", "checks/a", "checks/b"], "")
HELPERS["used"] = "from helpers.deeper import something"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Make a book of one chapter that uses one helper of two."""
    files = {f"helpers/{name}.py": text for name, text in HELPERS.items()}
    files |= {"requirements.txt": LOCK, "data/named.hf5": "1", "data/other.hf5": "1"}
    files |= {f"{name}/file": "" for name in ("chapters", "tools/site", "tools/bench", "tests")}
    contents = "format: jb-book\nroot: start\nchapters: [{file: lectures/a}, {file: b}]\n"
    files |= {stale.KERNEL: "", "_toc.yml": contents, "_config.yml": ""}
    files |= {"start.md": "", "b.md": "", "lectures/a.md": ""}
    for name, text in files.items():
        write(tmp_path / name, text)
    monkeypatch.setattr(book, "ROOT", tmp_path)
    monkeypatch.setattr(book, "repository_url", lambda: "https://github.com/me/book")
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def results(chapter="chapters/a.md"):
    sources = ["%matplotlib inline\nfrom helpers import used", "print('named.hf5')"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return stale.results(chapter, nbformat.v4.new_notebook(cells=cells))


@pytest.mark.parametrize(
    ("file", "is_used"),
    [
        ("helpers/used.py", True),
        ("helpers/deeper.py", True),
        ("helpers/unused.py", False),
        ("helpers/checks/a.py", True),
        ("helpers/checks/b.py", False),
        ("data/named.hf5", True),
        ("data/other.hf5", False),
        (stale.KERNEL, True),
    ],
)
def test_results_are_stale_when_what_the_chapter_uses_changes(root, file, is_used):
    before = results()
    write(root / file, "# edited")
    assert (results() != before) is is_used


@pytest.mark.parametrize(
    ("old", "new", "is_used"),
    [("keras==3", "keras==4", True), ("sha256:01", "sha256:02", False), ("ruff==1", "", False)],
)
def test_results_are_stale_when_a_package_moves_that_chapters_import(root, old, new, is_used):
    before = results()
    write(root / "requirements.txt", LOCK.replace(old, new))
    assert (results() != before) is is_used


def test_a_cell_that_is_no_python_is_left_to_its_execution(root):
    assert list(stale.imported("import numpy\n1 +")) == []


def test_packages_are_named_as_they_are_installed():
    code = (
        "import os, yaml\nimport helpers.data\nfrom PIL import Image\nimport mpl_toolkits.mplot3d"
    )
    assert {name.lower() for name in stale.packages(code)} == {"matplotlib", "pillow", "pyyaml"}


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("chapters/file", ["texts"]),
        ("lectures/figure.svg", ["texts"]),
        ("b.md", ["texts"]),
        ("start.md", ["texts"]),
        ("helpers/unused.py", ["texts"]),
        ("tools/site/file", ["frame"]),
        ("_toc.yml", ["frame"]),
        ("requirements.txt", ["frame"]),
        ("tools/bench/file", []),
        ("tests/file", []),
        ("tools/site/__pycache__/file", []),
    ],
)
def test_an_edit_makes_stale_what_is_made_of_it(root, file, changed):
    frame, texts = stale.frame(), stale.texts()
    before = (root / file).read_text() if (root / file).exists() else ""
    write(root / file, f"{before}# edited")
    found = {"frame": stale.frame() != frame, "texts": stale.texts() != texts}
    assert [name for name, differs in found.items() if differs] == changed


def test_another_address_changes_the_frame(root, monkeypatch):
    before = stale.frame()
    monkeypatch.setattr(book, "repository_url", lambda: "https://github.com/you/book")
    assert stale.frame() != before


def test_the_place_of_the_book_does_not(root, monkeypatch, tmp_path_factory):
    before = stale.digest("chapters", "helpers")
    moved = tmp_path_factory.mktemp("elsewhere") / "book"
    root.rename(moved)
    monkeypatch.setattr(book, "ROOT", moved)
    assert stale.digest("chapters", "helpers") == before
