"""What holds for the self-checks of every chapter; a chapter's file brings the answers."""

import re
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest
import tensorflow as tf

from helpers.checks import check, exercises, page
from tools.cells import tagged_cells

cells_of = cache(tagged_cells)
STYLES = {
    "as it is": lambda answer: answer,
    "lists": lambda answer: answer.tolist(),
    "single precision": lambda answer: answer.astype("float32"),
    "tensors": lambda answer: tf.constant(answer),
}


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

    def test_every_exercise_has_three_right_and_five_wrong_answers_here(self, label):
        assert sum(case[0] == label for case in self.right) >= 3
        assert len({hint for one, *_, hint in self.wrong if one == label}) >= 5

    def test_the_chapter_asks_and_solves_every_exercise(self, label):
        answers = ", ".join(exercises()[label].names)
        asked, solved = ("\n".join(cells_of(page(label), tag)) for tag in ("answer", "solution"))
        assert asked.count(f'check("{label}", {answers})') == solved.count(f'check("{label}"') == 1
