"""What holds for the self-checks of every chapter; a chapter's file brings the answers."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from helpers.checks import check, exercises, page
from tools.cells import tagged_cells

STYLES = {
    "as it is": lambda answer: answer,
    "lists": lambda answer: answer.tolist(),
    "single precision": lambda answer: answer.astype("float32"),
}

ODD = [
    None,
    True,
    "0.5",
    "",
    1j,
    np.nan,
    [],
    [[1, 2], [3]],
    ["a", "b"],
    {"a": 1},
    len,
    object(),
    np.full(7, np.inf),
    np.full((2, 3), np.nan),
]


def restyled(answer: object, style: Callable) -> object:
    """Return the same answer in other types, of its results if it is a function."""
    if callable(answer) and not hasattr(answer, "layers"):
        return lambda *arguments: restyled(answer(*arguments), style)
    if isinstance(answer, tuple | list):
        return type(answer)(restyled(part, style) for part in answer)
    values = np.asarray(answer) if np.ndim(answer) or isinstance(answer, int | float) else None
    return answer if values is None or values.dtype.kind not in "iuf" else style(values)


class ExerciseChecks:
    """The tests of one chapter's checks, for a class that names the chapter and its answers.

    `right` and `wrong` hold answers, each after its exercise's label; in `wrong`, a
    pattern of the hint follows.
    """

    prefix: str
    right: Sequence[tuple]
    wrong: Sequence[tuple]

    def pytest_generate_tests(self, metafunc):
        labels = [label for label in exercises() if label.startswith(f"{self.prefix}-")]
        wrong = [pytest.param(case, id=f"{case[0]}: {case[-1]}") for case in self.wrong]
        right = [pytest.param(case, id=case[0]) for case in self.right]
        for name, cases in {"label": labels, "wrong": wrong, "right": right}.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, cases)

    @pytest.mark.parametrize("style", STYLES)
    def test_right_answers_are_praised_whatever_their_type(self, right, style, capsys):
        label, *answers = right
        assert check(label, *(restyled(answer, STYLES[style]) for answer in answers))
        assert capsys.readouterr().out == f"✓ Correct. {exercises()[label].praise}\n"

    def test_wrong_answers_get_the_hint_that_fits(self, wrong, capsys):
        *answer, hint = wrong
        assert not check(*answer)
        assert re.fullmatch(f"✗ Not yet. .*(?:{hint}).*\n", capsys.readouterr().out)

    def test_dots_are_not_wrong(self, label, capsys):
        answers = self.an_answer(label)
        for place, answer in enumerate(answers):
            for dots in [..., (lambda *_: ...) if callable(answer) else [1, ...]]:
                assert not check(label, *answers[:place], dots, *answers[place + 1 :])
                assert capsys.readouterr().out.startswith("○ Not answered yet")

    def test_answers_of_another_kind_get_a_hint_and_no_fault(self, label, capsys):
        answers = self.an_answer(label)
        for place, answer in enumerate(answers):
            for odd in ODD:
                self.refuses(label, *answers[:place], odd, *answers[place + 1 :])
                if callable(answer):
                    returning = lambda *_, odd=odd: odd  # noqa: E731
                    self.refuses(label, *answers[:place], returning, *answers[place + 1 :])
                assert re.fullmatch("(✗ Not yet. [^\n]+\n)+", capsys.readouterr().out)
        self.refuses(label, *answers[1:])
        assert f"was given {len(answers) - 1}" in capsys.readouterr().out

    def refuses(self, *answers):
        assert not check(*answers), answers

    def an_answer(self, label) -> list:
        return next(answers for one, *answers in self.right if one == label)

    def test_every_exercise_has_a_right_and_three_wrong_answers_here(self, label):
        assert sum(case[0] == label for case in self.right) >= 1
        assert sum(case[0] == label for case in self.wrong) >= 3

    def test_the_chapter_asks_and_solves_every_exercise(self, label):
        answers = ", ".join(exercises()[label].names)
        chapter = page(label)
        assert "\n".join(tagged_cells(chapter, "answer")).count(f'check("{label}", {answers})') == 1
        assert "\n".join(tagged_cells(chapter, "solution")).count(f'check("{label}"') == 1
