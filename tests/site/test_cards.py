"""Each page of the contents has a card on the first page."""

import numpy as np
import pytest
from PIL import Image, ImageColor

from tests.site.conftest import parsed
from tools import book
from tools.site.cards import described
from tools.site.colours import DARK, LIGHT
from tools.site.thumbnails import write_small


def test_every_page_of_the_contents_has_a_card_that_is_one_link():
    links = [link["href"] for card in parsed("index.html").select(".sd-card") for link in card("a")]
    assert links == [f"{name}.html" for name in book.pages()]


def test_every_card_has_a_picture_with_a_text_or_a_sign():
    for picture in parsed("index.html").select(".sd-card > .card-picture:first-child"):
        images = picture("img")
        assert [image["class"] for image in images] in ([], [["only-light"], ["only-dark"]])
        assert all(len(image["alt"].split()) >= 4 for image in images)
        assert images or picture.get_text()
    pictures = parsed("index.html").select(".sd-card .card-picture")
    assert len(pictures) == len(book.pages())


def test_the_pictures_of_a_card_have_the_grounds_of_the_theme(tmp_path):
    drawing = tmp_path / "drawing.svg"
    drawing.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 40">'
        '<rect width="32" height="40" fill="#ffffff"/><rect x="40" width="9" height="40"/></svg>'
    )
    for ground, colour in {"light": LIGHT, "dark": DARK}.items():
        assert write_small(drawing, tmp_path / "small.webp", ground) == (320, 200)
        with Image.open(tmp_path / "small.webp") as small:
            white, black, none = (small.getpixel((x, 200)) for x in (160, 440, 600))
        assert np.abs(np.subtract([white, none], ImageColor.getrgb(colour))).max() <= 3
        assert abs(sum(black) - sum(white)) > 600


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
