"""The network is off for every test, and a test that asks for it fails the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.book import ROOT

# An address that is reserved for documentation: no machine ever has it.
NOWHERE = "192.0.2.1"


def run(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """Run Python as a session of its own, with a log of its own, as the tests are run."""
    environment = os.environ | {
        "BOOK_NETWORK_LOG": str(folder / "network.log"),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tools" / "offline"), str(ROOT)]),
    }
    (folder / "network.log").touch()
    return subprocess.run(
        [sys.executable, *command], env=environment, cwd=folder, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "attempt",
    [
        f"socket.create_connection(('{NOWHERE}', 80), timeout=1)",
        "socket.getaddrinfo('example.org', 80)",
        f"socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('{NOWHERE}', 53))",
    ],
)
def test_a_process_that_tests_start_is_refused_the_network(tmp_path, attempt):
    result = run(tmp_path, "-c", f"import socket; {attempt}")
    assert result.returncode != 0
    assert "The network is switched off in tests" in result.stderr
    assert (tmp_path / "network.log").read_text()


def test_a_run_that_asks_for_the_network_fails_even_if_the_error_is_swallowed(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import contextlib, socket\n"
        "def test_it():\n"
        "    with contextlib.suppress(OSError):\n"
        "        socket.getaddrinfo('example.org', 80)\n"
    )
    result = run(tmp_path, "-m", "pytest", "-p", "tests.offline", "test_it.py")
    assert "1 passed" in result.stdout
    assert "example.org" in result.stdout
    assert result.returncode == 1


def test_a_module_can_be_hidden_from_whatever_tests_start(tmp_path, monkeypatch):
    monkeypatch.setenv("WITHOUT", "")
    assert run(tmp_path, "-c", "import fcntl").returncode == 0
    monkeypatch.setenv("WITHOUT", "fcntl grp")
    assert "ModuleNotFoundError" in run(tmp_path, "-c", "import fcntl").stderr
