"""The address of the book, from the workflow, the remote or the configuration."""

import subprocess

import pytest

from tools import book

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


def test_the_configuration_has_the_address_by_default(checkout):
    assert book.repository_url() == "https://github.com/your--name/deep-learning"
    assert book.branch() == "main"
    assert book.is_placeholder()


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/me/book.git",
        "https://github.com/me/book/",
        "https://me:secret@github.com/me/book.git",
        "git@github.com:me/book.git",
        "ssh://git@github.com:22/me/book",
    ],
)
def test_the_remote_overrides_the_configuration(checkout, remote):
    git(checkout, "remote", "add", "origin", remote)
    assert book.repository_url() == "https://github.com/me/book"
    assert book.configured_url() == "https://github.com/your--name/deep-learning"
    assert not book.is_placeholder()
    assert book.is_placeholder(book.configured_url())


@pytest.mark.parametrize("remote", ["/srv/book", "file:///srv/book", "https://gitlab.com/me/book"])
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
    ("repository", "site"),
    [
        ("https://github.com/Me/Book", "https://me.github.io/Book/"),
        ("https://github.com/me/me.github.io", "https://me.github.io/"),
    ],
)
def test_the_site_follows_from_the_repository(repository, site):
    assert book.site_url(repository) == site
