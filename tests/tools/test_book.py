"""The contents of the book, and its address from workflow, remote or configuration."""

import re
import subprocess

import pytest

from tools import book, build

CONFIG = "repository:\n  url: https://github.com/your--name/deep-learning/\n  branch: main\n"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Return an empty checkout with the placeholder as its address."""
    (tmp_path / "_config.yml").write_text(CONFIG, "utf-8")
    git(tmp_path, "init", "--quiet")
    monkeypatch.setattr(book, "ROOT", tmp_path)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    return tmp_path


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, *arguments], check=True)


A, B = "{file: chapters/a, sections: [{file: chapters/b/a}]}", "{file: chapters/b.md}"


def write_contents(folder, contents):
    shape = "" if "subtrees" in contents else "format: jb-book\n"
    (folder / "_toc.yml").write_text(f"{shape}root: intro\n{contents}")
    (folder / "chapters" / "b").mkdir(parents=True)
    (folder / "made").mkdir()
    (folder / "made" / "nb.ipynb").touch()
    for page in ("intro", "chapters/a", "chapters/b/a", "chapters/b"):
        (folder / f"{page}.md").touch()


@pytest.mark.parametrize(
    ("contents", "parts"),
    [
        (f"chapters: [{A}, {B}]", [("", ["chapters/a", "chapters/b/a", "chapters/b"])]),
        (
            f"parts: [{{caption: One, chapters: [{B}]}}, {{chapters: [{A}]}}]",
            [("One", ["chapters/b"]), ("", ["chapters/a", "chapters/b/a"])],
        ),
        (
            f"chapters: [{B}, {{url: https://a.org}}, {{glob: chapters/*/*}}]",
            [("", ["chapters/b", "chapters/b/a"])],
        ),
        ("subtrees: [{entries: [{file: chapters/b}]}]", [("", ["chapters/b"])]),
    ],
)
def test_pages_are_found_with_or_without_parts_in_sections_and_folders(checkout, contents, parts):
    write_contents(checkout, contents)
    assert book.parts() == [book.Part(*part) for part in parts]
    assert book.first_page() == "intro"


def test_pages_of_one_name_in_two_folders_have_two_notebooks():
    names = [book.notebook_path(page) for page in ("chapters/a", "chapters/b/a")]
    assert names == ["a.ipynb", "b/a.ipynb"]


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        ("chapters: [{file: chapters/gone}]", "chapters/gone, but there is no file chapters/gone"),
        ("chapters: [{file: made/nb}]", "made/nb, but it is written as .ipynb, not made/nb.md"),
        (f"chapters: [{A}, {A}]", "cannot be read: "),
        ("chapter: []", "cannot be read: Unknown keys found: {'chapter'}"),
        ("chapters: [", "cannot be read at line 3: expected the node content"),
        ("chapters:\n\t- file: chapters/a", "at line 4: found character '\\t' that cannot start"),
        ("chapters:\n\t- file: chapters/a", "indented by spaces and not by tabs"),
        ("chapters: [chapters/a]", "write each page once, as `- file: chapters/name` below"),
        ("chapters: [{file: chapters/my own}]", "names 'chapters/my own', but names stand in add"),
        ("parts: [{caption: Empty}]", "and take out a part without pages"),
        ("chapters: [{file: 42}]", "<class 'int'>); write each page once"),
        ("chapters: [{file: ./chapters/a}]", "by a detour; write each page once, as `- file: ch"),
        ("chapters: [{file: chapters/b}, {file: chapters/b.md}]", "chapters/b more than once"),
    ],
)
def test_contents_that_cannot_be_followed_say_what_is_wrong_with_them(checkout, contents, problem):
    write_contents(checkout, contents)
    with pytest.raises(book.ContentsError, match=f"^_toc.yml.*{re.escape(problem)}"):
        book.parts()
    with pytest.raises(SystemExit, match=f"make: _toc.yml.*{re.escape(problem)}.*[.]$"):
        build.state()


def test_contents_that_are_no_text_or_gone_say_how_they_come_back(checkout):
    with pytest.raises(book.ContentsError, match=r"cannot be read: No such file.*; put the file"):
        book.parts()
    (checkout / "_toc.yml").write_bytes("caption: Übung".encode("latin-1"))
    with pytest.raises(book.ContentsError, match="save the file as UTF-8"):
        book.parts()


def test_the_configuration_has_the_address_by_default(checkout):
    assert book.repository_url() == "https://github.com/your--name/deep-learning"
    assert book.branch() == "main"
    assert book.is_placeholder()


def test_the_remote_overrides_the_configuration(checkout):
    git(checkout, "remote", "add", "origin", "https://me:secret@github.com/me/book.git")
    assert book.repository_url() == "https://github.com/me/book"
    assert book.configured_url() == "https://github.com/your--name/deep-learning"
    assert not book.is_placeholder()
    assert book.is_placeholder(book.configured_url())


@pytest.mark.parametrize(
    "remote", ["/srv/book", "file:///srv/book", "https://git.example.edu/me/book"]
)
def test_a_remote_elsewhere_does_not(checkout, remote):
    git(checkout, "remote", "add", "origin", remote)
    assert book.is_placeholder()


def test_the_workflow_overrides_the_remote(checkout, monkeypatch):
    git(checkout, "remote", "add", "origin", "https://github.com/me/book.git")
    monkeypatch.setenv("GITHUB_REPOSITORY", "You/book")
    assert book.repository_url() == "https://github.com/You/book"


def test_a_checkout_without_git_has_the_configuration(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert book.is_placeholder()


@pytest.mark.parametrize(
    ("written", "web"),
    [
        ("https://github.com/jane/book.git/", "https://github.com/jane/book"),
        ("http://www.github.com/jane/book?tab=readme#top", "https://github.com/jane/book"),
        ("github.com/jane/book", "https://github.com/jane/book"),
        ("git@github.com:jane/book.git", "https://github.com/jane/book"),
        ("ssh://git@github.com:22/jane/book", "https://github.com/jane/book"),
        ("git+https://jane:secret@github.com/jane/book.git", "https://github.com/jane/book"),
        ("https://github.com/jane/book/settings/pages", "https://github.com/jane/book"),
        ("git@gitlab.com:physics/term/book.git", "https://gitlab.com/physics/term/book"),
        ("https://gitlab.com/physics/book/-/tree/main", "https://gitlab.com/physics/book"),
        ("https://git.example.edu:8443/jane/book.git", "https://git.example.edu:8443/jane/book"),
    ],
)
def test_an_address_may_be_written_in_any_usual_way(written, web):
    assert book.web_form(written) == web


@pytest.mark.parametrize(
    "written",
    ["", "jane/book", "/srv/book", "file:///srv/book", "https://github.com/jane", "C:\\b"],
)
def test_what_names_no_repository_is_refused_in_one_sentence(written):
    with pytest.raises(ValueError, match=r"names no repository; write it as https://github\.com/"):
        book.web_form(written)


@pytest.mark.parametrize(
    ("lines", "branch"),
    [
        ("  url: https://github.com/jane/book\n  branch: term\n", "term"),
        ("  url: https://github.com/jane/book\n", "main"),
        ("  url: https://github.com/jane/book/tree/course/2026\n", "course/2026"),
    ],
)
def test_a_missing_branch_is_that_of_the_address_or_main(checkout, lines, branch):
    (checkout / "_config.yml").write_text(f"repository:\n{lines}", "utf-8")
    assert book.branch() == branch


@pytest.mark.parametrize(
    ("repository", "site"),
    [
        ("https://github.com/Me/Book", "https://me.github.io/Book/"),
        ("https://github.com/me/me.github.io", "https://me.github.io/"),
        ("https://gitlab.com/physics/term/book", "https://physics.gitlab.io/term/book/"),
    ],
)
def test_the_site_follows_from_the_repository(checkout, repository, site):
    assert book.site_url(repository) == site


@pytest.mark.parametrize(
    "baseurl",
    ["https://dl.example.edu/2026", "https://dl.example.edu/2026/", "dl.example.edu/2026"],
)
def test_a_domain_of_one_s_own_goes_before(checkout, baseurl):
    (checkout / "_config.yml").write_text(f"{CONFIG}html:\n  baseurl: {baseurl}\n", "utf-8")
    assert book.site_url("https://github.com/me/book") == "https://dl.example.edu/2026/"


@pytest.mark.parametrize(
    "baseurl",
    [
        "https//dl.example.edu",
        "ftp://dl.example.edu",
        "https://dl.example .edu",
        "course",
        "https://dl.example.edu/index.html",
        "https://dl.example.edu?term=1",
    ],
)
def test_a_domain_that_is_none_is_refused_in_one_sentence(checkout, baseurl):
    (checkout / "_config.yml").write_text(f"{CONFIG}html:\n  baseurl: {baseurl}\n", "utf-8")
    with pytest.raises(ValueError, match="is no address of a site; write it as https://"):
        book.site_url("https://github.com/me/book")


def test_a_host_that_publishes_no_sites_needs_the_domain(checkout):
    with pytest.raises(ValueError, match="baseurl under html"):
        book.site_url("https://git.example.edu/me/book")
