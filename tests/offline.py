"""A pytest plugin that switches the network off and fails the run if anything asks for it."""

import importlib
import os
import tempfile
from pathlib import Path

import pytest

from tools import offline

FOLDER = str(Path(offline.__file__).parent)
LOG = "BOOK_NETWORK_LOG"


def pytest_configure(config):
    if LOG not in os.environ:
        handle, os.environ[LOG] = tempfile.mkstemp(prefix="network-", suffix=".log")
        os.close(handle)
        os.environ["PYTHONPATH"] = os.pathsep.join(
            [FOLDER, *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        importlib.import_module("tools.offline.sitecustomize")


def pytest_sessionfinish(session):
    """Fail a run, in the process that leads it, during which something asked for the network."""
    if hasattr(session.config, "workerinput"):
        return
    attempts = Path(os.environ[LOG]).read_text().splitlines()
    if attempts:
        session.config.get_terminal_writer().line(
            "\nAsked for the network:\n" + "\n".join(attempts), red=True
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
