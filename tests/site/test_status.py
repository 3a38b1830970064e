"""A page says how it was executed, and one page sums up all of them."""

import re

import pytest

from tests.site.conftest import CHAPTERS, parsed


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_tells_how_it_was_executed(name):
    note = parsed(f"{name}.html").select_one(".execution").get_text()
    assert re.search(r"Executed on \d+ \w+ 20\d\d in \d+\ss, with Python 3[\d.]+(, .*\d)?\. ", note)


def test_the_status_page_lists_every_execution():
    rows = parsed("status.html").select("tbody tr")
    assert [row.a["href"] for row in rows] == [f"{name}.html" for name in CHAPTERS]
