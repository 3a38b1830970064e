"""At every exercise: dots are no answer, and a hint says of what kind an answer has to be."""

import importlib
import re

import numpy as np
import pytest

from helpers.checks import check, exercises, page
from tools.book import pages, source

# What the test of a page that is left out reads may be gone.
ASKING = {page(label) for label in exercises()} & {source(one).stem for one in pages()}
MODULES = [importlib.import_module(f"tests.helpers.checks.test_{one}") for one in sorted(ASKING)]
RIGHT = {label: answers for module in MODULES for label, *answers in module.RIGHT[::-1]}
# What a function gives instead of its result, and what a hint calls it.
RESULTS = [
    (None, "None: print shows a value, return hands it over"),
    ("0.5", "the text '0.5': leave out the quotation marks"),
    (1j, "1j"),
    (np.nan, "nan|shape"),
    (len, "the function len: give what it returns"),
    ({"a": 1}, "the dict {'a': 1}"),
    ([[1, 2], [3]], r"the list \[|shape|yours is|Keras models"),
    (np.full(4, 1j), "1j|the dtype complex128 and the shape"),
    (np.ma.masked_equal([1, 2, 3, 4], 4), "nan|MaskedArray|shape"),
    (object(), "the type object"),
]
FUNCTIONS = [(0.5, "0.5"), ("len", "the text 'len'"), ([len], "the list"), (None, "None")]


def odd_ones(answer: object) -> list[tuple[object, str]]:
    """Return answers of other kinds than a right one, each with what a hint calls it."""
    if callable(answer):
        return FUNCTIONS + [(lambda *_, odd=odd: odd, words) for odd, words in RESULTS]
    if isinstance(answer, str):
        return [(3, "3"), (None, "None"), ([answer], "the list"), (len, "the function len")]
    if isinstance(answer, list | tuple | np.ndarray):
        return RESULTS
    around = [(f"{answer}", "the text"), ([answer], "the list"), ((answer,), "the tuple")]
    return RESULTS + around + [(True, "True"), (np.array([answer]), "the shape")]


def instead(label: str, place: int, answer: object) -> list:
    """Return right answers but for one."""
    return [*RIGHT[label][:place], answer, *RIGHT[label][place + 1 :]]


PLACES = [(label, place) for label, answers in RIGHT.items() for place in range(len(answers))]


@pytest.mark.parametrize(("label", "place"), PLACES)
def test_an_answer_of_another_kind_is_told_so(label, place, capsys):
    for odd, words in odd_ones(RIGHT[label][place]):
        assert not check(label, *instead(label, place, odd))
        kind = f"(must|has to|have to|holds).*({words})|the shape"
        if callable(RIGHT[label][place]):  # It may return anything, or any text.
            kind += "|It (has to|must) return"
        assert re.match(f"✗ Not yet. .*({kind}).*\n$", capsys.readouterr().out), odd


@pytest.mark.parametrize("value", [0.0, np.inf])
@pytest.mark.parametrize(("label", "place"), PLACES)
def test_zeros_and_infinities_get_a_hint(label, place, value, capsys):
    answer = RIGHT[label][place]
    odd = np.full(answer.shape if isinstance(answer, np.ndarray) else (), value)
    assert not check(label, *instead(label, place, (lambda *_: odd) if callable(answer) else odd))
    assert re.match("✗ Not yet. (?!.* 0 times)[^\n]+\n$", capsys.readouterr().out)


@pytest.mark.parametrize(("label", "place"), PLACES)
def test_dots_are_not_wrong(label, place, capsys):
    for dots in (..., (lambda *_: ...) if callable(RIGHT[label][place]) else [1, ...]):
        assert not check(label, *instead(label, place, dots))
        assert capsys.readouterr().out.startswith("○ Not answered yet")
