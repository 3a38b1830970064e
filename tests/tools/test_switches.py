"""Every switch of `_config.yml` works, or is refused in one sentence before any work."""

import re
from types import SimpleNamespace

import pytest
import yaml

from tools import book, build, mine, switches
from tools.site import settings

NOBODY = {"repository.url": "https://github.com/your--name/book"}
FORK = {"repository": {"url": "https://gitlab.com/physics/term/networks"}}


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """Return a function that makes a book with other settings of the one that there is."""
    settings = yaml.safe_load((book.ROOT / "_config.yml").read_text("utf-8"))
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: intro\n")
    (tmp_path / "intro.md").touch()
    (tmp_path / "references.bib").touch()
    settings["html"].pop("favicon")
    # It may name exercises, of which this book has none.
    settings.pop("solutions_from", None)
    monkeypatch.setattr(book, "ROOT", tmp_path)

    def write(changes):
        for path, value in changes.items():
            *sections, key = path.split(".")
            section = settings
            for name in sections:
                section = section.setdefault(name, {})
            section.pop(key, None) if value is None else section.update({key: value})
        (tmp_path / "_config.yml").write_text(yaml.safe_dump(settings), "utf-8")

    return write


def test_the_book_s_own_settings_are_fine():
    assert list(mine.problems()) == []


@pytest.mark.parametrize("path", switches.REFUSED)
def test_what_is_not_supported_is_refused_with_what_to_do(configure, path):
    configure({path: "else"})
    sentence = rf"make: In _config\.yml, {re.escape(path)} .*(: .+\.|;.*)$"
    with pytest.raises(SystemExit, match=sentence):
        build.state()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"autor": "Jane"}, "nothing reads the key autor; is author meant?"),
        ({"hide_solutions": True}, "the key hide_solutions; is solutions_from meant?"),
        ({"html.use_edit_buttn": True}, "key html.use_edit_buttn; is use_edit_page_button meant?"),
        ({"copyright": 2027}, "copyright is of another kind than expected: 2027 is not of type"),
        ({"execute.execute_notebooks": "of"}, "'of' is not one of"),
        ({"execute": None}, "execute.execute_notebooks is missing: pages show results"),
        ({"html.comments": {"hypothesis": True}}, "pages load nothing from another host"),
        ({"title": "  "}, "there is no title"),
        ({"author": None}, "there is no author, and Jupyter Book would put its own there"),
        ({"term": ["2027"]}, "term cannot be ['2027']: write one text, in quotation marks"),
        ({"repository.branch": "a b"}, "repository.branch cannot be 'a b': write it as git"),
        ({"logo": "logo.png"}, "logo names logo.png, which is not there"),
        ({"bibtex_bibfiles": ["my.bib"]}, "bibtex_bibfiles names my.bib, which is not there"),
        ({"html.use_issues_button": True} | NOBODY, "would lead nowhere"),
        (
            {"html.use_issues_button": True, "repository.url": "https://bitbucket.org/me/book"},
            "not supported on Bitbucket",
        ),
        ({"parse.myst_enable_extensions": ["amsmath"]}, "lacks colon_fence, deflist, dollarmath,"),
        ({"parse.myst_enable_extensions": ["tasklist"]}, "tasklist is not supported"),
        ({"sphinx.extra_extensions": ["tools.site"]}, "lacks sphinx_exercise, sphinxext.open"),
    ],
)
def test_what_would_do_nothing_or_harm_is_refused(configure, monkeypatch, changes, sentence):
    monkeypatch.setattr(book, "_remote_url", lambda: None)
    configure(changes)
    assert any(sentence in problem for problem in mine.problems()), list(mine.problems())


@pytest.mark.parametrize(
    "changes",
    [
        {"term": "Winter 2026/27", "subtitle": "", "author": "Jane Doe"},
        {"html.use_issues_button": True, "html.use_repository_button": True} | FORK,
        {"html.announcement": "Room 5", "html.home_page_in_navbar": False},
        {"html.comments": {"hypothesis": False}, "html.use_multitoc_numbering": False},
        {"launch_buttons": {"binderhub_url": "https://b.example.edu", "thebe": False}},
        {"execute.timeout": 60, "execute.show_tb": True, "execute.exclude_patterns": []},
        {"execute.stderr_output": "show", "repository.path_to_book": ""},
        {"sphinx.config.hide_solutions": True, "sphinx.config.togglebutton_hint": "Show"},
        {"sphinx.config.nb_number_source_lines": True, "sphinx.config.copybutton_exclude": ""},
    ],
)
def test_what_works_is_not_refused(configure, changes):
    configure(changes)
    assert list(mine.problems()) == []


def test_a_key_that_stands_twice_is_refused_with_both_lines(configure):
    configure({})
    with (book.ROOT / "_config.yml").open("a") as file:
        line = len((book.ROOT / "_config.yml").read_text().splitlines()) + 1
        file.write("html:\n  extra_footer: Mine\n  extra_footer: All mine\n")
    said = list(switches.problems())
    assert any(f"and {line}: write it" in one for one in said if "html stands twice" in one)
    assert any(f"{line + 1} and {line + 2}: write" in one for one in said if "footer" in one)


@pytest.mark.parametrize(
    "text",
    [
        *["title: [", "a title", "- title: 1", "title:\tA", "title: A: B", "title: \udcfc"],
        "solutions_from: 2026-13-20",
    ],
)
def test_settings_that_cannot_be_read_are_one_sentence(configure, text):
    (book.ROOT / "_config.yml").write_text(text, "utf-8", "surrogateescape")
    with pytest.raises(SystemExit, match=r"make: _config\.yml, the settings, .*\.$"):
        build.state()


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("https://gitlab.com/physics/term/networks", None),
        ("https://gitlab.cern.example/jane/networks", None),
        ("https://git.example.edu/jane/networks", "gitlab"),
    ],
)
def test_a_host_of_one_s_own_is_one_that_the_theme_knows(configure, address, provider):
    configure({"repository.url": address})
    config = SimpleNamespace(html_static_path=[], html_theme_options={})
    settings.set_configuration(None, config)
    assert config.html_theme_options["repository_url"] == address
    assert config.html_theme_options.get("repository_provider") == provider


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"sphinx.config.hide_solution": True}, "hide_solution; is hide_solutions meant?"),
        ({"sphinx.extra_extensions": ["sphinx_nothing"]}, "sphinx_nothing"),
    ],
)
def test_what_sphinx_does_not_know_is_said_before_anything_is_executed(
    configure, changes, complaint
):
    configure(changes)
    assert complaint in "\n".join(switches.warnings_of_sphinx())
