"""The hand-over of results to the prose."""

import subprocess
import sys

import IPython.display
import pytest

from helpers import glue


def test_a_result_is_stored_under_its_name(monkeypatch):
    shown = []
    monkeypatch.setattr(
        IPython.display, "display", lambda data, **options: shown.append((data, options))
    )
    glue("dk-x", "0.93")
    [(data, options)] = shown
    assert data == {"application/papermill.record/text/plain": "'0.93'"}
    assert options["metadata"]["scrapbook"]["name"] == "dk-x"


def test_an_unrounded_number_is_refused():
    with pytest.raises(TypeError, match="already rounded, and got float"):
        glue("dk-x", 0.93712)


def test_importing_helpers_loads_nothing_heavy():
    heavy = "{'tensorflow', 'keras', 'pandas', 'matplotlib', 'IPython', 'scipy'}"
    code = f"import sys, helpers; sys.exit({heavy} & set(sys.modules) or 0)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
