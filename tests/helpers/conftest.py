"""What the tests of data, downloads and records share."""

import os
import socket
import sys
import threading
import time

import pytest

from helpers import data
from tests.helpers import record_sets
from tests.helpers.downloads import Folders, Server


def pytest_collection_modifyitems(config, items):
    """Leave out the tests of what this system has not; each says what that is."""
    here = {os.name, sys.platform}
    foreign = [
        item for item in items if any(here.isdisjoint(m.args) for m in item.iter_markers("only_on"))
    ]
    config.hook.pytest_deselected(items=foreign)
    items[:] = [item for item in items if item not in foreign]


@pytest.fixture
def server():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def loopback_only(monkeypatch):
    """Answer every other name as a machine without a network does."""
    look_up = socket.getaddrinfo

    def look_up_loopback(host, *arguments, **options):
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_AGAIN, f"no network to look {host} up")
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_loopback)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def no_wait_between_attempts(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


@pytest.fixture
def folders(tmp_path, monkeypatch, loopback_only, no_wait_between_attempts):
    """Let the data be looked for in folders of the test's own, and no server be far away."""
    book = Folders(tmp_path)
    monkeypatch.setenv("DEEP_LEARNING_DATA", str(book.cache))
    monkeypatch.setattr(data, "BOOK_FOLDERS", (book.checkout, book.packaged))
    return book


@pytest.fixture
def folder(tmp_path):
    """Return a folder of records in three shards."""
    from helpers.records import write_records

    write_records(tmp_path / "set", record_sets.X, record_sets.y, shards=3)
    return tmp_path / "set"
