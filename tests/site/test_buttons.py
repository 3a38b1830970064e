"""The launch and download buttons: each leads to a file that is there."""

import os
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.site.conftest import SITE, parsed
from tools import book
from tools.book import ROOT, chapters
from tools.site import buttons

NAMES = [path.relative_to(ROOT).with_suffix("").as_posix() for path in chapters()]
WITHOUT_CODE = {book.first_page(), *book.pages()} - set(NAMES)
REPOSITORY = "https://github.com/somebody/deep-learning"


HUB = {"jupyterhub_url": "https://hub.example.edu/"}


def launchers(name, chosen=HUB):
    return buttons.launchers(f"notebooks/{book.notebook_path(name)}", REPOSITORY, "main", chosen)


@pytest.mark.parametrize("name", NAMES)
def test_every_service_is_given_a_file_of_the_repository(name):
    places = launchers(name)
    inside = urlsplit(places["Colab"]).path.split("/deep-learning/blob/main/")[1]
    binder = parse_qs(urlsplit(places["Binder"]).query)["urlpath"][0].removeprefix("lab/tree/")
    hub = parse_qs(urlsplit(places["JupyterHub"]).query)
    assert binder == inside
    assert (ROOT / inside).is_file()
    assert hub["repo"] == [REPOSITORY]
    assert hub["urlpath"] == [f"lab/tree/deep-learning/{inside}"]


@pytest.mark.parametrize(
    ("repository", "binder"),
    [
        ("https://gitlab.com/group/sub/book", "gl/group%2Fsub%2Fbook/term%2F2026?"),
        ("https://git.example.edu/me/book", "git/https%3A%2F%2Fgit.example.edu%2Fme%2Fbook/term"),
    ],
)
def test_another_host_has_no_button_for_colab_and_a_branch_may_have_a_slash(repository, binder):
    places = buttons.launchers("notebooks/a.ipynb", repository, "term/2026", HUB)
    assert set(places) == {"Binder", "JupyterHub"}
    assert places["Binder"].startswith(f"https://mybinder.org/v2/{binder}")
    assert parse_qs(urlsplit(places["JupyterHub"]).query)["urlpath"][0].startswith("lab/tree/book/")


def test_there_is_no_hub_unless_one_is_configured():
    assert set(launchers("a", {})) == {"Colab", "Binder"}


def test_other_services_and_the_classic_interface_are_taken_as_configured():
    chosen = {"binderhub_url": "https://binder.example.edu/", "colab_url": "https://c.example.edu"}
    places = launchers("a", HUB | chosen | {"notebook_interface": "classic"})
    assert places["Binder"].startswith("https://binder.example.edu/v2/gh/")
    assert places["Binder"].endswith("?urlpath=tree%2Fnotebooks%2Fa.ipynb")
    assert places["Colab"].startswith("https://c.example.edu/github/")
    assert "urlpath=tree%2F" in places["JupyterHub"]


def links(name):
    return [link["href"] for link in parsed(name).select(".dropdown-launch-buttons a")]


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_offers_its_notebook(name):
    *services, download = links(f"{name}.html")
    file = SITE / "notebooks" / book.notebook_path(name)
    assert (SITE / f"{name}.html").parent.joinpath(download).resolve() == file
    assert file.is_file()
    assert bool(services) != book.is_placeholder(book.configured_url())


@pytest.mark.parametrize("name", sorted(WITHOUT_CODE))
def test_a_page_without_code_has_no_such_button(name):
    assert links(f"{name}.html") == []


def test_binder_installs_the_one_list_of_packages():
    assert (ROOT / "binder" / "requirements.txt").resolve() == ROOT / "requirements.txt"
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)
