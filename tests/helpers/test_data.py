"""Files of the book are found and verified, and no name leads elsewhere."""

import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import data
from helpers.data import locate_data, wget_data
from tests.helpers.downloads import BOOK, GOOD, NAME, OLD, sha256, whole
from tools.book import ROOT

pytestmark = pytest.mark.usefixtures("folders")


def test_the_folders_are_searched_in_order(folders):
    for folder in (folders.cache, folders.packaged, folders.checkout):
        (folder / NAME).write_bytes(BOOK)
        assert locate_data(NAME) == folder / NAME


def test_the_book_s_own_file_wins_over_the_lecture_s(server, folders, monkeypatch):
    monkeypatch.setattr(data, "LECTURE", server.url + "/")
    monkeypatch.setitem(data.LECTURE_HASHES, NAME, sha256(GOOD))
    downloaded = wget_data(server.serve(whole(GOOD)))
    assert locate_data(NAME) == downloaded
    (folders.checkout / NAME).write_bytes(BOOK)
    assert locate_data(NAME).read_bytes() == BOOK
    assert downloaded.read_bytes() == GOOD


def test_an_altered_file_of_the_book_is_an_error(folders):
    path = folders.checkout / NAME
    path.write_bytes(BOOK[:-1])
    with pytest.raises(ValueError, match=re.escape(f"{path} was altered or cut short")) as caught:
        locate_data(NAME)
    assert f"`git -C {path.parent} checkout -- {NAME}`" in str(caught.value)
    assert path.read_bytes() == BOOK[:-1]


def test_a_file_of_one_s_own_needs_no_registry(folders):
    (folders.checkout / "mine.csv").write_bytes(OLD)
    assert locate_data("mine.csv") == folders.checkout / "mine.csv"


def test_a_file_may_lie_in_a_folder_within_which_is_no_file_itself(folders):
    (folders.checkout / "shards").mkdir()
    (folders.checkout / "shards" / "0").write_bytes(OLD)
    assert locate_data("shards/0").read_bytes() == OLD
    with pytest.raises(FileNotFoundError):
        locate_data("shards")


def test_unless_it_has_to_exist_a_file_is_only_named(folders):
    assert locate_data(NAME, check_exists=False) == folders.cache / NAME
    (folders.checkout / NAME).write_bytes(OLD)
    assert locate_data(NAME, check_exists=False) == folders.checkout / NAME


def test_an_installed_book_reads_what_it_packages(folders):
    registry = (folders.checkout / "registry.txt").rename(folders.packaged / "registry.txt")
    (folders.packaged / NAME).write_bytes(BOOK)
    assert locate_data(NAME) == registry.with_name(NAME)
    (folders.packaged / NAME).write_bytes(OLD)
    with pytest.raises(ValueError, match="install the book's helpers anew"):
        locate_data(NAME)


def test_the_cache_is_no_address(monkeypatch):
    monkeypatch.setenv("DEEP_LEARNING_DATA", "s3://bucket")
    with pytest.raises(
        ValueError, match=r"^DEEP_LEARNING_DATA is 's3://bucket', but it must be a p"
    ):
        locate_data("nope")


def test_the_cache_is_where_the_system_keeps_caches(folders, monkeypatch):
    monkeypatch.delenv("DEEP_LEARNING_DATA")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folders.cache))
    monkeypatch.setattr(sys, "platform", "linux")
    expected = data.pooch.os_cache("deep-learning-book") / NAME
    assert locate_data(NAME, check_exists=False) == expected


def test_the_lecture_s_copy_in_the_cache_serves_and_an_altered_one_does_not(folders, monkeypatch):
    monkeypatch.setitem(data.LECTURE_HASHES, NAME, sha256(GOOD))
    (folders.cache / NAME).write_bytes(GOOD)
    assert locate_data(NAME) == folders.cache / NAME
    (folders.cache / NAME).write_bytes(OLD)
    with pytest.raises(FileNotFoundError, match="No good copy"):
        locate_data(NAME)


def test_a_missing_file_of_the_book_is_told_with_what_restores_it(folders):
    with pytest.raises(FileNotFoundError) as caught:
        locate_data(NAME)
    message = str(caught.value)
    for folder in (folders.checkout, folders.packaged, folders.cache):
        assert str(folder) in message
    assert message.endswith(f"restore it with `git -C {folders.checkout} checkout -- {NAME}`.")


def test_a_file_that_nobody_knows_is_told_with_what_fetches_it():
    with pytest.raises(FileNotFoundError, match=f"none of the book's files.*{NAME}") as caught:
        locate_data("circle_data.hf5")
    assert "wget_data('https://…/circle_data.hf5')" in str(caught.value)


# Names that lead elsewhere


@pytest.mark.parametrize(
    "name",
    [
        *(".", "..", "../x", "a/..", "a/../../x", "/etc/passwd", "//host/share/x"),
        *("\\x", "..\\x", "a\\b", "C:", "C:x", "C:/x", "a\0b", "a\nb"),
    ],
)
def test_a_name_that_leads_out_of_the_folders_is_refused(name):
    with pytest.raises(ValueError, match="names no file within"):
        locate_data(name)
    with pytest.raises(ValueError, match="names no file within"):
        locate_data(name, check_exists=False)


@pytest.mark.only_on("posix", reason="Windows keeps links for administrators")
@pytest.mark.parametrize("folder", ["checkout", "packaged", "cache"])
def test_a_link_to_elsewhere_is_refused(folders, tmp_path, folder):
    (tmp_path / "secret").write_bytes(OLD)
    (getattr(folders, folder) / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match="link to elsewhere"):
        locate_data("link")


@pytest.mark.only_on("posix", reason="Windows keeps links for administrators")
def test_a_download_does_not_follow_a_link_to_elsewhere(server, folders, tmp_path):
    (tmp_path / "secret").write_bytes(OLD)
    (folders.cache / NAME).symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match="link to elsewhere"):
        wget_data(server.serve(whole(GOOD)), sha256(GOOD))
    assert (tmp_path / "secret").read_bytes() == OLD


@pytest.mark.only_on("posix", reason="Windows keeps links for administrators")
def test_a_data_folder_may_itself_be_a_link(server, folders, tmp_path, monkeypatch):
    (tmp_path / "scratch").symlink_to(folders.cache)
    monkeypatch.setenv("DEEP_LEARNING_DATA", str(tmp_path / "scratch"))
    path = wget_data(server.serve(whole(GOOD), path="/x"), sha256(GOOD))
    assert path == tmp_path / "scratch" / "x" == locate_data("x")


PIECES = st.sampled_from(["..", ".", "/", "\\", "a", "C:", "~", "\0", " ", NAME]) | st.text()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.lists(PIECES, max_size=6).map("".join))
def test_no_name_whatever_leads_out_of_the_folders(folders, name):
    try:
        path = locate_data(name, check_exists=False)
    except ValueError:
        return
    assert folders.cache in Path(os.path.normpath(path)).parents


# The module


def test_each_file_of_the_book_is_registered_with_its_hash():
    lines = (ROOT / "data" / "registry.txt").read_text(encoding="utf-8").splitlines()
    registered = dict(line.split() for line in lines if not line.startswith("#"))
    files = (ROOT / "data").iterdir()
    hashes = {path.name: sha256(path.read_bytes()) for path in files if path.name != "registry.txt"}
    assert registered == hashes
    assert set(data.LECTURE_HASHES) <= set(registered)
