"""Each page of the contents has a card on the first page."""

import pytest

from tests.site.conftest import parsed
from tools import book
from tools.site.cards import described


def test_every_page_of_the_contents_has_a_card_that_is_one_link():
    links = [link["href"] for card in parsed("index.html").select(".sd-card") for link in card("a")]
    assert links == [f"{name}.html" for name in book.pages()]


def test_every_card_has_a_picture_with_a_text_or_a_sign():
    for picture in parsed("index.html").select(".sd-card > .card-picture:first-child"):
        image = picture.img
        assert image is None or len(image["alt"].split()) >= 4
        assert image or picture.get_text()
    pictures = parsed("index.html").select(".sd-card .card-picture")
    assert len(pictures) == len(book.pages())


@pytest.mark.parametrize(
    "text",
    [
        "# A title\n",
        "---\njupytext: {}\n---\n# A title\n",
        "---\nmyst: {html_meta: {}}\n---\n# A title\n",
        "---\nmyst: {html_meta: {description: What it says.}}\n---\nText.\n",
    ],
)
def test_a_page_without_title_or_description_is_named(tmp_path, text):
    page = tmp_path / "new.md"
    page.write_text(text)
    with pytest.raises(ValueError, match=r"new\.md has no title or no description"):
        described(page)
