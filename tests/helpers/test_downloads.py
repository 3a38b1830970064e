"""Downloads are kept whole and verified, or change nothing and say why."""

import re
import shlex
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers import data
from helpers.data import locate_data, wget_data
from tests.helpers.downloads import (
    GOOD,
    NAME,
    OLD,
    halting,
    names_in,
    redirect,
    sha256,
    status,
    truncated,
    whole,
)
from tests.helpers.system import file_size_limited
from tools.book import ROOT

pytestmark = pytest.mark.usefixtures("folders")


# Downloads that succeed


@pytest.mark.only_on("posix", reason="modes of files, and signals")
def test_a_download_is_kept_in_the_cache_and_located(server, folders):
    path = wget_data(server.serve(whole(GOOD), path="/pulses.bin"), sha256(GOOD))
    assert path == folders.cache / "pulses.bin" == locate_data("pulses.bin")
    assert path.read_bytes() == GOOD
    assert path.stat().st_mode & 0o777 == 0o644
    assert names_in(folders.cache) == ["pulses.bin"]


def test_a_download_shows_its_progress(server, capfd):
    wget_data(server.serve(whole(GOOD)), sha256(GOOD))
    assert "100%" in capfd.readouterr().err


@pytest.mark.parametrize("directory", ["new/tmp_data", "~/new/tmp_data"])
def test_a_download_goes_to_the_directory_asked_for(server, tmp_path, monkeypatch, directory):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    path = wget_data(server.serve(whole(GOOD)), sha256(GOOD), directory=directory)
    assert path == tmp_path / "new" / "tmp_data" / NAME
    assert path.read_bytes() == GOOD


def test_the_name_is_the_last_part_of_the_address(server):
    url = server.serve(whole(GOOD), path="/folder/two%20words.csv?raw=true")
    assert wget_data(url, sha256(GOOD)).name == "two words.csv"


def test_a_verified_file_is_not_asked_for_again(server):
    url = server.serve(whole(GOOD))
    assert wget_data(url, sha256(GOOD)) == wget_data(url, sha256(GOOD).upper())
    assert len(server.requested) == 1


def test_an_unverified_file_is_kept_and_its_hash_told(server, caplog):
    url = server.serve(whole(GOOD))
    path = wget_data(url)
    assert repr(sha256(GOOD)) in caplog.text
    assert wget_data(url) == path
    assert len(server.requested) == 1
    caplog.clear()
    wget_data(url, sha256(GOOD))
    assert not caplog.records


@pytest.mark.parametrize("name", data.LECTURE_HASHES)
def test_the_lecture_s_addresses_are_verified_without_a_hash(server, monkeypatch, caplog, name):
    monkeypatch.setattr(data, "LECTURE", server.url + "/data/")
    url = server.serve(whole(GOOD), path=f"/data/{name}")
    with pytest.raises(ValueError, match=data.LECTURE_HASHES[name]):
        wget_data(url)
    monkeypatch.setitem(data.LECTURE_HASHES, name, sha256(GOOD))
    assert wget_data(url).read_bytes() == GOOD
    assert "not verified" not in caplog.text


def test_a_hash_given_counts_more_than_the_one_known(server, monkeypatch):
    monkeypatch.setattr(data, "LECTURE", server.url + "/")
    assert wget_data(server.serve(whole(GOOD)), sha256(GOOD)).read_bytes() == GOOD


def test_a_redirection_is_followed(server):
    server.serve(whole(GOOD), path="/elsewhere")
    assert wget_data(server.serve(redirect("/elsewhere")), sha256(GOOD)).read_bytes() == GOOD


@pytest.mark.parametrize(
    "first_answer",
    [status(500), status(429), truncated(GOOD), whole(b"altered")],
    ids=["500", "429", "truncated", "altered"],
)
def test_a_failed_attempt_is_repeated(server, folders, first_answer):
    path = wget_data(server.serve(first_answer, first_answer, whole(GOOD)), sha256(GOOD))
    assert path.read_bytes() == GOOD
    assert len(server.requested) == 3
    assert names_in(folders.cache) == [NAME]


def test_a_wrong_file_is_replaced_when_the_new_one_is_verified(server, folders, caplog):
    (folders.cache / NAME).write_bytes(OLD)
    is_halfway, may_go_on = threading.Event(), threading.Event()
    url = server.serve(halting(GOOD, is_halfway, may_go_on))
    with ThreadPoolExecutor() as pool:
        download = pool.submit(wget_data, url, sha256(GOOD))
        assert is_halfway.wait(timeout=30)
        assert (folders.cache / NAME).read_bytes() == OLD
        may_go_on.set()
    assert download.result().read_bytes() == GOOD
    assert "downloading it anew" in caplog.text


def start_download(url):
    # A shell starts what it runs in the background deaf to Ctrl-C; a reader's Python is not.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        f"from helpers.data import wget_data; wget_data({url!r}, {sha256(GOOD)!r})"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def test_processes_that_download_at_once_all_get_the_file(server, folders):
    both_are_halfway, may_go_on = threading.Barrier(3), threading.Event()
    is_halfway = type("Halfway", (), {"set": staticmethod(both_are_halfway.wait)})
    url = server.serve(halting(GOOD, is_halfway, may_go_on))
    processes = [start_download(url), start_download(url)]
    both_are_halfway.wait(timeout=60)
    may_go_on.set()
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert (folders.cache / NAME).read_bytes() == GOOD
    assert names_in(folders.cache) == [NAME]


# Downloads that fail


