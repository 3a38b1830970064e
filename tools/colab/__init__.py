"""Run every notebook as Colab runs it: run ``make test-colab``.

An environment of its own has the versions of Colab's published list for all that the
book imports. Each notebook runs there top to bottom in an empty folder, with an empty
home and without a network: its set-up cell installs the helpers from a local
repository, its outputs must agree with those it stores, and no other package may come,
go or change.

``python -m tools.colab --list FILE --date DATE`` takes the versions of a newer list.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from packaging.requirements import Requirement

from tools.book import ROOT
from tools.bootstrap import stop
from tools.execute import CELL_TIMEOUT_S
from tools.notebooks import compare

PYTHON = "3.13"
# Beside the book's own dependencies: what runs a notebook and what installs the helpers.
SERVER = ["ipykernel", "jupyter-client", "pip"]
FOLDER = Path(__file__).parent
PINS = FOLDER / "requirements.txt"
CONSTRAINTS = FOLDER / "constraints.txt"
ENVIRONMENT = ROOT / ".cache" / "colab"
INTERPRETER = ENVIRONMENT / "bin" / "python"
# What building the helpers takes, so that the set-up cell needs no package index.
WHEELS = ENVIRONMENT / "wheels"
STAMP = ENVIRONMENT / "made-from"
HELPERS = "deep-learning-helpers"
HEADER = """\
# What the book imports, and what that needs, in the versions of Google Colab's CPU
# runtime: https://github.com/googlecolab/backend-info/blob/main/pip-freeze.txt, {date}.
# Taken from that list by: python -m tools.colab --list FILE --date DATE
"""


class NotebookFailed(Exception):
    """A notebook does in Colab what it should not; the message says which and what."""


# The environment


def names() -> list[str]:
    """Return the packages whose versions have to be those of Colab."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(text).name for text in project["dependencies"]] + SERVER


def take_versions(published: Path, date: str) -> None:
    """Write pins and constraints anew, from a list of packages that Colab publishes."""
    pins = pinned(published.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as name:
        wanted, constraints = Path(name, "wanted.txt"), Path(name, "constraints.txt")
        wanted.write_text("\n".join(names()), "utf-8")
        constraints.write_text("\n".join(map("==".join, pins.items())), "utf-8")
        options = ["--python-version", PYTHON, "--no-header", "--no-annotate"]
        compiled = uv("pip", "compile", wanted, "--constraints", constraints, *options)
    PINS.write_text(HEADER.format(date=date) + compiled, "utf-8")
    held = CONSTRAINTS.read_text("utf-8")
    for name, version in pinned(held).items():
        held = held.replace(f"\n{name}=={version}\n", f"\n{name}=={pins[name]}\n")
    CONSTRAINTS.write_text(held, "utf-8")


def pinned(text: str) -> dict[str, str]:
    """Return the versions that a list of packages pins, by name."""
    return dict(re.findall(r"^([\w.-]+)==([\w.+!-]+)", text, re.MULTILINE))


def uv(*arguments: str | Path) -> str:
    command = [Path(sys.executable).with_name("uv"), "--quiet", *arguments]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        stop("The environment of Colab could not be made, for the reason above.")
    return result.stdout


def ensure_environment() -> None:
    """Make the environment, or leave it as it is when the pins are the same."""
    pins = PINS.read_text("utf-8")
    if STAMP.exists() and STAMP.read_text("utf-8") == pins:
        return
    print(f"Setting up Colab's packages in {ENVIRONMENT.relative_to(ROOT)}: about 3 GB.")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    # The book's own Python, if it is Colab's, is on the machine under whatever name.
    has_it = platform.python_version().startswith(f"{PYTHON}.")
    uv("venv", "--python", sys.executable if has_it else PYTHON, ENVIRONMENT)
    uv("pip", "install", "--python", INTERPRETER, "--requirement", PINS)
    download = ["download", "--quiet", "--dest", WHEELS, "hatchling"]
    if subprocess.run([INTERPRETER, "-m", "pip", *download]).returncode != 0:
        stop("What builds the helpers could not be downloaded, for the reason above.")
    STAMP.write_text(pins, "utf-8")


def installed() -> set[str]:
    return set(uv("pip", "freeze", "--python", INTERPRETER).splitlines())


def remove_helpers() -> None:
    uv("pip", "uninstall", "--python", INTERPRETER, HELPERS)


def make_repository(folder: Path) -> str:
    """Commit the checkout as it stands to a repository in `folder`; return its address."""
    git = ["git", f"--git-dir={folder}", f"--work-tree={ROOT}"]
    author = ["-c", "user.name=book", "-c", "user.email=book@localhost"]
    for command in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        [*author, "commit", "--quiet", "--no-verify", "--message=The checkout"],
    ):
        subprocess.run([*git, *command], check=True)
    return f"git+file://{folder}@main"


