"""`make book` does what is stale and no more."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tools import build


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Make a book; return what is done at the next times, and the state that decides it."""
    steps, state = [], ["frame", "texts"]
    pages, notebooks, cache = (tmp_path / "_build" / name for name in ("html", "notebook", "cache"))

    def render():
        for folder in (pages, notebooks / "site", cache):
            folder.mkdir(parents=True, exist_ok=True)
        (pages / "index.html").touch()
        steps.append("render")

    constants = {"ROOT": tmp_path, "PAGE": pages / "index.html", "NOTEBOOKS": notebooks}
    constants |= {"CACHE": cache, "APART": notebooks, "STAMP": tmp_path / "_build" / "stamp"}
    functions = {"render": render, "execute": lambda: steps.append("execute")}
    for name, value in (constants | functions | {"state": lambda: state}).items():
        monkeypatch.setattr(build, name, value)
    monkeypatch.setattr(build.switches, "warnings_of_sphinx", list)
    build.make()
    steps.clear()
    (pages / "other.html").touch()
    return SimpleNamespace(steps=steps, state=state, other=pages / "other.html")


def test_nothing_is_done_twice(made):
    build.make()
    assert made.steps == []


@pytest.mark.parametrize(("what", "keeps_other_pages"), [("frame", False), ("texts", True)])
def test_an_edit_is_executed_and_rendered(made, what, keeps_other_pages):
    made.state[made.state.index(what)] = "edited"
    build.make()
    assert made.steps == ["execute", "render"]
    assert made.other.exists() == keeps_other_pages


def test_settings_that_sphinx_does_not_understand_stop_it_before_anything_is_done(
    made, monkeypatch
):
    made.state[0] = "edited"
    monkeypatch.setattr(build.switches, "warnings_of_sphinx", lambda: ["unknown value"])
    with pytest.raises(SystemExit, match="understand _config"):
        build.make()
    assert made.steps == []


def test_a_rendering_that_failed_is_done_again_from_the_start(made, monkeypatch):
    made.state[1] = "edited"
    with monkeypatch.context() as patch:
        patch.setattr(build, "render", lambda: sys.exit("a warning"))
        with pytest.raises(SystemExit):
            build.make()
    build.make()
    assert made.steps == ["execute", "execute", "render"]
    assert not made.other.exists()


def test_a_warning_of_both_runs_is_shown_once(monkeypatch, capsys):
    says = "import sys; print('both', {own!r}, sep=chr(10), file=sys.stderr); sys.exit({status})"

    def start(output, *options, **streams):
        own, status = ("of the notebook", 0) if options else ("of the page", 1)
        command = [sys.executable, "-c", says.format(own=own, status=status)]
        return subprocess.Popen(command, text=True, **streams)

    monkeypatch.setattr(build, "jupyter_book", start)
    with pytest.raises(SystemExit, match="warnings"):
        build.render()
    assert capsys.readouterr().err.splitlines() == ["both", "of the page", "of the notebook"]
