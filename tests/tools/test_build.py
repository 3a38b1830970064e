"""When `make book` renders the pages, and when nothing has to be done."""

import subprocess
import sys

import pytest

from tools import build


@pytest.fixture
def rendered(tmp_path, monkeypatch):
    """Make a book whose pages were rendered; return the list of what is rendered next."""
    for folder in ("chapters", "helpers", "data", "tools/ipython/profile_default"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("intro.md", "_config.yml", "chapters/a.md", "helpers/b.py", "tools/c.py"):
        (tmp_path / name).write_text("first")
    calls = []
    page = tmp_path / "_build" / "html" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("page")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "PAGE", page)
    monkeypatch.setattr(build, "STAMP", tmp_path / "_build" / "rendered-from")
    monkeypatch.setattr(build, "render", lambda: calls.append("pages"))
    monkeypatch.setattr(build, "NOTEBOOKS", page.parent)
    monkeypatch.setattr(build, "forget_pages", lambda: calls.append("forget"))
    build.render_what_changed([])
    calls.clear()
    return calls


def test_nothing_is_rendered_twice(rendered):
    build.render_what_changed([])
    assert rendered == []


@pytest.mark.parametrize("name", ["intro.md", "chapters/a.md", "helpers/b.py"])
def test_an_edit_of_the_texts_renders_what_sphinx_finds_changed(rendered, name):
    (build.ROOT / name).write_text("second")
    build.render_what_changed([])
    assert rendered == ["pages"]


@pytest.mark.parametrize("name", ["_config.yml", "tools/c.py"])
def test_an_edit_of_the_tools_or_settings_renders_everything(rendered, name):
    (build.ROOT / name).write_text("second")
    build.render_what_changed([])
    assert rendered == ["forget", "pages"]


def test_another_address_renders_everything(rendered, monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/else")
    build.render_what_changed([])
    assert rendered == ["forget", "pages"]


def test_new_results_are_rendered(rendered):
    build.render_what_changed(["chapters/a.md"])
    assert rendered == ["pages"]


def test_what_the_tools_write_when_they_run_does_not_count(rendered):
    (build.ROOT / "tools/ipython/profile_default/history.sqlite").write_text("new")
    build.render_what_changed([])
    assert rendered == []


def test_a_rendering_that_failed_is_done_again(rendered, monkeypatch):
    def fail():
        raise SystemExit("a warning")

    (build.ROOT / "intro.md").write_text("second")
    with monkeypatch.context() as patch:
        patch.setattr(build, "render", fail)
        with pytest.raises(SystemExit):
            build.render_what_changed([])
    build.render_what_changed([])
    assert rendered == ["forget", "pages"]


def test_a_warning_of_both_runs_is_shown_once_and_forgets_the_pages(monkeypatch, capsys):
    says = "import sys; print('both', {own!r}, sep=chr(10), file=sys.stderr); sys.exit({status})"

    def start(*options, **streams):
        own, status = ("of the notebook", 0) if options else ("of the page", 1)
        command = [sys.executable, "-c", says.format(own=own, status=status)]
        return subprocess.Popen(command, text=True, **streams)

    forgotten = []
    monkeypatch.setattr(build, "jupyter_book", start)
    monkeypatch.setattr(build, "forget_pages", lambda: forgotten.append(True))
    with pytest.raises(SystemExit, match="warnings"):
        build.render()
    errors = capsys.readouterr().err
    assert errors.splitlines() == ["both", "of the page", "of the notebook"]
    assert forgotten == [True]
