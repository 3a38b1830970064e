"""The hand-over of results to the prose."""

import os
import subprocess
import sys

import pytest
from IPython.utils.capture import capture_output

from helpers import glue


def test_a_result_is_stored_as_myst_nb_stores_it(tmp_path):
    code = """
import myst_nb
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from helpers import glue

InteractiveShell.instance()
stored = []
for store, options in ((glue, {}), (myst_nb.glue, {"display": False})):
    with capture_output() as captured:
        store("dk-x", "0.93", **options)
    (output,) = captured.outputs
    stored.append((output.data, output.metadata))
assert stored[0] == stored[1], stored
assert "'0.93'" in stored[0][0].values()
with capture_output() as captured:
    glue("dk-x", "-0.93, two-sided")
assert "'−0.93, two-sided'" in captured.outputs[0].data.values()
"""
    environment = os.environ | {"IPYTHONDIR": str(tmp_path)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()


def test_outside_the_build_nothing_is_shown(monkeypatch):
    monkeypatch.delenv("DEEP_LEARNING_BUILD")
    with capture_output() as captured:
        glue("dk-x", "0.93")
    assert (captured.outputs, captured.stdout, captured.stderr) == ([], "", "")


def test_an_unrounded_number_is_refused():
    with pytest.raises(TypeError, match="already rounded, and got float"):
        glue("dk-x", 0.93712)
