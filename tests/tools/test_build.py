"""`make book` does what is stale and no more, and says in a sentence what keeps it from it."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools import book, build
from tools.execute import ChapterFailed


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Make a book; return what is done at the next times, and the state that decides it."""
    steps, state = [], ["frame", "texts"]
    pages, notebooks, cache = (tmp_path / "_build" / name for name in ("html", "notebook", "cache"))

    def render():
        for folder in (pages, notebooks / "site", cache):
            folder.mkdir(parents=True, exist_ok=True)
        (pages / "index.html").touch()
        (notebooks / "site" / "a.ipynb").touch()
        steps.append("render")

    constants = {"ROOT": tmp_path, "PAGE": pages / "index.html", "NOTEBOOKS": notebooks}
    constants |= {"CACHE": cache, "APART": notebooks, "STAMP": tmp_path / "_build" / "stamp"}
    functions = {"render": render, "execute": lambda: steps.append("execute")}
    for name, value in (constants | functions | {"state": lambda: state}).items():
        monkeypatch.setattr(build, name, value)
    build.make()
    steps.clear()
    return SimpleNamespace(steps=steps, state=state, pages=pages)


def test_nothing_is_done_twice(made):
    build.make()
    assert made.steps == []


def test_an_edit_of_the_texts_is_executed_and_rendered(made):
    made.state[1] = "edited"
    (made.pages / "kept.html").touch()
    build.make()
    assert made.steps == ["execute", "render"]
    assert (made.pages / "kept.html").exists()


def test_a_change_of_the_frame_leaves_nothing_of_what_was_rendered(made):
    made.state[0] = "edited"
    (made.pages / "dropped.html").touch()
    build.make()
    assert made.steps == ["execute", "render"]
    assert sorted(path.name for path in made.pages.iterdir()) == ["index.html", "notebooks"]


def test_a_rendering_that_failed_is_done_again_from_the_start(made, monkeypatch):
    made.state[1] = "edited"
    with monkeypatch.context() as patch:
        patch.setattr(build, "render", lambda: sys.exit("a warning"))
        with pytest.raises(SystemExit):
            build.make()
    (made.pages / "warned.html").touch()
    build.make()
    assert made.steps == ["execute", "execute", "render"]
    assert not (made.pages / "warned.html").exists()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ChapterFailed("chapters/a.md, code cell 1: NameError: x\n…"),
            "A cell failed, chapters/a.md",
        ),
        (
            OSError(28, "No space left on device"),
            r"could not be written \(No space left on device\)",
        ),
    ],
)
def test_a_failed_execution_is_told_in_a_sentence(monkeypatch, error, sentence):
    def fail():
        raise error

    monkeypatch.setattr(build, "execute_what_changed", fail)
    with pytest.raises(SystemExit, match=sentence):
        build.execute()


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        ("chapters: [{file: chapters/gone}]", "_toc.yml names chapters/gone, but there is no file"),
        (
            "chapter: [{file: chapters/gone}]",
            "_toc.yml, the table of contents, cannot be read: Unk",
        ),
        ("chapters: [", "_toc.yml, the table of contents, cannot be read: while"),
    ],
)
def test_contents_that_cannot_be_followed_are_named(tmp_path, monkeypatch, contents, sentence):
    (tmp_path / "intro.md").touch()
    (tmp_path / "_toc.yml").write_text(f"format: jb-book\nroot: intro\n{contents}")
    monkeypatch.setattr(book, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=sentence):
        build.state()


def test_a_warning_of_both_runs_is_shown_once(monkeypatch, capsys):
    says = "import sys; print('both', {own!r}, sep=chr(10), file=sys.stderr); sys.exit({status})"

    def start(*options, **streams):
        own, status = ("of the notebook", 0) if options else ("of the page", 1)
        command = [sys.executable, "-c", says.format(own=own, status=status)]
        return subprocess.Popen(command, text=True, **streams)

    monkeypatch.setattr(build, "jupyter_book", start)
    with pytest.raises(SystemExit, match="warnings"):
        build.render()
    assert capsys.readouterr().err.splitlines() == ["both", "of the page", "of the notebook"]
