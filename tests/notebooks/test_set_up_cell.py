"""The set-up cell installs the helpers where they are missing, and says what is wrong."""

import importlib.metadata
import importlib.util
import pathlib
import subprocess
import sys
import tomllib
import zipfile

import pytest

from tests.notebooks.running import python_environment
from tools.book import ROOT
from tools.notebooks.cells import set_up_cell
from tools.notebooks.edition import Edition

EDITION = Edition("any", "https://github.com/me/book", "v1")
CELL = set_up_cell(EDITION).source


class Runtime:
    """A notebook's runtime, as the set-up cell sees it."""

    def __init__(self, monkeypatch):
        self.has_helpers = False
        self.versions = {"tensorflow": "2.20.0"}
        self.commands = []
        self.environment = {}
        self.answer = subprocess.CompletedProcess([], 0, "", "")
        self.has_gpu = False
        monkeypatch.setattr(importlib.util, "find_spec", self.find_spec)
        monkeypatch.setattr(importlib.metadata, "version", self.version)
        monkeypatch.setattr(subprocess, "run", self.run)
        monkeypatch.setattr(pathlib.Path, "exists", lambda path: self.has_gpu)

    def find_spec(self, name):
        return object() if name == "helpers" and self.has_helpers else None

    def version(self, name):
        if name not in self.versions:
            raise importlib.metadata.PackageNotFoundError(name)
        return self.versions[name]

    def run(self, command, env, **options):
        self.commands.append(command)
        self.environment = env
        self.has_helpers = self.answer.returncode == 0
        return self.answer


@pytest.fixture
def runtime(monkeypatch):
    return Runtime(monkeypatch)


def run_cell():
    exec(compile(CELL, "set-up cell", "exec"), {})


def failure() -> str:
    """Return the one sentence that a notebook shows instead of a traceback."""
    with pytest.raises(Exception, match=r"^(This|The book)") as error:
        run_cell()
    assert type(error.value).__name__ == "SetUpError"
    (sentence,) = error.value._render_traceback_()
    assert "\n" not in sentence
    return sentence


def test_nothing_happens_where_the_helpers_are(runtime, capsys):
    runtime.has_helpers = True
    runtime.versions = {}
    run_cell()
    assert runtime.commands == []
    assert capsys.readouterr().out == ""


def test_helpers_are_installed_and_nothing_else(runtime, capsys):
    run_cell()
    (command,) = runtime.commands
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert "--no-deps" in command
    assert "--upgrade" not in command
    assert [part for part in command[4:] if not part.startswith("--")] == [
        "git+https://github.com/me/book@v1"
    ]
    assert runtime.environment["GIT_TERMINAL_PROMPT"] == "0"
    assert capsys.readouterr().out == "The book's helpers are installed.\n"


def test_a_second_run_does_nothing(runtime, capsys):
    run_cell()
    capsys.readouterr()
    run_cell()
    assert len(runtime.commands) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        (
            "  error: subprocess-exited-with-error\n"
            "  fatal: unable to access 'https://github.com/me/book/': Could not resolve host\n"
            "  note: This error originates from a subprocess\n",
            "fatal: unable to access 'https://github.com/me/book/': Could not resolve host",
        ),
        ("ERROR: Cannot find command 'git'\n", "ERROR: Cannot find command 'git'"),
        ("", "pip gives none"),
    ],
)
def test_a_repository_out_of_reach_is_told_with_the_reason(runtime, stderr, reason):
    runtime.answer = subprocess.CompletedProcess([], 1, "", stderr)
    sentence = failure()
    assert "check the network and the address" in sentence
    assert "git+https://github.com/me/book@v1" in sentence
    assert reason in sentence


def test_too_old_a_python_is_told_before_anything_is_installed(runtime, monkeypatch):
    monkeypatch.setattr(sys, "version", "3.10.12 (main) [GCC]")
    assert "needs Python 3.11 or newer and this runtime has 3.10.12" in failure()
    assert runtime.commands == []


def test_too_old_a_tensorflow_is_told_before_anything_is_installed(runtime):
    runtime.versions["tensorflow"] = "2.9.1"
    assert "needs TensorFlow 2.20 or newer and this runtime has 2.9.1" in failure()
    assert runtime.commands == []


def test_a_missing_tensorflow_is_told(runtime):
    runtime.versions = {}
    assert "has no TensorFlow" in failure()


@pytest.mark.parametrize(
    ("version", "notice"),
    [("2.21.0", ""), ("2.22.0rc1", "tested up to TensorFlow 2.21 and this runtime has 2.22.0rc1")],
)
def test_a_newer_tensorflow_is_told_and_tried(runtime, capsys, version, notice):
    runtime.versions["tensorflow"] = version
    run_cell()
    assert notice in capsys.readouterr().out
    assert len(runtime.commands) == 1


def test_a_newer_python_is_told_and_tried(runtime, capsys, monkeypatch):
    monkeypatch.setattr(sys, "version", "3.14.0 (main) [GCC]")
    run_cell()
    assert "tested up to Python 3.13 and this runtime has 3.14.0" in capsys.readouterr().out
    assert "--ignore-requires-python" in runtime.commands[0]


def test_a_gpu_that_is_not_needed_is_told(runtime, capsys):
    runtime.has_gpu = True
    run_cell()
    assert "A GPU is selected" in capsys.readouterr().out


def test_the_tested_range_is_that_of_the_packages():
    names = {}
    exec(CELL.split("class SetUpError")[0], names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest, newest = names["TESTED"]["Python"]
    following = f"3.{int(newest.split('.')[1]) + 1}"
    assert project["requires-python"] == f">={oldest},<{following}"
    oldest, newest = (tuple(map(int, text.split("."))) for text in names["TESTED"]["TensorFlow"])
    pinned = next(line for line in project["dependencies"] if line.startswith("tensorflow=="))
    assert oldest <= tuple(map(int, pinned.split("==")[1].split(".")[:2])) <= newest


def test_a_notebook_shows_one_sentence_and_no_traceback(tmp_path):
    cell = set_up_cell(Edition("any", f"file://{tmp_path}/nowhere", "main")).source
    hide_helpers = "import sys\nsys.modules['helpers'] = None\n"
    result = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", "-c", hide_helpers + cell],
        env=python_environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    shown = (result.stdout + result.stderr).strip()
    assert shown.startswith("The book's helpers could not be installed from git+file://")
    assert "does not exist" in shown or "does not appear to be a git repository" in shown
    assert "\n" not in shown


def test_the_wheel_holds_the_data(tmp_path):
    """What the set-up cell installs finds its data in an empty folder, without a network."""
    options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", tmp_path]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    empty = tmp_path / "empty"
    empty.mkdir()
    code = (
        "import helpers; from helpers.data import locate_data; print(helpers.__file__);"
        "print(*(locate_data(f'{name}.hf5') for name in "
        "['circles_data', 'circles_targets', 'spectra_data', 'spectra_targets']), sep='\\n')"
    )
    environment = python_environment() | {"DEEP_LEARNING_DATA": str(empty / "downloads")}
    environment["PYTHONPATH"] = f"{tmp_path / 'installed'}:{environment['PYTHONPATH']}"
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=empty, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    paths = [pathlib.Path(line) for line in result.stdout.splitlines()]
    assert len(paths) == 5
    assert all(path.is_relative_to(tmp_path / "installed" / "helpers") for path in paths)
    assert list(empty.iterdir()) == []
