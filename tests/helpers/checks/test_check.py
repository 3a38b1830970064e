"""The frame of the self-checks, whatever the exercise."""

import pytest

from helpers import checks


@pytest.fixture
def label(monkeypatch):
    monkeypatch.setattr(checks, "_EXERCISES", dict(checks.exercises()))

    @checks.exercise("test-ex-double", praise="Twice the number.")
    def double(answer):
        return None if answer == 4 else f"Twice two is not {answer + 0}."

    return "test-ex-double"


def printed(capsys) -> str:
    return capsys.readouterr().out


def test_a_right_answer(label, capsys):
    assert checks.check(label, 4) is True
    assert printed(capsys) == "✓ Correct. Twice the number.\n"


def test_a_wrong_answer_gets_its_hint(label, capsys):
    assert checks.check(label, 5) is False
    assert printed(capsys) == "✗ Not yet. Twice two is not 5.\n"


def test_dots_are_no_answer(label, capsys):
    assert checks.check(label, ...) is False
    assert printed(capsys).startswith("○ Not answered yet")


def test_an_answer_that_raises_is_told_why(label, capsys):
    assert checks.check(label, "four") is False
    assert "raised TypeError" in printed(capsys)


def test_an_unknown_label_is_refused_with_the_labels_there_are(label):
    with pytest.raises(ValueError, match=r"no exercise 'dk-ex-nothing'.*test-ex-double"):
        checks.check("dk-ex-nothing", 4)
