"""The notebooks of the book run, and give the outputs that they store.

Beside the build, which executes the chapters, this is their only run in ``make test``.
"""

import pytest

from tests.notebooks.running import run_nbval
from tools.book import ROOT, chapters


@pytest.mark.parametrize("name", [path.stem for path in chapters()])
def test_notebook_runs_and_gives_its_stored_outputs(tmp_path, name):
    result = run_nbval(ROOT / "notebooks" / f"{name}.ipynb", tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
