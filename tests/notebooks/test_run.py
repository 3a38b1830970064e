"""The notebooks of the book run, and give the outputs that they store.

Beside the build, which executes the chapters, this is their only run in ``make test``.
"""

import pytest

from tests.notebooks.running import run_nbval
from tools.book import ROOT, is_notebook, notebook_path, pages, source


@pytest.mark.parametrize(
    "name", [notebook_path(page) for page in pages() if is_notebook(source(page))]
)
def test_notebook_runs_and_gives_its_stored_outputs(tmp_path, name):
    result = run_nbval(ROOT / "notebooks" / name, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
