"""The set-up says in one sentence what is wrong, and does nothing twice."""

import subprocess
import sys

import pytest

from tools import bootstrap


@pytest.fixture
def old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    monkeypatch.setattr(sys, "version", "3.10.13 (main)")


def test_an_unsupported_python_is_named_with_what_to_do(monkeypatch, old_python):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(
        SystemExit, match=r"needs python3.* and found Python 3\.10\.13; .*PYTHON=python3"
    ):
        bootstrap.use_supported_python()


def test_a_supported_one_is_taken_where_there_is_one(monkeypatch, old_python):
    called = []
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: name)
    monkeypatch.setattr(
        bootstrap.subprocess, "call", lambda command, **_: int("3.12" in command[0])
    )
    monkeypatch.setattr(bootstrap.os, "execvp", lambda name, arguments: called.append(name))
    with pytest.raises(SystemExit):
        bootstrap.use_supported_python()
    assert "python3.13" in called
    assert "python3.12" not in called


@pytest.mark.parametrize(
    ("system", "processor", "instead"),
    [
        ("darwin", "x86_64", "on an Intel Mac another machine, or Colab"),
        ("win32", "AMD64", "inside WSL, the Linux that Windows brings along"),
        ("linux", "armv7l", "take another machine, or Colab"),
    ],
)
def test_a_machine_without_tensorflow_is_refused(monkeypatch, system, processor, instead):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: processor)
    with pytest.raises(SystemExit, match=rf"machine \({system}, {processor}\): .*{instead}\.$"):
        bootstrap.refuse_other_machines()


def test_nothing_is_installed_before_machine_and_python_are_known():
    """The file is run as make runs it, by a Python that says it is another one."""
    code = (
        "import platform, runpy, sys; sys.platform = 'darwin'; platform.machine = lambda: 'x86_64';"
        f"runpy.run_path({bootstrap.__file__!r}, run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert (result.stdout, result.stderr.count("\n")) == ("", 2)


def test_a_failing_command_ends_the_setup_with_a_sentence(capfd):
    script = "print('No space left on device'); raise SystemExit(1)"
    with pytest.raises(SystemExit, match="could not be installed, for the reason above; mend it"):
        bootstrap.run(sys.executable, "-c", script)
    assert "No space left" in capfd.readouterr().out


def test_a_disk_that_is_nearly_full_is_refused_before_anything_is_written(monkeypatch):
    monkeypatch.setattr(bootstrap, "SPACE_NEEDED_GB", 10**9)
    monkeypatch.setattr(bootstrap, "run", lambda *command: pytest.fail("it began"))
    with pytest.raises(SystemExit, match="less than 1000000000 GB free"):
        bootstrap.install()


def test_what_is_installed_is_what_the_lock_says():
    found = bootstrap.made_from()
    assert found == bootstrap.environment() + bootstrap.read(bootstrap.LOCK), "run `make setup`"
