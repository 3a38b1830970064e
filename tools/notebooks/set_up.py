# @title Set-up: run this cell first
import importlib.metadata
import importlib.util
import os
import pathlib
import subprocess
import sys

HELPERS = "git+https://github.com/your--name/deep-learning@main"
TESTED = {"Python": ("3.11", "3.13"), "TensorFlow": ("2.20", "2.21")}


class SetUpError(Exception):
    """A failure that one sentence explains; a notebook shows it without a traceback."""

    def _render_traceback_(self):
        return [str(self)]


def compare_with_tested(name, version):
    found, oldest, newest = (
        tuple(int(part) for part in text.split(".")[:2]) for text in (version, *TESTED[name])
    )
    if found < oldest:
        raise SetUpError(
            f"This book needs {name} {TESTED[name][0]} or newer and this runtime has {version}: "
            "choose a newer runtime (in Colab: Runtime > Change runtime type > latest version)."
        )
    if found > newest:
        print(
            f"This book is tested up to {name} {TESTED[name][1]} and this runtime has {version}: "
            "should a cell fail, that is the likely reason."
        )


def tensorflow_version():
    try:
        return importlib.metadata.version("tensorflow")
    except importlib.metadata.PackageNotFoundError:
        raise SetUpError(
            "This runtime has no TensorFlow, which the book needs: open this notebook in Colab, "
            f"or install TensorFlow {TESTED['TensorFlow'][1]} and run this cell again."
        ) from None


def install_helpers():
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    result = subprocess.run(
        [*pip, "--no-deps", "--ignore-requires-python", HELPERS],
        env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode != 0:
        lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
        reasons = [line for line in lines if "fatal:" in line] + lines[-1:] + ["pip gives none"]
        raise SetUpError(
            f"The book's helpers could not be installed from {HELPERS}: check the network and "
            f"the address, and run this cell again (the reason given: {reasons[0]})"
        )
    importlib.invalidate_caches()
    print("The book's helpers are installed.")


if importlib.util.find_spec("helpers") is None:
    compare_with_tested("Python", sys.version.split()[0])
    compare_with_tested("TensorFlow", tensorflow_version())
    install_helpers()
    if pathlib.Path("/dev/nvidia0").exists():
        print(
            "A GPU is selected, which this book does not need: "
            "its networks are small and train as fast on a CPU."
        )
