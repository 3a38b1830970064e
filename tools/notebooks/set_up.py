# @title Set-up: run this cell first
import importlib
import importlib.util
import os
import subprocess
import sys

HELPERS = "git+https://github.com/your--name/deep-learning@main"
EDITION = "1.1"


class SetUpError(Exception):
    """A failure that one sentence explains; a notebook shows it without a traceback."""

    def _render_traceback_(self):
        return [str(self)]


def edition():
    try:
        return importlib.import_module("helpers").__version__
    except Exception:  # Nothing is known of a package that is not the book's.
        return None


def install():
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    result = subprocess.run(
        [*pip, "--no-deps", "--force-reinstall", "--ignore-requires-python", HELPERS],
        env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode != 0:
        lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
        errors = [
            line
            for start in ("fatal:", "error:")
            for line in lines
            if line.lower().startswith(start)
        ]
        reason = [*errors, *lines[-1:], "pip gives none"][0]
        raise SetUpError(
            f"The book's helpers could not be installed from {HELPERS}: check the network and "
            f"the address, and run this cell again (the reason given: {reason})"
        )
    for name in [name for name in sys.modules if name.split(".")[0] == "helpers"]:
        del sys.modules[name]
    importlib.invalidate_caches()


if edition() != EDITION:
    install()
    if edition() != EDITION:
        path = importlib.util.find_spec("helpers").origin
        raise SetUpError(
            f"{path} hides this notebook's package helpers (edition {EDITION}): rename it, or move "
            "the notebook to another folder; then restart the kernel and run this cell again."
        )
    print("The book's helpers are installed.")
if problem := importlib.import_module("helpers.runtime").problem():
    raise SetUpError(problem)
