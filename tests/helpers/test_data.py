import doctest
import hashlib
import os
import re
import resource
import shlex
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

from helpers import data
from helpers.data import locate_data, wget_data

ROOT = Path(__file__).resolve().parents[2]
NAME = "circles_data.hf5"
GOOD = bytes(range(256)) * 4096
OLD = b"the file that was there before"
BOOK = b"the book's own file"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Server(ThreadingHTTPServer):
    """Answers each path with its answers in turn, the last of them for ever."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.answers = {}
        self.requested = []

    def serve(self, *answers, path=f"/{NAME}"):
        self.answers[path] = list(answers)
        return self.url + path


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requested.append(self.path)
        answers = self.server.answers.get(self.path, [status(404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self)

    def log_message(self, *_):
        """Keep the tests' output clean."""


def whole(content):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def truncated(content):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])

    return answer


def halting(content, is_halfway, may_go_on):
    """Send half of the content, and the rest when told so."""

    def answer(handler):
        truncated(content)(handler)
        handler.wfile.flush()
        is_halfway.set()
        if may_go_on.wait(timeout=30):
            handler.wfile.write(content[len(content) // 2 :])

    return answer


def status(code):
    return lambda handler: handler.send_error(code)


def redirect(address):
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch):
    """Answer every other name as a machine without a network does."""
    look_up = socket.getaddrinfo

    def look_up_loopback(host, *arguments, **options):
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_AGAIN, f"no network to look {host} up")
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_loopback)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(autouse=True)
def no_wait_between_attempts(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


class Folders:
    """A book of its own for each test: checkout, packaged data and cache."""

    def __init__(self, top):
        self.checkout = top / "book" / "data"
        self.packaged = top / "book" / "helpers" / "_data"
        self.cache = top / "cache"
        for folder in (self.checkout, self.packaged, self.cache):
            folder.mkdir(parents=True)
        self.register({NAME: BOOK})

    def register(self, files):
        lines = [f"{shlex.quote(name)} {sha256(content)}\n" for name, content in files.items()]
        (self.checkout / "registry.txt").write_text("# SHA-256\n" + "".join(lines))


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    book = Folders(tmp_path)
    monkeypatch.setenv("DEEP_LEARNING_DATA", str(book.cache))
    monkeypatch.setattr(data, "BOOK_FOLDERS", (book.checkout, book.packaged))
    return book


@contextmanager
def file_size_limited(limit):
    """Let the system refuse to write more, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names_in(folder):
    """Return the files in a folder, without the notes of where they came from."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".url")


# Downloads that succeed


def test_a_download_is_kept_in_the_cache_and_located(server, folders):
    path = wget_data(server.serve(whole(GOOD), path="/pulses.bin"), sha256(GOOD))
    assert path == folders.cache / "pulses.bin" == locate_data("pulses.bin")
    assert path.read_bytes() == GOOD
    assert names_in(folders.cache) == ["pulses.bin"]


def test_a_download_shows_its_progress(server, capfd):
    wget_data(server.serve(whole(GOOD)), sha256(GOOD))
    assert "100%" in capfd.readouterr().err


def test_a_download_goes_to_the_directory_asked_for(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = wget_data(server.serve(whole(GOOD)), sha256(GOOD), directory="new/tmp_data")
    assert path == tmp_path / "new" / "tmp_data" / NAME
    assert path.read_bytes() == GOOD


def test_the_directory_may_be_in_one_s_home(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    path = wget_data(server.serve(whole(GOOD)), sha256(GOOD), directory="~/tmp_data")
    assert path == tmp_path / "tmp_data" / NAME


def test_others_may_read_a_download(server):
    path = wget_data(server.serve(whole(GOOD)), sha256(GOOD))
    assert path.stat().st_mode & 0o777 == 0o644


def test_the_name_is_the_last_part_of_the_address(server):
    url = server.serve(whole(GOOD), path="/folder/two%20words.csv?raw=true")
    assert wget_data(url, sha256(GOOD)).name == "two words.csv"


def test_a_hash_may_be_written_in_capitals(server):
    url = server.serve(whole(GOOD))
    assert wget_data(url, sha256(GOOD).upper()) == wget_data(url, sha256(GOOD).upper())
    assert len(server.requested) == 1


def test_a_verified_file_is_not_asked_for_again(server):
    url = server.serve(whole(GOOD))
    assert wget_data(url, sha256(GOOD)) == wget_data(url, sha256(GOOD))
    assert len(server.requested) == 1


def test_a_file_that_is_there_needs_no_network(folders):
    (folders.cache / NAME).write_bytes(GOOD)
    assert wget_data(f"https://example.org/{NAME}", sha256(GOOD)) == folders.cache / NAME


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


def test_threads_that_download_at_once_all_get_the_file(server, folders):
    url = server.serve(whole(GOOD))
    with ThreadPoolExecutor(8) as pool:
        downloads = [pool.submit(wget_data, url, sha256(GOOD)) for _ in range(8)]
    assert {download.result().read_bytes() for download in downloads} == {GOOD}
    assert names_in(folders.cache) == [NAME]


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
    "cut short by the server": (whole(GOOD[:-1]), ValueError, "thrown away"),
    "empty": (whole(b""), ValueError, "thrown away"),
    "not found": (status(404), FileNotFoundError, "answered 404 Not Found"),
    "broken": (status(500), FileNotFoundError, "answered 500"),
    "file": (redirect("file:///etc/passwd"), FileNotFoundError, "not http"),
    "ftp": (redirect("ftp://127.0.0.1/x"), FileNotFoundError, "not http"),
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


@pytest.mark.parametrize(
    "url",
    [
        NAME,
        f"/{NAME}",
        f"ftp://example.org/{NAME}",
        f"file:///tmp/{NAME}",
        f"http:///{NAME}",
        f"javascript:{NAME}",
        "https://example.org",
        "https://example.org/data/",
        "https://example.org/..",
        "https://example.org/a%2Fb",
        "https://example.org/..%2F..%2Fpasswd",
        "https://example.org/..%5Cpasswd",
        "https://example.org/C%3Apasswd",
        "https://example.org/a%00b",
    ],
)
def test_an_address_that_is_not_http_or_names_no_file_is_refused(folders, url):
    with pytest.raises(ValueError, match=r"give (a|the)"):
        wget_data(url)
    assert names_in(folders.cache) == []


@pytest.mark.parametrize("known_hash", ["abc", "md5:" + "0" * 32, "g" * 64, "0" * 65])
def test_a_hash_that_is_no_sha256_is_refused_before_the_download(server, known_hash):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        wget_data(server.serve(whole(GOOD)), known_hash)
    assert not server.requested


def test_a_wrong_type_is_named():
    with pytest.raises(TypeError, match=r"^url is None, but it must be text"):
        wget_data(None)
    with pytest.raises(TypeError, match=r"^known_hash is 7, but it must be text"):
        wget_data("https://example.org/x", 7)
    with pytest.raises(TypeError, match=r"^name is PosixPath"):
        locate_data(Path(NAME))
    with pytest.raises(TypeError, match=r"^directory is 7"):
        wget_data("https://example.org/x", directory=7)


def test_an_empty_name_and_an_address_for_a_folder_are_refused():
    for call in (lambda: wget_data(""), lambda: locate_data("")):
        with pytest.raises(ValueError, match="it must be text"):
            call()
    with pytest.raises(ValueError, match="a path on this machine"):
        wget_data("https://example.org/x", directory="gs://bucket")


# Files that are there


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


def test_a_folder_is_no_file(folders):
    (folders.checkout / "shards").mkdir()
    with pytest.raises(FileNotFoundError):
        locate_data("shards")


def test_a_file_may_lie_in_a_folder_within(folders):
    (folders.checkout / "shards").mkdir()
    (folders.checkout / "shards" / "0").write_bytes(OLD)
    assert locate_data("shards/0").read_bytes() == OLD


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


@pytest.mark.parametrize("folder", ["checkout", "packaged", "cache"])
def test_a_link_to_elsewhere_is_refused(folders, tmp_path, folder):
    (tmp_path / "secret").write_bytes(OLD)
    (getattr(folders, folder) / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match="link to elsewhere"):
        locate_data("link")


def test_a_download_does_not_follow_a_link_to_elsewhere(server, folders, tmp_path):
    (tmp_path / "secret").write_bytes(OLD)
    (folders.cache / NAME).symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match="link to elsewhere"):
        wget_data(server.serve(whole(GOOD)), sha256(GOOD))
    assert (tmp_path / "secret").read_bytes() == OLD


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


def test_the_examples_run(folders):
    (folders.checkout / NAME).write_bytes(BOOK)
    results = doctest.testmod(data)
    assert results.attempted == 7
    assert results.failed == 0


def test_importing_loads_no_heavy_package():
    code = """
        import sys
        import helpers.data
        print(sorted({"tensorflow", "keras", "pandas", "tables", "requests"} & set(sys.modules)))
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert output == "[]\n"


def test_importing_in_a_notebook_prints_nothing():
    cell = nbformat.v4.new_code_cell("import helpers.data")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, resources={"metadata": {"path": str(ROOT)}}).execute()
    assert notebook.cells[0].outputs == []
