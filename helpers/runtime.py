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
OLDEST = {"Python": "3.11", "TensorFlow": "2.20"}
NEWEST = {"Python": "3.13", "TensorFlow": "2.21"}


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
    return _too_old("Python", sys.version.split()[0]) or _missing() or _tensorflow()


def _too_old(name: str, version: str) -> "str | None":
    if _number(version) < _number(OLDEST[name]):
        return (
            f"This book needs {name} {OLDEST[name]} or newer and this runtime has {version}: "
            "choose a newer runtime (in Colab: Runtime > Change runtime type > latest version)."
        )
    if _number(version) > _number(NEWEST[name]):
        print(
            f"This book is tested up to {name} {NEWEST[name]} and this runtime has {version}: "
            "should a cell fail, that is the likely reason."
        )
    return None


def _number(version: str) -> tuple:
    return tuple(int(part) for part in version.split(".")[:2])


def _missing() -> "str | None":
    """Say which packages are not there that the installed helpers need."""
    try:
        needs = importlib.metadata.requires(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:  # A checkout brings its own environment.
        needs = []
    names = [re.match(r"[\w.-]+", need)[0] for need in needs]
    absent = [name for name in names if not _version(name) and not _found(name)]
    if not absent:
        return None
    return (
        f"This runtime lacks {', '.join(absent)}, which the book needs: run "
        f"`%pip install {' '.join(absent)}` in a new cell, and then this cell again."
    )


def _found(name: str) -> bool:
    """Tell whether a module is there, as TensorFlow is under more than one package's name."""
    return importlib.util.find_spec(name.replace("-", "_")) is not None


def _version(name: str) -> "str | None":
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _tensorflow() -> "str | None":
    version = _version("tensorflow") or _version("tensorflow-cpu") or NEWEST["TensorFlow"]
    if sentence := _too_old("TensorFlow", version):
        return sentence
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" not in sys.modules:
        with _without_stderr():
            importlib.import_module("tensorflow")
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
