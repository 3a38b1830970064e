"""Run notebooks under nbval, away from the repository, and build the book in small."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tools.book import ROOT
from tools.execute import kernel_environment

BOOK = Path(__file__).with_name("book")


def run_nbval(notebook: Path, folder: Path) -> subprocess.CompletedProcess:
    """Run a copy of a notebook in `folder` and compare its outputs with those it stores."""
    copy = shutil.copy(notebook, folder)
    options = ["--nbval", "--nbval-current-env", "-p", "tests.notebooks.numeric", "-q"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider", "--color=no", copy],
        env=python_environment(),
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
