"""A table of results: its numbers stand below each other, its headers are headers."""

from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf
from bs4 import BeautifulSoup

from helpers.tables import show_table

ROWS = {"<a>": (1200, np.float32(0.5), "yes"), 7: (np.int64(3), -12.25, "no")}
COLUMNS = ["name", "count", "share", "text"]


def test_numbers_are_aligned_in_text():
    assert repr(show_table(ROWS, COLUMNS, digits=2)).splitlines() == [
        "name  count   share  text",
        "<a>   1,200    0.50  yes",
        "7         3  −12.25  no",
    ]


def test_a_notebook_shows_headers_and_aligned_numbers():
    page = BeautifulSoup(show_table(ROWS, COLUMNS)._repr_html_(), "html.parser")
    assert [each.text for each in page.select("thead th[scope=col]")] == COLUMNS
    assert [each.text for each in page.select("tbody th[scope=row]")] == ["<a>", "7"]
    sides = [each["style"].split()[-1] for each in page.select("tbody tr:first-child > *")]
    assert sides == ["left", "right", "right", "left"]


def test_a_gap_or_a_missing_number_leaves_numbers_aligned():
    lines = repr(show_table({"a": np.nan, "b": "", "c": 12.5}, ["name", "x"], 1)).splitlines()
    assert lines == ["name     x", "a      nan", "b", "c     12.5"]
    assert repr(show_table({"0 (none)": 1, "10": 2}, ["", "n"])).splitlines()[2] == "10        2"


def test_one_value_needs_no_list():
    assert repr(show_table({"a": 1}, ["name", "n"])) == "name  n\na     1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.array(0.5), "0.500"),
        (tf.constant(3), "3"),
        (Fraction(1, 8), "0.125"),
        (True, "True"),
        (np.timedelta64(3, "s"), "3 seconds"),
        (b"ab", "b'ab'"),
    ],
)
def test_a_value_of_any_kind_is_shown(value, shown):
    for row in (value, [value]):
        assert repr(show_table({"a": row}, ["name", "n"])).endswith(f" {shown}")


@pytest.mark.parametrize(
    ("rows", "columns", "error"),
    [
        ({"a": {"n": 1}}, ["name", "n"], TypeError),
        ({"a": np.ma.masked}, ["name", "n"], ValueError),
        ({}, [], ValueError),
    ],
)
def test_what_is_no_row_is_refused(rows, columns, error):
    with pytest.raises(error, match=r"\w: \w.*\.$"):
        show_table(rows, columns)


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"The row 'b' has 1 values, but below .* must be 2"):
        show_table({"a": (1, 2), "b": (1,)}, ["name", "x", "y"])
