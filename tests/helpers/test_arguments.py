"""One mistake has one behaviour, whichever function is called."""

from fractions import Fraction

import numpy as np
import pytest

from helpers.arguments import choice, real_number, text, unmasked, whole_number

NOT_WHOLE = [True, np.True_, 2.0, 2.5, float("nan"), "3", None, 1j, [3], np.array(3)]
NOT_REAL = [False, np.False_, "1.5", None, 1j, [1.0], np.array(1.5)]
NOT_FINITE = [float("nan"), float("inf"), -np.float32("inf")]


@pytest.mark.parametrize(
    ("check", "kind", "values"),
    [
        (whole_number, int, [3, np.int8(3), np.uint64(3)]),
        (real_number, float, [3, 3.0, np.float32(3), Fraction(3)]),
    ],
)
def test_numbers_of_python_and_numpy_become_those_of_python(check, kind, values):
    for value in values:
        number = check("n", value, least=3, most=3)
        assert (number, type(number)) == (3, kind)


@pytest.mark.parametrize(
    ("check", "value"),
    [(whole_number, value) for value in NOT_WHOLE] + [(real_number, value) for value in NOT_REAL],
)
def test_the_wrong_type_is_a_type_error(check, value):
    with pytest.raises(TypeError, match=r"^n is .*, but it must be a .*number: write it as .*\.$"):
        check("n", value)


@pytest.mark.parametrize(
    ("check", "value"),
    [(real_number, value) for value in NOT_FINITE]
    + [(check, value) for check in (whole_number, real_number) for value in (1, 5, -(10**30))],
)
def test_a_wrong_value_is_a_value_error(check, value):
    with pytest.raises(ValueError, match=r"^n is .*, but it must be .* from 2 to 4: choose .*\.$"):
        check("n", value, least=2, most=4)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, "a whole number: write it as an int, such as 1."),
        ({"least": 0}, "a whole number from 0 on: write it as an int, such as 0."),
        ({"most": 9}, "a whole number up to 9: write it as an int, such as 1."),
        ({"least": 2, "most": 9}, "a whole number from 2 to 9: write it as an int, such as 2."),
    ],
)
def test_the_sentence_names_the_range(bounds, words):
    with pytest.raises(TypeError) as caught:
        whole_number("steps", 2.5, **bounds)
    assert str(caught.value) == f"steps is 2.5, but it must be {words}"


def test_a_long_value_is_shown_in_short_and_on_one_line():
    with pytest.raises(TypeError) as caught:
        whole_number("n", np.zeros((20, 20)))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 150


def test_a_choice_is_one_of_those_offered():
    assert choice("compression", None, (None, "GZIP")) is None
    with pytest.raises(ValueError, match=r"^c is 'ZIP', but it must be one of None, 'GZIP': .*\.$"):
        choice("c", "ZIP", (None, "GZIP"))


def test_text_is_text():
    assert text("unit", "µs") == "µs"
    with pytest.raises(TypeError, match=r"^unit is 7, but it must be text: .*\.$"):
        text("unit", 7)
    with pytest.raises(ValueError, match=r"^unit is '', but it must be text: .*\.$"):
        text("unit", "")


MASKED = np.ma.masked_equal([[0.0, -999.0]], -999.0)


@pytest.mark.parametrize("values", [MASKED, [MASKED], ([1, 2], [3, np.ma.masked])])
def test_what_a_mask_hides_is_not_taken_for_data(values):
    with pytest.raises(
        ValueError, match=r"^X has masked values, .* with \.filled\(…\), or drop .*\.$"
    ):
        unmasked("X", values)


@pytest.mark.parametrize("values", [[[1, 2], [3, 4]], np.ma.array([[1, 2], [3, 4]])])
def test_values_without_a_mask_become_an_array(values):
    array = unmasked("X", values)
    assert type(array) is np.ndarray
    np.testing.assert_array_equal(array, [[1, 2], [3, 4]])


def test_rows_of_different_lengths_are_no_array():
    with pytest.raises(ValueError, match=r"^X has rows of different lengths, .*\.$"):
        unmasked("X", [[1.0], [2.0, 3.0]])
