"""`make new-page` writes a page into contents of any shape, and never over another one."""

import pytest
import yaml

from tools import book, new_page

SHAPES = {
    "parts": (
        "parts:\n- numbered: true\n  chapters:\n  - file: chapters/a  # first\n    sections:\n"
        "    - file: chapters/b\n- caption: Two\n  chapters:\n  - file: chapters/c\n",
        ["chapters/a", "chapters/b", "chapters/dark", "chapters/c"],
    ),
    "parts without numbers": (
        "parts:\n - chapters:\n    - file: chapters/a\n - chapters:\n    - file: chapters/b\n",
        ["chapters/a", "chapters/b", "chapters/dark"],
    ),
    "a flat list": ("chapters:\n- file: 'chapters/a'\n", ["chapters/a", "chapters/dark"]),
    "an article": ("sections:\n- file: chapters/a\n", ["chapters/a", "chapters/dark"]),
}


@pytest.fixture
def make_book(tmp_path, monkeypatch):
    """Return a function that makes an empty book of some contents."""
    monkeypatch.setattr(book, "ROOT", tmp_path)
    for folder in ("chapters", "helpers/checks", "tests/helpers/checks"):
        (tmp_path / folder).mkdir(parents=True)
    for page in ("intro", "chapters/a", "chapters/b", "chapters/c"):
        (tmp_path / f"{page}.md").touch()

    def write(contents):
        shape = "jb-article" if contents.startswith("sections") else "jb-book"
        (tmp_path / "_toc.yml").write_text(f"format: {shape}\nroot: intro\n{contents}")
        return tmp_path

    return write


@pytest.mark.parametrize(("contents", "pages"), SHAPES.values(), ids=SHAPES)
def test_a_page_is_written_and_named_in_the_contents(make_book, contents, pages):
    folder = make_book(contents)
    for path in new_page.write("dark"):
        assert "dark-ex-error" in (folder / path).read_text("utf-8")
    assert book.pages() == pages
    assert contents.count("#") == (folder / "_toc.yml").read_text("utf-8").count("#")
    assert yaml.safe_load((folder / "chapters/dark.md").read_text("utf-8").split("---\n")[1])


@pytest.mark.parametrize(
    ("name", "contents", "sentence"),
    [
        ("", "chapters: []", "NAME='' cannot name a page: write a word"),
        ("Dark", "chapters: []", "NAME='Dark' cannot name a page"),
        ("../dark", "chapters: []", "cannot name a page"),
        ("lambda", "chapters: []", "cannot name a page"),
        ("taken", "chapters:\n- file: chapters/a\n", "taken.py is there already"),
        ("dark", "chapters: [{file: chapters/a}]", "has no list with a line `- file: …`"),
        ("dark", "chapters: [{file: chapters/gone}]", "_toc.yml names chapters/gone"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_writes_nothing(make_book, name, contents, sentence):
    folder = make_book(contents)
    (folder / "helpers" / "checks" / "taken.py").touch()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(SystemExit, match="make: ") as stopped:
        new_page.main(name)
    assert sentence in str(stopped.value)
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