# The notebooks


def session_environment(folder: Path) -> dict[str, str]:
    """Return the environment of a Colab runtime that has just been started."""
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    shutil.copy(FOLDER / "ipython_config.py", profile)
    home, log = folder / "home", folder / "network.log"
    home.mkdir()
    log.touch()
    return {
        "PATH": f"{INTERPRETER.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONPATH": f"{FOLDER / 'only_in_colab'}{os.pathsep}{ROOT / 'tools' / 'offline'}",
        "BOOK_NETWORK_LOG": str(log),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(WHEELS),
    }


def kernel_manager(folder: Path) -> AsyncKernelManager:
    """Return a manager of a kernel in Colab's environment."""
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = [str(INTERPRETER), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    description = {"argv": argv, "display_name": "Colab", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(description), "utf-8")
    kernels = KernelSpecManager(kernel_dirs=[str(kernel.parent)])
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=kernels)


def run(notebook: NotebookNode, folder: Path) -> None:
    """Run a notebook in an empty folder; a cell that raises is named."""
    empty = folder / "empty"
    empty.mkdir()
    place = {"metadata": {"path": str(empty)}}
    kernel = kernel_manager(folder)
    client = NotebookClient(notebook, km=kernel, timeout=CELL_TIMEOUT_S, resources=place)
    log = folder / "kernel.log"
    try:
        with log.open("w") as stderr:
            client.execute(env=session_environment(folder), stderr=stderr)
    except CellExecutionError as error:
        raise NotebookFailed(f"a cell raises\n{error}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise NotebookFailed(f"{error}\n{log.read_text()}") from None
    attempts = (folder / "network.log").read_text()
    if attempts:
        raise NotebookFailed(f"something asks for the network\n{attempts}")


def with_helpers_from(notebook: NotebookNode, address: str) -> NotebookNode:
    """Return a copy whose set-up cell installs the helpers from another address."""
    copy = nbformat.from_dict(notebook)
    cell = next(cell for cell in copy.cells if cell.cell_type == "code")
    cell.source, count = re.subn(
        r'^HELPERS = ".*"$', f'HELPERS = "{address}"', cell.source, flags=re.MULTILINE
    )
    if count != 1:
        raise NotebookFailed("its first code cell is not the set-up cell")
    return copy


def compare_outputs(stored: NotebookNode, found: NotebookNode) -> None:
    for position, (one, other) in enumerate(zip(stored.cells, found.cells, strict=True)):
        if one.cell_type == "code" and one.execution_count is not None:
            wrong = compare.difference(one.outputs, other.outputs, compare.tolerance(one))
            if wrong:
                raise NotebookFailed(f"cell {position} gives another output\n{one.source}\n{wrong}")


def compare_packages(before: set[str], after: set[str]) -> None:
    helpers = {line for line in after - before if line.startswith(HELPERS)}
    come, gone = sorted(after - before - helpers), sorted(before - after)
    if come or gone:
        raise NotebookFailed(f"packages change, from {gone} to {come}")
    if not helpers:
        raise NotebookFailed("the set-up cell installs no helpers")


def check(path: Path, address: str) -> None:
    """Run one notebook as a new session of Colab would."""
    remove_helpers()
    before = installed()
    stored = nbformat.read(path, as_version=4)
    found = with_helpers_from(stored, address)
    with tempfile.TemporaryDirectory() as folder:
        run(found, Path(folder))
    compare_packages(before, installed())
    compare_outputs(stored, found)


def check_all(paths: list[Path], check: Callable[[Path], None]) -> list[str]:
    """Check each notebook, tell how it went and return the names of those that fail."""
    failed = []
    for path in paths:
        try:
            check(path)
            print(f"{path.name}: runs in Colab", flush=True)
        except NotebookFailed as error:
            failed.append(path.name)
            print(f"{path.name}: {error}", flush=True)
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--list", type=Path, help="a list of packages that Colab published")
    parser.add_argument("--date", help="when it was published")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all")
    arguments = parser.parse_args()
    if arguments.list:
        take_versions(arguments.list, arguments.date)
        return
    ensure_environment()
    paths = arguments.notebooks or sorted((ROOT / "notebooks").rglob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        address = make_repository(Path(folder))
        failed = check_all(paths, lambda path: check(path, address))
    remove_helpers()
    if failed:
        stop(f"In Colab these notebooks fail, for the reasons above: {', '.join(failed)}")
