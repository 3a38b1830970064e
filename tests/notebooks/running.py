"""Run notebooks under nbval, away from the repository, and build the book in small."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from tools.book import ROOT
from tools.execute import SETTINGS, kernel_environment

BOOK = Path(__file__).with_name("book")


def run_nbval(notebook: Path, folder: Path) -> subprocess.CompletedProcess:
    """Run a copy of a notebook in `folder` and compare its outputs with those it stores.

    Its kernel has none of the book's settings, as on a student's machine.
    """
    copy = shutil.copy(notebook, folder)
    options = ["--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "--color=no"]
    environment = {k: v for k, v in python_environment().items() if k not in SETTINGS}
    with tempfile.TemporaryDirectory() as ipython:
        # Under pytest a kernel would not show what libraries of C write.
        profile = Path(ipython, "profile_default", "ipython_kernel_config.py")
        profile.parent.mkdir()
        profile.write_text("import os; del os.environ['PYTEST_CURRENT_TEST']")
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, "-p", "tests.notebooks.numeric", copy],
            env=environment | {"IPYTHONDIR": ipython},
            cwd=folder,
            capture_output=True,
            text=True,
        )


def build(book: Path, output: Path, *options: str, **variables: str) -> Path:
    """Build a book below `output`; a warning fails. Returns the folder of the builds."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", book]
    result = subprocess.run(
        [*command, "--path-output", output, "-q", "-W", "-n", "--keep-going", *options],
        env=python_environment() | variables,
        cwd=output,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return output / "_build"


def build_notebooks(book: Path, output: Path, **variables: str) -> Path:
    build(book, output, "--builder", "custom", "--custom-builder", "notebook", **variables)
    return output / "_build" / "notebook"


def python_environment() -> dict[str, str]:
    """Return an environment in which the tests and the tools can be imported."""
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(ROOT), *([inherited] if inherited else [])])
    # Sphinx's own dependencies warn of what they deprecate in each other.
    outside = {"GITHUB_REPOSITORY": "", "GITHUB_SHA": "", "PYTEST_ADDOPTS": ""}
    return kernel_environment() | outside | {"PYTHONPATH": path}


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)
