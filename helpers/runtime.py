"""Whether this runtime can run the book: what the set-up cell of a notebook asks.

Written for every Python that a notebook may meet, since its task is to say which is too old.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pathlib
import re
import sys
from collections.abc import Iterator

PACKAGE = "deep-learning-helpers"
OLDEST_PYTHON = "3.11"
NEWEST = {"Python": "3.13", "TensorFlow": "2.21"}
NEED = re.compile(r"([\w.-]+)(?:.*>=([\d.]+))?")


def problem() -> "str | None":
    """Return what keeps this runtime from running the book, one sentence, or None.

    Versions newer than the book was tested with, and a GPU that it does not need, are no
    problem and are only printed. TensorFlow is loaded on the way, without the notices that
    it writes where there is no GPU.

    Returns
    -------
    str or None
        What is missing or too old, and what to do about it.

    Examples
    --------
    >>> problem() is None
    True
    """
    python = sys.version.split()[0]
    if _number(python) < _number(OLDEST_PYTHON):
        return (
            f"This book needs Python {OLDEST_PYTHON} or newer and this runtime has {python}: "
            "choose a newer runtime (in Colab: Runtime > Change runtime type > latest version)."
        )
    _say_if_newer("Python", python)
    return _lacking() or _tensorflow()


def _number(version: str) -> tuple:
    return tuple(map(int, re.findall(r"\d+", version)))


def _say_if_newer(name: str, version: str) -> None:
    if _number(version)[:2] > _number(NEWEST[name]):
        print(
            f"This book is tested up to {name} {NEWEST[name]} and this runtime has {version}: "
            "should a cell fail, that is the likely reason."
        )


def _lacking() -> "str | None":
    """Say which packages are missing or too old that the installed helpers need."""
    try:
        needs = importlib.metadata.requires(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:  # A checkout brings its own environment.
        needs = []
    lacking = [need for need in needs if not _is_met(*NEED.match(need).groups("0"))]
    if not lacking:
        return None
    quoted = " ".join(f'"{need}"' for need in lacking)
    return (
        f"This runtime lacks {', '.join(lacking)}, which the book needs: run "
        f"`%pip install {quoted}` in a new cell, restart the kernel and run this cell again."
    )


def _is_met(name: str, oldest: str) -> bool:
    """Tell whether a module is there, as TensorFlow is under more than one package's name."""
    if version := _version(name):
        return _number(version) >= _number(oldest)
    return importlib.util.find_spec(name.replace("-", "_")) is not None


def _version(name: str) -> "str | None":
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _tensorflow() -> "str | None":
    """Load TensorFlow without its alarms, and say what keeps it from being loaded."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _without_stderr():
            tensorflow = importlib.import_module("tensorflow")
            version = tensorflow.__version__
            tensorflow.get_logger().setLevel("ERROR")
            with tensorflow.Graph().as_default():  # The first session raises an alarm, too.
                tensorflow.compat.v1.Session().run(tensorflow.constant(0))
    except Exception as error:
        causes = re.findall(r"^\w+Error: .*", str(error), re.MULTILINE)
        cause = [*causes[::-1], f"{type(error).__name__}: {error}"][0].strip().split("\n")[0]
        return (
            f"TensorFlow is installed and broken ({cause}): run `%pip install --force-reinstall "
            "tensorflow` in a new cell, restart the kernel and run this cell again."
        )
    _say_if_newer("TensorFlow", version)
    if pathlib.Path("/dev/nvidia0").exists():
        print(
            "A GPU is selected, which this book does not need: "
            "its networks are small and train as fast on a CPU."
        )
    return None


@contextlib.contextmanager
def _without_stderr() -> Iterator[None]:
    """Throw away what libraries of C++ write to the standard error, past Python."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
