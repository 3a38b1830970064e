"""Ways through the book: cards of its pages, lists of figures and exercises, terms, status."""

import re

import pytest
from docutils.utils import SystemMessage

from tests.site.conftest import SITE, parsed
from tests.site.test_pages import PAGES
from tools import book
from tools.site.glossary import GLOSSARY

CHAPTERS = [f"{path.relative_to(book.ROOT).with_suffix('.html')}" for path in book.chapters()]


def test_every_page_of_the_contents_has_a_card_that_is_one_link():
    cards = parsed("index.html").select(".sd-card")
    assert [link["href"] for card in cards for link in card("a")] == [
        f"{name}.html" for name in book.pages()
    ]


def test_figures_and_exercises_are_listed():
    """Each link leads to what it names."""
    links = parsed("lists.html").select("article li > a:first-child")
    assert {link.get_text().split()[0] for link in links} == {"Fig.", "Exercise"}
    for link in links:
        name, identifier = link["href"].split("#")
        assert parsed(name).find(id=identifier), link["href"]


@pytest.mark.parametrize("name", PAGES)
def test_first_uses_lead_to_the_glossary(name):
    links = [link["href"].split("#")[1] for link in parsed(name).select("article a.term")]
    assert len(set(links)) == len(links), "a term is linked twice"
    if links:
        assert set(links) <= {term["id"] for term in parsed(f"{GLOSSARY}.html")("dt", id=True)}


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_tells_how_it_was_executed(name):
    note = parsed(name).select_one(".execution").get_text()
    assert re.search(r"Executed on \d+ \w+ 20\d\d in \d+\ss, with Python 3\.\d+\.\d+, .*\d", note)


def test_the_status_page_lists_every_execution():
    assert [row.a["href"] for row in parsed("status.html").select("tbody tr")] == CHAPTERS
