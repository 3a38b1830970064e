"""A page says how it was executed, and one page sums up all of them."""

import re

import pytest

from tests.site.conftest import parsed
from tools import book

CHAPTERS = [f"{path.relative_to(book.ROOT).with_suffix('')}.html" for path in book.chapters()]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_tells_how_it_was_executed(name):
    note = parsed(name).select_one(".execution").get_text()
    assert re.search(r"Executed on \d+ \w+ 20\d\d in \d+\ss, with Python 3\.\d+\.\d+, .*\d", note)


def test_the_status_page_lists_every_execution():
    assert [row.a["href"] for row in parsed("status.html").select("tbody tr")] == CHAPTERS
