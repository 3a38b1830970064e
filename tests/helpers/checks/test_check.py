"""The frame of the self-checks, whatever the exercise."""

import subprocess
import sys
import textwrap

import pytest

from helpers import checks

PAGE = """
from helpers.checks import exercise
from helpers.checks.answers import anything, function, number, parts

@exercise("tx-ex-double", number)
def check_double(double):
    'Twice the number.'
    return None if double == 4 else f"Twice two is not {double:g}."

@exercise("tx-ex-fault", function(number), number)
def check_fault(inverse, place):
    'Right.'
    return f"Not {inverse(0) + place / 0}."
"""


@pytest.fixture
def page(monkeypatch, tmp_path):
    """Return a function that adds a page of checks, whose labels begin with tx or ty."""
    monkeypatch.setattr(checks, "_EXERCISES", {})
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])

    def add(source=PAGE, prefix="tx"):
        monkeypatch.setitem(checks.PAGES, prefix, f"page_{prefix}")
        monkeypatch.delitem(sys.modules, f"helpers.checks.page_{prefix}", raising=False)
        (tmp_path / f"page_{prefix}.py").write_text(textwrap.dedent(source))

    return add


def sentence(capsys, *answers) -> str:
    right = checks.check(*answers)
    printed = capsys.readouterr().out
    assert right is printed.startswith("✓ ")
    assert printed.count("\n") == 1
    return printed


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["tx-ex-double", 4], "✓ Correct. Twice the number.\n"),
        (["tx-ex-double", 5], "✗ Not yet. Twice two is not 5.\n"),
        (["tx-ex-double", ...], "○ Not answered yet"),
        (["tx-ex-double", [..., 4]], "○ Not answered yet"),
        (["tx-ex-double"], "✗ Not yet. The check takes the answers double, and was given 0 of 1."),
        (["tx-ex-fault", abs, 1, 2], "✗ Not yet. The check takes the answers inverse and place, "),
        (["tx-ex-double", "4"], "✗ Not yet. double must be one number, and is the text '4': leave"),
        (["tx-ex-double", (4,)], "✗ Not yet. double must be one number, and is the tuple (4,)."),
        (["tx-ex-fault", 3, 1], "✗ Not yet. inverse must be a function, given by its name "),
        (
            ["tx-ex-fault", lambda x: print(x, end=" "), 1],
            "0 ✗ Not yet. What inverse returns must ",
        ),
        (["tx-ex-fault", lambda x: 1 / x, 1], "✗ Not yet. inverse raised ZeroDivisionError: "),
        (["tx-ex-fault", lambda x: [][x], 1], "✗ Not yet. inverse raised IndexError: "),
    ],
)
def test_an_answer_gets_its_sentence(page, capsys, answers, expected):
    page()
    assert sentence(capsys, *answers).startswith(expected)


def test_a_fault_of_a_check_is_not_blamed_on_the_reader(page, capsys):
    page()
    found = sentence(capsys, "tx-ex-fault", abs, 1)
    assert found.startswith("! This check has a fault, not your answer: ZeroDivisionError: ")
    assert "(page_tx.py, line 13). Please report" in found


def test_a_broken_page_of_checks_breaks_no_other(page, capsys):
    page()
    page("def broken(:", prefix="ty")
    assert sentence(capsys, "tx-ex-double", 4).startswith("✓ ")
    assert sentence(capsys, "ty-ex-any", 4).startswith("! This check has a fault")


def test_a_check_loads_its_own_page_alone():
    code = (
        "import sys; from helpers.checks import check; check('dk-ex-third', 1); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert "helpers.checks.derivative_kernels" in loaded
    assert not any(f"helpers.checks.{page}" in loaded for page in ("attention", "unsupervised"))


@pytest.mark.parametrize(
    ("label", "listed"), [("tx-ex-half", "tx-ex-double, tx-ex-fault"), ("zz", "at-…, dk-…")]
)
def test_an_unknown_label_is_refused_with_the_labels_there_are(page, label, listed):
    page()
    with pytest.raises(ValueError, match=f"no exercise '{label}'; the labels are .*{listed}"):
        checks.check(label, 4)


def test_two_checks_with_one_label_are_refused_with_their_places(page):
    page(PAGE.replace("tx-ex-fault", "tx-ex-double"))
    places = r"page_tx.py, line 5, and at .*page_tx.py, line 10: give one"
    with pytest.raises(ValueError, match=f"have the label 'tx-ex-double', at .*{places}"):
        checks.exercises()


def test_a_label_that_leads_to_another_page_is_refused(page):
    page(PAGE.replace("tx-ex-fault", "dk-ex-fault"))
    with pytest.raises(ValueError, match=r"page_tx\.py, line 10 has the label 'dk-ex-fault'"):
        checks.exercises()


def test_a_page_that_is_read_again_takes_the_place_of_its_checks(page, capsys):
    page()
    checks.check("tx-ex-double", 4)
    page(PAGE.replace("double == 4", "double == 5"))
    capsys.readouterr()
    assert sentence(capsys, "tx-ex-double", 5).startswith("✓ ")
