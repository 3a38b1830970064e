"""What `make test-colab` promises: Colab's versions, and no notebook passes unseen."""

import re

import nbformat
import pytest
from nbformat import v4

from tools import colab
from tools.book import ROOT
from tools.notebooks.cells import set_up_cell
from tools.notebooks.origin import committed

PINS = colab.pinned(colab.PINS.read_text("utf-8"))


def notebook(text="", set_up=True):
    outputs = [v4.new_output("stream", text=text)] if text else []
    cells = [set_up_cell(committed())] if set_up else []
    cells.append(v4.new_code_cell("print(1)", execution_count=1, outputs=outputs))
    return v4.new_notebook(cells=cells)


def test_the_lock_has_the_versions_of_colab():
    lock = colab.pinned((ROOT / "requirements.txt").read_text("utf-8"))
    held = colab.pinned(colab.CONSTRAINTS.read_text("utf-8"))
    assert {name: (lock[name], PINS[name]) for name in held} == {
        name: (version, version) for name, version in held.items()
    }


def test_the_pins_tell_the_date_of_the_list():
    assert re.search(r"pip-freeze\.txt, \d{4}-\d\d-\d\d\.", colab.PINS.read_text("utf-8"))
    assert set(colab.names()) <= set(PINS)


def test_the_set_up_cell_installs_from_the_given_repository():
    changed = colab.with_helpers_from(notebook(), "git+file:///somewhere@main")
    assert 'HELPERS = "git+file:///somewhere@main"' in changed.cells[0].source
    nbformat.validate(changed)


def test_a_notebook_without_set_up_fails():
    with pytest.raises(colab.NotebookFailed, match="not the set-up cell"):
        colab.with_helpers_from(notebook(set_up=False), "git+file:///somewhere@main")


def test_another_output_fails():
    colab.compare_outputs(notebook("loss 0.5\n"), notebook("loss 0.500001\n"))
    with pytest.raises(colab.NotebookFailed, match="cell 1 gives another output"):
        colab.compare_outputs(notebook("loss 0.5\n"), notebook("loss 0.6\n"))


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ({"numpy==2.1.3"}, "installs no helpers"),
        ({"numpy==2.2.0", f"{colab.HELPERS} @ git"}, r"from \['numpy==2.1.3'\]"),
        ({"numpy==2.1.3", "rich==1", f"{colab.HELPERS} @ git"}, r"to \['rich==1'\]"),
    ],
)
def test_a_change_of_packages_fails(after, message):
    colab.compare_packages({"numpy==2.1.3"}, {"numpy==2.1.3", f"{colab.HELPERS} @ git"})
    with pytest.raises(colab.NotebookFailed, match=message):
        colab.compare_packages({"numpy==2.1.3"}, after)


def test_every_notebook_is_run_and_those_that_fail_are_named(tmp_path, capsys):
    def check(path):
        if path.name == "bad.ipynb":
            raise colab.NotebookFailed("a cell raises")

    paths = [tmp_path / name for name in ("bad.ipynb", "good.ipynb")]
    assert colab.check_all(paths, check) == ["bad.ipynb"]
    output = capsys.readouterr().out
    assert "bad.ipynb: a cell raises" in output
    assert "good.ipynb: runs in Colab" in output
