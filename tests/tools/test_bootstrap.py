"""The set-up says in one sentence what is wrong, and does nothing twice."""

import os
import re
import subprocess
import sys

import pytest

from tools import bootstrap
from tools.book import ROOT


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (2, 7, 18)])
def test_an_unsupported_python_is_named_with_what_to_do(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11, 3\.12 or 3\.13 and found .*PYTHON="):
        bootstrap.check_python()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("error: Failed to fetch: dns error: failed to lookup address", "could not be downloaded"),
        ("ERROR: No matching distribution found for uv==0.1", "could not be downloaded"),
        ("failed to write: No space left on device (os error 28)", "The disk is full"),
        ("something else", "This command failed"),
    ],
)
def test_a_failure_is_explained_in_one_sentence(output, sentence):
    assert bootstrap.diagnose(output, "uv pip sync").startswith(("The", "This"))
    assert sentence in bootstrap.diagnose(output, "uv pip sync")


def test_a_failing_command_ends_the_setup_with_that_sentence(capfd):
    script = "print('No space left on device'); raise SystemExit(1)"
    with pytest.raises(SystemExit, match="The disk is full; free 5 GB"):
        bootstrap.run(sys.executable, "-c", script)
    assert "No space left" in capfd.readouterr().out


def test_a_disk_that_is_nearly_full_is_refused_before_anything_is_written(monkeypatch):
    monkeypatch.setattr(bootstrap, "SPACE_NEEDED_GB", 10**9)
    monkeypatch.setattr(bootstrap, "make_environment", lambda: pytest.fail("it began"))
    with pytest.raises(SystemExit, match="less than 1000000000 GB free"):
        bootstrap.install()


def test_the_lock_holds_the_installer_with_its_hashes():
    assert re.fullmatch(
        r"uv==[\d.]+ \\(\n    --hash=sha256:[0-9a-f]{64} ?\\?)+", bootstrap.locked_uv()
    )


def test_every_package_of_the_lock_has_a_hash():
    lock = (ROOT / "requirements.txt").read_text()
    packages = re.findall(r"^[\w.-]+==.*?(?=^[\w.-]+==|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert len(packages) > 100
    assert all("--hash=sha256:" in package for package in packages)


def test_nothing_is_done_twice(monkeypatch):
    assert bootstrap.is_installed(), "run `make test`, which sets up .venv first"
    changed = bootstrap.wanted_state() + " with a package more"
    monkeypatch.setattr(bootstrap, "wanted_state", lambda: changed)
    assert not bootstrap.is_installed()


def test_make_names_its_commands():
    listing = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    for command in ("book", "test", "serve", "notebooks", "lint", "bench", "clean", "help"):
        assert re.search(rf"^  make {command} +\w", listing, re.MULTILINE)


def test_make_refuses_an_old_python_with_a_sentence(tmp_path):
    """The whole way: make, an interpreter that is too old, a sentence, a non-zero exit."""
    old = tmp_path / "old-python"
    old.write_text(
        "#!/bin/sh\n"
        f'exec {sys.executable} -c "import runpy, sys; sys.version_info = (3, 9, 1);'
        ' runpy.run_path(sys.argv[1], run_name=\'__main__\')" "$@"\n'
    )
    old.chmod(0o755)
    result = subprocess.run(
        ["make", "book", f"PYTHON={old}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"MAKEFLAGS": ""},
    )
    assert result.returncode != 0
    assert "The book needs Python 3.11, 3.12 or 3.13" in result.stderr
