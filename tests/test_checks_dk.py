"""The checks of "Find pulses with derivative kernels": right answers and plausible wrong ones."""

import re

import numpy as np
import pytest

from helpers.checks import check, exercises
from helpers.checks.derivative_kernels import shaper
from helpers.convolve import FIRST_DERIVATIVE, SECOND_DERIVATIVE, apply_convolutions
from helpers.generate import generate_pulses
from tests.chapters import code_cells

SHAPER_KERNEL = shaper(np.eye(9)[4])
THIRD = np.array([0.5, -1, 0, 1, -0.5])


def curvature_sum(X):
    return apply_convolutions(X, SECOND_DERIVATIVE).sum(axis=1)


RIGHT = [
    ("dk-ex-third", [0.5, -1, 0, 1, -0.5]),
    ("dk-ex-third", np.convolve(FIRST_DERIVATIVE, SECOND_DERIVATIVE)),
    ("dk-ex-lengths", 495, 5, 2),
    ("dk-ex-step", 1.8e-4),
    ("dk-ex-step", np.finfo(float).eps ** 0.25),
    ("dk-ex-layer", lambda kernel: np.reshape(kernel[::-1], (-1, 1, 1))),
    ("dk-ex-layer", lambda kernel: kernel[::-1, np.newaxis, np.newaxis].astype("float32")),
    ("dk-ex-shaper", SHAPER_KERNEL),
    ("dk-ex-shaper", SHAPER_KERNEL.round(3).reshape(5, 1, 1)),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmin(axis=1) + 1),
    ("dk-ex-trigger", lambda X: np.diff(X, 2).max(axis=1).argmin(axis=1) + 1),
]

WRONG = [
    ("dk-ex-third", [1, -2, 1], "five weights"),
    ("dk-ex-third", -THIRD, "signs are reversed"),
    ("dk-ex-third", np.convolve(SECOND_DERIVATIVE, SECOND_DERIVATIVE), "fourth derivative"),
    ("dk-ex-third", np.convolve(FIRST_DERIVATIVE, FIRST_DERIVATIVE), "second derivative"),
    ("dk-ex-third", [1, 2, 3, 4, 5], "sum to zero"),
    ("dk-ex-third", [0, 1, -3, 3, -1], "odd"),
    ("dk-ex-third", 2 * THIRD, "2 times as large"),
    ("dk-ex-third", [0.5, 0, 0, 0, -0.5], "mode 'full'"),
    ("dk-ex-third", "third", "raised ValueError"),
    ("dk-ex-lengths", 994, 3, 1, "second has yet to act"),
    ("dk-ex-lengths", 990, 5, 1, "stride of 1"),
    ("dk-ex-lengths", 497, 5, 2, "half of 994"),
    ("dk-ex-lengths", 494, 5, 2, "Count the stops"),
    ("dk-ex-lengths", 1000, 5, 2, "twice"),
    ("dk-ex-lengths", 495, 3, 2, "offsets add up"),
    ("dk-ex-lengths", 495, 10, 2, r"\(K - 1\) / 2"),
    ("dk-ex-lengths", 495, 0, 2, "first bin is not right"),
    ("dk-ex-lengths", 495, 5, 1, "spacing"),
    ("dk-ex-step", 6e-6, "first derivative"),
    ("dk-ex-step", 1.5e-8, "forward difference"),
    ("dk-ex-step", 1e-12, "Round-off rules"),
    ("dk-ex-step", 0.01, "Truncation rules"),
    ("dk-ex-step", -1e-4, "positive"),
    ("dk-ex-step", [1e-4, 1e-3], "one number"),
    ("dk-ex-layer", np.ones((3, 1, 1)), "is a function"),
    ("dk-ex-layer", lambda kernel: None, "returns nothing"),
    ("dk-ex-layer", lambda kernel: kernel.reshape(-1, 1, 1), "turn the weights round"),
    ("dk-ex-layer", lambda kernel: kernel[::-1], r"shape must be \(K, 1, 1\)"),
    ("dk-ex-layer", lambda kernel: kernel[:3], "came back as 3"),
    ("dk-ex-layer", lambda kernel: -kernel, "not those of the kernel"),
    ("dk-ex-shaper", SHAPER_KERNEL[::-1], "turned round"),
    ("dk-ex-shaper", SHAPER_KERNEL[:4], "five weights"),
    ("dk-ex-shaper", SHAPER_KERNEL + 0.01, "not exact"),
    ("dk-ex-shaper", np.ones(5), "do not reproduce"),
    ("dk-ex-trigger", [1, 2, 3], "is a function"),
    ("dk-ex-trigger", lambda X: None, "returns nothing"),
    ("dk-ex-trigger", lambda X: curvature_sum(X), "one bin for each"),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmin(axis=1), "too low"),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmin(axis=1) + 2, "too high"),
    ("dk-ex-trigger", lambda X: curvature_sum(X).argmax(axis=1) + 1, "most negative"),
    ("dk-ex-trigger", lambda X: curvature_sum(X[:, :1]).argmin(axis=1) + 1, "all three traces"),
    ("dk-ex-trigger", lambda X: X.sum(axis=1).argmax(axis=1), "and the curvature of each"),
]


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: answer[0])
def test_right_answers_are_praised(answer, capsys):
    assert check(*answer)
    assert capsys.readouterr().out.startswith("✓ Correct.")


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[0]}: {case[-1]}")
def test_wrong_answers_get_the_hint_that_fits(case, capsys):
    *answer, hint = case
    assert not check(*answer)
    sentence = capsys.readouterr().out
    assert sentence.startswith("✗ Not yet.")
    assert re.search(hint, sentence)


def own_exercises():
    return [label for label in exercises() if label.startswith("dk-")]


@pytest.mark.parametrize("label", own_exercises())
def test_missing_answers_are_not_wrong(label, capsys):
    answers = 3 if label == "dk-ex-lengths" else 1
    assert not check(label, *[...] * answers)
    assert capsys.readouterr().out.startswith("○ Not answered yet")


@pytest.mark.parametrize("label", ["dk-ex-layer", "dk-ex-trigger"])
def test_a_function_that_still_holds_the_dots_is_not_wrong(label, capsys):
    assert not check(label, lambda argument: ...)
    assert capsys.readouterr().out.startswith("○ Not answered yet")


def test_every_exercise_has_a_right_and_three_wrong_answers_here():
    for label in own_exercises():
        assert sum(case[0] == label for case in RIGHT) >= 1
        assert sum(case[0] == label for case in WRONG) >= 3


def test_the_chapter_asks_and_solves_every_exercise():
    for tag in ("answer", "solution"):
        source = "\n".join(code_cells("derivative_kernels", tag))
        for label in own_exercises():
            assert source.count(f'check("{label}"') == 1


def test_the_shaper_keeps_a_constant_and_shortens_a_trace():
    trace = generate_pulses(n_samples=1)[0][0, 0]
    assert shaper(trace).shape == (96,)
    np.testing.assert_allclose(shaper(np.full(9, 2.0)), 2.0)
