"""First uses of a term lead to the glossary."""

import pytest

from tests.published import CHAPTERS as PUBLISHED
from tests.site.conftest import CHAPTERS, parsed
from tools import book
from tools.site.glossary import GLOSSARY


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_term_is_linked_once_to_what_the_glossary_says_of_it(name):
    links = [link["href"].split("#")[1] for link in parsed(f"{name}.html").select("article a.term")]
    assert len(set(links)) == len(links)
    assert not links or GLOSSARY in book.pages()
    assert links or GLOSSARY not in book.pages() or name.removeprefix("chapters/") not in PUBLISHED
    if links:
        assert set(links) <= {term["id"] for term in parsed(f"{GLOSSARY}.html")("dt", id=True)}
