"""One mistake has one behaviour, whichever function is called."""

import datetime
import decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from helpers.arguments import choice, real_number, real_numbers, text, unmasked, whole_number

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
    with pytest.raises(ValueError, match=r"^unit is .*, but it must be text: leave out .*\.$"):
        text("unit", "\ud800")


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


class WithUnit:
    """What pint makes of an array: it becomes bare numbers without a question."""

    units, magnitude = "m", np.ones(2)

    def __array__(self, *_, **__):
        return self.magnitude


NULLABLE = pd.DataFrame({"whole": pd.array([1, 2], "Int64"), "real": pd.array([1, 2], "Float64")})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([1, 2], object), [1, 2]),
        (np.array([1, 2], ">f8"), [1, 2]),
        (np.array([1, 2], np.longdouble), [1, 2]),
        (NULLABLE["whole"], [1, 2]),
        (NULLABLE, [[1, 1], [2, 2]]),
        (pd.array([True, False], "boolean"), [1, 0]),
        (pd.Categorical([2, 1]), [2, 1]),
        (np.array([1, 2], tf.bfloat16.as_numpy_dtype), [1, 2]),
        (pd.DataFrame({"unit": [1], "units": [2]}), [[1, 2]]),
    ],
)
def test_numbers_of_any_making_become_numbers_that_tensorflow_takes(values, expected):
    array = real_numbers("X", values)
    assert (array.dtype.kind, array.dtype.isnative) in [(kind, True) for kind in "biuf"]
    assert array.dtype.itemsize <= 8
    np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize(
    ("values", "error", "sentence"),
    [
        ([1, None], ValueError, "has missing values, .* drop their samples"),
        (NULLABLE.shift()["whole"], ValueError, "has missing values"),
        (NULLABLE.shift(), ValueError, "has missing values"),
        (pd.Categorical([1, None]), ValueError, "has missing values"),
        (pd.array([1, None], "Int64"), ValueError, "has missing values"),
        (np.array([1, np.ma.masked], object), ValueError, "has missing values"),
        (np.array(["2026-11-27"], "M8[s]"), TypeError, "holds dates, .* write seconds since"),
        (pd.date_range("2026", periods=2, tz="UTC"), TypeError, "holds dates, .* write seconds"),
        ([datetime.datetime(2026, 11, 27)], TypeError, "holds dates, .* write seconds since"),
        (np.array([1], "m8[s]"), TypeError, "holds durations, .* write seconds"),
        ([decimal.Decimal("1.5")], TypeError, r"holds objects of type Decimal, .*float\(value\)"),
        ([2**70], TypeError, "holds objects of type int"),
        ({"x": 1}, TypeError, "holds objects of type dict"),
        ([1j], TypeError, r"holds complex numbers, .* \.real and \.imag"),
        (["1.5"], TypeError, "holds text, .* encode it"),
        (pd.Categorical(["inner", "outer"]), TypeError, "holds text, .* encode it"),
        (np.zeros(2, [("a", float)]), TypeError, "holds records, .* dict of its fields"),
        (WithUnit(), TypeError, "carries a unit, .* bare numbers"),
        ([WithUnit()], TypeError, "carries a unit, .* bare numbers"),
        (MASKED, ValueError, "has masked values"),
    ],
)
def test_what_is_no_number_is_refused_with_its_cure(values, error, sentence):
    with pytest.raises(error, match=rf"^X {sentence}.*\.$"):
        real_numbers("X", values)