FAILURES = {
    "truncated": (truncated(GOOD), FileNotFoundError, "broke off before the end"),
    "altered": (whole(GOOD[:-1] + b"!"), ValueError, sha256(GOOD)),
    "empty": (whole(b""), ValueError, "thrown away"),
    "not found": (status(404), FileNotFoundError, "answered 404 Not Found"),
    "file": (redirect("file:///etc/passwd"), FileNotFoundError, "not http"),
    "circle": (redirect(f"/{NAME}"), FileNotFoundError, "answered 302"),
}


@pytest.mark.parametrize("old", [None, OLD], ids=["no file", "a file"])
@pytest.mark.parametrize(("answer", "error", "reason"), FAILURES.values(), ids=FAILURES)
def test_a_failed_download_changes_nothing(server, folders, old, answer, error, reason):
    if old:
        (folders.cache / NAME).write_bytes(old)
    with pytest.raises(error, match=re.escape(reason)):
        wget_data(server.serve(answer), sha256(GOOD))
    assert names_in(folders.cache) == ([NAME] if old else [])
    assert not old or (folders.cache / NAME).read_bytes() == old


def test_a_truncated_download_is_noticed_without_a_hash(server, folders):
    with pytest.raises(FileNotFoundError, match="broke off"):
        wget_data(server.serve(truncated(GOOD)))
    assert names_in(folders.cache) == []


def test_without_a_network_the_error_gives_the_command(folders):
    url = f"https://example.org/{NAME}"
    with pytest.raises(FileNotFoundError, match="could not be reached") as caught:
        wget_data(url)
    command = shlex.split(re.search("`(.+)`", str(caught.value))[1])
    assert command[0] == "curl"
    assert command[-2:] == [str(folders.cache / NAME), url]


@pytest.mark.only_on("posix", reason="limits the size of files")
def test_a_full_disk_changes_nothing(server, folders):
    (folders.cache / NAME).write_bytes(OLD)
    with file_size_limited(len(GOOD) // 2), pytest.raises(OSError, match="free some space"):
        wget_data(server.serve(whole(GOOD)), sha256(GOOD))
    assert names_in(folders.cache) == [NAME]
    assert (folders.cache / NAME).read_bytes() == OLD


@pytest.mark.parametrize("directory", ["a file", "a file/below"])
def test_a_directory_that_cannot_be_written_is_named(server, tmp_path, directory):
    (tmp_path / "a file").write_bytes(OLD)
    with pytest.raises(OSError, match=re.escape(f"{tmp_path / directory / NAME}, in the")):
        wget_data(server.serve(whole(GOOD)), directory=tmp_path / directory)
    assert (tmp_path / "a file").read_bytes() == OLD
    assert not server.requested


@pytest.mark.only_on("posix", reason="modes of files, and signals")
def test_an_interrupted_download_changes_nothing(server, folders):
    (folders.cache / NAME).write_bytes(OLD)
    is_halfway, may_go_on = threading.Event(), threading.Event()
    process = start_download(server.serve(halting(GOOD, is_halfway, may_go_on)))
    assert is_halfway.wait(timeout=60)
    assert len(names_in(folders.cache)) == 2
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    may_go_on.set()
    assert "KeyboardInterrupt" in errors
    assert names_in(folders.cache) == [NAME]
    assert (folders.cache / NAME).read_bytes() == OLD


NO_FILE_BY_HTTP = f"""
    {NAME} /{NAME} ftp://example.org/{NAME} file:///tmp/{NAME} http:///{NAME} javascript:{NAME}
    https://example.org https://example.org/data/ https://example.org/.. https://example.org/a%2Fb
    https://example.org/..%2F..%2Fpasswd https://example.org/..%5Cpasswd
    https://example.org/C%3Apasswd https://example.org/a%00b
"""


@pytest.mark.parametrize("url", NO_FILE_BY_HTTP.split())
def test_an_address_that_is_not_http_or_names_no_file_is_refused(folders, url):
    with pytest.raises(ValueError, match=r"give (a|the)"):
        wget_data(url)
    assert names_in(folders.cache) == []


@pytest.mark.parametrize("known_hash", ["abc", "md5:" + "0" * 32, "g" * 64, "0" * 65])
def test_a_hash_that_is_no_sha256_is_refused_before_the_download(server, known_hash):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        wget_data(server.serve(whole(GOOD)), known_hash)
    assert not server.requested


# The same name from elsewhere


def test_a_file_of_the_same_name_from_another_address_is_fetched_anew(server, folders, caplog):
    first = server.serve(whole(OLD), path=f"/a/{NAME}")
    second = server.serve(whole(GOOD), path=f"/b/{NAME}")
    assert wget_data(first).read_bytes() == OLD
    assert f"kept from {first}" in caplog.text
    assert wget_data(second).read_bytes() == GOOD
    assert "came from another address" in caplog.text
    assert wget_data(second).read_bytes() == GOOD
    assert server.requested == [f"/a/{NAME}", f"/b/{NAME}"]


def test_a_failed_download_from_another_address_changes_nothing(server, folders):
    first = server.serve(whole(OLD), path=f"/a/{NAME}")
    second = server.serve(status(404), path=f"/b/{NAME}")
    wget_data(first)
    with pytest.raises(FileNotFoundError, match="answered 404"):
        wget_data(second)
    assert wget_data(first).read_bytes() == OLD
    assert server.requested.count(f"/a/{NAME}") == 1


def test_a_file_of_one_s_own_is_kept_and_told(folders, caplog):
    (folders.cache / NAME).write_bytes(OLD)
    assert wget_data(f"https://example.org/{NAME}").read_bytes() == OLD
    assert "kept from elsewhere, is not verified" in caplog.text
