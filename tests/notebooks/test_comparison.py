"""nbval compares every output of a notebook, numbers with a tolerance."""

import re

import nbformat
import pytest
from nbformat import v4

from tests.notebooks.running import run_nbval
from tools.notebooks import compare
from tools.notebooks.compare import MARKS


@pytest.mark.parametrize(
    ("expected", "close", "others"),
    [
        ("accuracy 0.93712", "accuracy 0.937121", ["accuracy 0.93722", "loss 0.93712"]),
        ("[ 0.5 -1.25]", "[ 0.5 -1.250001]", ["[0.5 1.25]", "[−0.5 -1.25]", "[0.5 -1.25 0.1]"]),
        ("array([1., 2.])", "array([0.999999, 2.      ])", ["array([1., nan])", "array([1, 2])"]),
        ("1.2e-17", "0.0", ["1.2"]),
        ("3.0e+8 m/s", "299999999.0 m/s", ["3.0e+7 m/s"]),
        ("inf nan", "inf  nan\n", ["nan nan"]),
        ("98 of 10,000", "98 of  10,000", ["97 of 10,000", "98 of 10,001", "98.0 of 10,000"]),
        ("sha256 2.1.3", "sha256 2.1.3", ["sha255 2.1.3", "sha256 2.1.4"]),
    ],
)
def test_words_are_equal_and_numbers_within_the_tolerance(expected, close, others):
    assert compare.agree(expected, close)
    assert not any(compare.agree(expected, other) for other in others)


def test_a_tag_widens_the_tolerance_for_fractions_but_not_for_whole_numbers():
    cell = v4.new_code_cell(metadata={"tags": ["define", "tolerance-5%"]})
    assert compare.tolerance(cell) == 0.05
    assert compare.agree("0.94 of 500", "0.97 of 500", compare.tolerance(cell))
    assert not compare.agree("0.94", "0.99", compare.tolerance(cell))
    assert not compare.agree("500", "501", compare.tolerance(cell))
    assert compare.tolerance(v4.new_code_cell()) == compare.RELATIVE


@pytest.mark.parametrize(
    ("stored", "new", "agrees"),
    [
        ("right in 0.94 of 500", "right in ⟨0.95⟩ of 500", True),
        ("took 12 s (−0.3 to 8)", "took ⟨13⟩ s (⟨−0.3⟩ to ⟨9⟩)", True),
        ("a residual of 2e-07", "a residual of ⟨3e-07⟩", True),
        ("between 0.950 to 0.969", "between ⟨0.951 to 0.968⟩", True),
        ("right in 0.94 of 500", "right in ⟨0.94⟩ of 501", False),
        ("right in 0.94 of 500", "right in ⟨0.76⟩ of 500", False),
        ("right in 0.94 of 500", "wrong in ⟨0.94⟩ of 500", False),
        ("took 12 s", "took ⟨14⟩ s", False),
        ("took 12 s", "took ⟨12 ms⟩", False),
        ("took 12 s", "took 12 s and ⟨3⟩", False),
        ("12", "⟨−12⟩", False),
    ],
)
def test_prose_agrees_but_for_small_changes_of_what_is_glued(stored, new, agrees):
    marked = new.replace("⟨", MARKS[0]).replace("⟩", MARKS[1])
    assert compare.prose_agrees(stored, marked) == agrees


def test_figures_glued_results_and_stderr_are_left_out():
    figure = v4.new_output("display_data", data={"image/png": "iVBOR", "text/plain": "<Figure>"})
    glued = v4.new_output("display_data", data={"application/papermill.record/text/plain": "1"})
    notice = v4.new_output("stream", name="stderr", text="a notice")
    assert compare.difference([], [figure, glued, notice]) is None


def test_pieces_of_one_stream_are_one_output():
    pieces = [v4.new_output("stream", text="a 1\n"), v4.new_output("stream", text="b 2\n")]
    assert compare.difference([v4.new_output("stream", text="a 1\nb 2\n")], pieces) is None


SOURCE = "print(1 / 3, 7)"
TRUE = "0.3333333333333333 7\n"
CELLS = {
    "equal": (SOURCE, TRUE),
    "close": (SOURCE, "0.3333334 7\n"),
    "in an empty folder": ("import os; print(os.listdir())", "['tiny.ipynb']\n"),
    "progress": ("import sys; print('\\r50%|##  | 1/2', file=sys.stderr)", ""),
    "noise on stderr": ("import sys; print('noise', file=sys.stderr)", ""),
    "noise of C": ("import os; os.write(2, b'noise')\nimport time; time.sleep(1)", ""),
    "a record": (
        "from helpers import gluing; import os; os.environ['DEEP_LEARNING_BUILD'] = ''\n"
        "gluing.glue('a', 'b')",
        "",
    ),
    "wrong fraction": (SOURCE, "0.3334 7\n"),
    "wrong whole number": (SOURCE, "0.3333333333333333 8\n"),
    "wrong word": (SOURCE, "0.3333333333333333 7 more\n"),
    "missing": (SOURCE, ""),
    "unexpected": ("_ = 7", TRUE),
    "raises": ("1 / 0", ""),
}


def test_nbval_fails_the_cells_whose_stored_outputs_are_wrong_and_no_other(tmp_path):
    cells = [
        v4.new_code_cell(
            source,
            execution_count=position,
            outputs=[v4.new_output("stream", text=text)] if text else [],
        )
        for position, (source, text) in enumerate(CELLS.values(), start=1)
    ]
    nbformat.write(v4.new_notebook(cells=cells), tmp_path / "tiny.ipynb")
    (tmp_path / "empty").mkdir()
    result = run_nbval(tmp_path / "tiny.ipynb", tmp_path / "empty")
    failed = {int(number) for number in re.findall(r"^FAILED .*Cell (\d+)", result.stdout, re.M)}
    assert [name for number, name in enumerate(CELLS) if number in failed] == list(CELLS)[4:]
    assert "found:\n0.3333333333333333 7" in result.stdout
    assert "ZeroDivisionError" in result.stdout
