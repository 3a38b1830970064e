"""`make mine` says in a sentence each what would fail in somebody's book."""

import pytest

from tools import book, mine

CONFIG = """
title: Networks
author: Jane Doe
copyright: '2027'
repository: {url: https://git.example.edu/jane/networks}
html: {baseurl: https://networks.example.edu}
only_build_toc_files: true
execute: {execute_notebooks: cache, run_in_temp: true}
parse: {myst_enable_extensions: [amsmath, colon_fence, deflist, dollarmath, fieldlist]}
sphinx:
  recursive_update: true
  extra_extensions: [sphinx_exercise, sphinxext.opengraph, tools.site, tools.notebooks]
  config: {html_copy_source: false, html_theme_options: {use_download_button: false}}
"""
PAGE = "---\nmyst: {html_meta: {description: What it says.}}\n---\n# A page\n"
CITED = "title: Networks\nauthors:\n- name: Jane Doe\nrepository-code: \
https://git.example.edu/jane/networks\nurl: https://networks.example.edu/\n"
FINE = {
    "_config.yml": CONFIG,
    "_toc.yml": "format: jb-book\nroot: intro\nchapters: [{file: chapters/a}]\n",
    "intro.md": PAGE,
    "chapters/a.md": PAGE,
    "chapters/b.md": PAGE,
    "CITATION.cff": CITED,
    "README.md": "# Deep Learning\n",
}


@pytest.fixture
def report(tmp_path, monkeypatch, capsys):
    """Return a function that says what is reported of a book, some of whose files differ."""
    monkeypatch.setattr(book, "ROOT", tmp_path)
    monkeypatch.setattr(mine.switches, "warnings_of_sphinx", list)
    for name in ("GITHUB_REPOSITORY", "CI_PROJECT_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(files):
        for name, text in (FINE | files).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8", "surrogateescape")
        try:
            mine.main()
        except SystemExit as stopped:
            assert str(stopped) == "\nmake: What would fail stands above."  # noqa: PT017
        return capsys.readouterr().out.split("Would fail:\n")

    return run


def test_a_book_of_one_s_own_is_told_from_ours(report):
    said, failing = report({})
    assert failing == "  nothing\n"
    for value in ("Networks", "Jane Doe", "https://networks.example.edu/", "main", "shown"):
        assert f" {value}\n" in said
    assert "README.md:1: '# Deep Learning': give the repository" in said
    assert "not in the contents:\n  chapters/b\n" in said


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"_toc.yml": "format: jb-book\nroot: intro\nchapters: [{file: c}]"}, "no file c.md"),
        ({"_config.yml": f'{CONFIG}exclude_patterns: ["chap*/a*"]\n'}, "leaves out chapters/a.md"),
        ({"chapters/a.md": "# A page\n"}, "a.md has no title or no description for its card"),
        ({"chapters/a.md": PAGE.replace("What", "What:\t").replace("{", "")}, "read at line 2: "),
        ({"chapters/a.md": PAGE.replace("What", "W\udce4s")}, "a.md, a page, cannot be read: 'utf"),
        ({"_config.yml": CONFIG.replace("baseurl", "announcement")}, "published cannot be known"),
        ({"chapters/a.md": f"{PAGE}\n[b](b.md)"}, "chapters/a.md:6 links to b.md, which is not in"),
        ({"intro.md": f"{PAGE}\n{{doc}}`b <chapters/b>`"}, "intro.md:6 links to chapters/b.md"),
        ({"chapters/a.md": f"{PAGE}\n[c](c.md)"}, "chapters/a.md:6 links to c.md, which is not in"),
        ({"chapters/a.md": f"{PAGE}\n[b](/chapters/b.md)"}, "links to /chapters/b.md, which is"),
        ({"chapters/a.md": f"{PAGE}\n[b](../../b.md)"}, "links to ../../b.md, which is not in"),
        ({"CITATION.cff": CITED.replace("Jane", "John")}, "cites another book or author"),
        ({"notebooks/b.ipynb": "{}"}, "notebooks/ has other pages or another address"),
    ],
)
def test_what_would_fail_is_said_with_what_to_do(report, files, sentence):
    _, failing = report(files)
    assert sentence in failing
    assert failing.count("\n") == 1


def test_a_wrong_key_is_said_even_if_it_ends_the_report(report):
    _, failing = report({"_config.yml": CONFIG.replace("{url:", "{ulr:")})
    assert "nothing reads the key repository.ulr; is url meant?" in failing
