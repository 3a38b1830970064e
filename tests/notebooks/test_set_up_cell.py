"""The set-up cell installs the book's helpers where they are missing, and says what is wrong."""

import json
import os
import pathlib
import re
import subprocess
import sys
import zipfile

import pytest

from helpers import __version__
from tests.notebooks.running import python_environment
from tools.book import ROOT
from tools.notebooks.cells import set_up_cell
from tools.notebooks.origin import Origin

ORIGIN = Origin("any", "https://github.com/me/book", "v1")
CELL = set_up_cell(ORIGIN).source
GLUE = "from helpers.gluing import glue"
# Stands in for pip: notes how it is called, and installs what the test put aside.
PIP = """
import json, os, pathlib, shutil, sys
called = pathlib.Path("calls.json")
calls = json.loads(called.read_text()) if called.exists() else []
called.write_text(json.dumps([*calls, [sys.argv[1:], os.environ["GIT_TERMINAL_PROMPT"]]]))
if pathlib.Path("error.txt").exists():
    sys.exit(pathlib.Path("error.txt").read_text())
shutil.copytree("wheel", "site", dirs_exist_ok=True)
"""
LOCATE = """
import helpers
from helpers.data import locate_data

print(helpers.__file__)
for name in ["circles_data", "circles_targets", "spectra_data", "spectra_targets"]:
    print(locate_data(f"{name}.hf5"))
"""


class Runtime:
    """A folder of a notebook, with a ``site`` for packages and another package named pip."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.write("pip/__init__.py", "")
        self.write("pip/__main__.py", PIP)
        self.helpers("wheel", __version__)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def helpers(self, where: str, version: str, problem: str | None = None) -> None:
        self.write(f"{where}/helpers/__init__.py", f'{GLUE}\n__version__ = "{version}"')
        self.write(f"{where}/helpers/gluing.py", "glue = print")
        self.write(f"{where}/helpers/runtime.py", f"def problem(): return {problem!r}")

    def run(self, cell: str = CELL) -> str:
        """Run the cell as a notebook in this folder does; return what it shows."""
        result = subprocess.run(
            [sys.executable, "-S", "-c", cell],  # Without the checkout that .venv imports from.
            env=os.environ | {"PYTHONPATH": "site"},
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        if result.returncode == 0:
            return result.stdout
        return result.stderr.splitlines()[-1].removeprefix("__main__.").removeprefix("SetUpError: ")

    @property
    def calls(self) -> list:
        path = self.folder / "calls.json"
        return json.loads(path.read_text()) if path.exists() else []


@pytest.fixture
def runtime(tmp_path):
    return Runtime(tmp_path)


def test_nothing_happens_where_the_helpers_are(runtime):
    runtime.helpers("site", __version__)
    assert runtime.run() == ""
    assert runtime.calls == []


def test_helpers_are_installed_and_nothing_else(runtime):
    assert runtime.run() == "The book's helpers are installed.\n"
    [[arguments, prompt]] = runtime.calls
    assert arguments[0] == "install"
    assert "--no-deps" in arguments
    assert [argument for argument in arguments[1:] if not argument.startswith("--")] == [
        "git+https://github.com/me/book@v1"
    ]
    assert prompt == "0"


def test_a_second_run_does_nothing(runtime):
    assert runtime.run(f"{CELL}\n{CELL}") == "The book's helpers are installed.\n"
    assert len(runtime.calls) == 1


@pytest.mark.parametrize(
    "present",
    [
        {"site/helpers/__init__.py": f'{GLUE}\n__version__ = "0.9"'},
        {"site/helpers/__init__.py": f'{GLUE}\n__version__ = "99.0"'},
        {"site/helpers/__init__.py": GLUE},
        {"helpers/notes.txt": "a folder of that name is no package"},
    ],
)
def test_another_edition_of_the_helpers_is_replaced(runtime, present):
    for name, text in present.items():
        runtime.write(name, text)
    assert runtime.run() == "The book's helpers are installed.\n"


def test_an_edition_that_was_imported_is_forgotten(runtime):
    runtime.helpers("site", "0.9", problem="too old")
    assert runtime.run(f"import helpers.runtime\n{CELL}") == "The book's helpers are installed.\n"


@pytest.mark.parametrize("name", ["helpers.py", "helpers/__init__.py", "site/helpers/__init__.py"])
@pytest.mark.parametrize("code", ["def glue(): pass", "1 / 0", f'__version__ = "{__version__}"'])
def test_somebody_else_s_helpers_are_named_and_neither_run_nor_replaced(runtime, name, code):
    runtime.write(name, f"print('run')\n{code}")
    sentence = runtime.run()
    assert re.search(rf"^\S*{name} hides this notebook's package helpers", sentence)
    assert "rename it, or move the notebook to another folder" in sentence
    assert runtime.calls == []


def test_somebody_else_s_helpers_are_forgotten_once_they_are_renamed(runtime):
    runtime.write("helpers.py", "mine = 1")
    runtime.helpers("site", __version__)
    rename = "import helpers, os; os.rename('helpers.py', 'mine.py')"
    assert runtime.run(f"{rename}\n{CELL}") == ""


def test_an_edition_that_pip_cannot_replace_is_named(runtime):
    runtime.helpers(".", "0.9")
    assert "helpers/__init__.py hides this notebook's package helpers" in runtime.run()
    assert len(runtime.calls) == 1


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        (
            "  fatal: Could not resolve host\n  error: subprocess-exited-with-error\n  note: Oh",
            "fatal: Could not resolve host",
        ),
        ("ERROR: Cannot find command 'git'\nnote: ask someone", "ERROR: Cannot find command 'git'"),
        (
            "  error: subprocess-exited-with-error\n  ERROR: No matching distribution\n  note: Oh",
            "ERROR: No matching distribution",
        ),
        ("something else\nwent wrong", "went wrong"),
        ("", "pip gives none"),
    ],
)
def test_a_repository_out_of_reach_is_told_with_pip_s_error(runtime, stderr, reason):
    runtime.write("error.txt", stderr or " ")
    sentence = runtime.run()
    assert "check the network and the address, and that this Python has git and a pip" in sentence
    assert "git+https://github.com/me/book@v1" in sentence
    assert f"(the reason given: {reason})" in sentence


def test_what_the_runtime_lacks_is_told(runtime):
    runtime.helpers("wheel", __version__, "This runtime lacks pooch.")
    assert runtime.run() == "This runtime lacks pooch."


def test_a_notebook_shows_one_sentence_and_no_traceback(tmp_path):
    cell = set_up_cell(Origin("any", f"file://{tmp_path}/nowhere", "main")).source
    hide_helpers = f"import sys\nsys.path.remove({str(ROOT)!r})\n"
    result = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", "-c", hide_helpers + cell],
        env=python_environment() | {"PYTHONPATH": "", "FORCE_COLOR": "1"},  # As in Jupyter.
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    shown = (result.stdout + result.stderr).strip()
    assert shown.startswith("The book's helpers could not be installed from git+file://")
    assert "(the reason given: fatal: " in shown
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
    environment = python_environment() | {"DEEP_LEARNING_DATA": str(empty / "downloads")}
    environment["PYTHONPATH"] = f"{tmp_path / 'installed'}:{environment['PYTHONPATH']}"
    result = subprocess.run(
        [sys.executable, "-c", LOCATE], env=environment, cwd=empty, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    paths = [pathlib.Path(line) for line in result.stdout.splitlines()]
    assert len(paths) == 5
    assert all(path.is_relative_to(tmp_path / "installed" / "helpers") for path in paths)
    assert list(empty.iterdir()) == []
