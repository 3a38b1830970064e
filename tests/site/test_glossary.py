"""First uses of a term lead to the glossary."""

import pytest

from tests.site.conftest import parsed
from tools import book
from tools.site.glossary import GLOSSARY

CHAPTERS = [f"{path.relative_to(book.ROOT).with_suffix('')}.html" for path in book.chapters()]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_term_is_linked_once_to_what_the_glossary_says_of_it(name):
    links = [link["href"].split("#")[1] for link in parsed(name).select("article a.term")]
    assert len(set(links)) == len(links)
    assert bool(links) == (GLOSSARY in book.pages())
    if links:
        assert set(links) <= {term["id"] for term in parsed(f"{GLOSSARY}.html")("dt", id=True)}
