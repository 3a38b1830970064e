"""The helpers are quick and silent to import, and the examples in their docstrings run."""

import doctest
import importlib
import inspect
import subprocess
import sys

import matplotlib.pyplot as plt
import pytest

from tests.helpers.downloads import BOOK, NAME
from tests.helpers.test_other_systems import MODULES
from tools.book import ROOT

# The example of glue speaks to a notebook, and is tried in one.
WITH_EXAMPLES = [name for name in MODULES if name != "helpers.gluing"]
HEAVY = {"tensorflow", "keras", "pandas", "matplotlib", "IPython", "scipy", "tables", "requests"}


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_run(name, folders):
    (folders.checkout / NAME).write_bytes(BOOK)
    module = importlib.import_module(name)
    with plt.rc_context():
        results = doctest.testmod(module)
    assert results.attempted == inspect.getsource(module).count(">>> ")
    assert results.failed == 0


@pytest.mark.parametrize("module", ["helpers", "helpers.data"])
def test_importing_loads_nothing_heavy(module):
    code = f"import sys, {module}; sys.exit({HEAVY} & set(sys.modules) or 0)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
