"""Lines break where they should, and nothing is cut off that does not say so."""

import pytest
from bs4 import BeautifulSoup

from tests.site.test_pages import PAGES
from tools.site import breaks
from tools.site.pages import Page

CHAPTERS = [name.removesuffix(".html") for name in PAGES if name.startswith("chapters/")]
PHONE = {"width": 390, "height": 844}
SMALL_LAPTOP = {"width": 1280, "height": 900}


def changed(html: str) -> str:
    page = Page(
        None, "page", BeautifulSoup(f"<body><article>{html}</article></body>", "html.parser")
    )
    breaks.set_breaks(page)
    return page.soup.article.decode_contents()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<code>keras.losses.Huber</code>", "<code>keras.|losses.|Huber</code>"),
        ("<code>slices(a_table)</code>", "<code>slices(|a_|table)</code>"),
        ("<code>rate=0.05 -(-a // b)</code>", "<code>rate=0.05 -(-a // b)</code>"),
        ("<code>label/mean 1.5</code>", "<code>label/|mean 1.5</code>"),
        ("<pre>keras.losses 5 %</pre>", "<pre>keras.losses 5 %</pre>"),
        ("<p>5 % of 10 ns, 3 nsx, a %</p>", "<p>5~% of 10~ns, 3 nsx, a %</p>"),
        (
            'a (<span class="math"><math></math></span>). Then',
            'a <span class="math">(<math></math>).</span> Then',
        ),
    ],
)
def test_a_line_breaks_between_parts_and_not_before_a_unit_or_a_stop(html, expected):
    assert changed(html).replace("<wbr/>", "|").replace("\u00a0", "~") == expected


def elements(page, selector, condition):
    """Return the texts of a page's elements that a condition on ``one`` holds for."""
    script = f"all => all.filter(one => {condition}).map(one => one.textContent.slice(0, 80))"
    return page.eval_on_selector_all(selector, script)


RIGHT = "getBoundingClientRect().right"
# Of a word that wraps, Chromium draws the first line only, in a box of one line.
IS_CUT = """(pen => {
    pen.font = getComputedStyle(one).font;
    const {width} = pen.measureText(one.textContent.trim());
    return width > one.getBoundingClientRect().width + 3;
})(document.createElement("canvas").getContext("2d"))"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_name_in_a_line_and_no_word_in_a_formula_is_cut_off_on_a_phone(open_page, name):
    page = open_page(name, viewport=PHONE)
    assert not elements(page, "article p > code", f"one.{RIGHT} > one.parentElement.{RIGHT} + 1")
    assert not elements(page, "article mtext", IS_CUT)


@pytest.mark.parametrize("name", CHAPTERS)
def test_code_fits_beside_the_columns_of_a_small_laptop(open_page, name):
    """A solution is set in; its few longest lines scroll."""
    page = open_page(name, viewport=SMALL_LAPTOP)
    condition = "!one.closest('.dropdown') && one.scrollWidth > one.clientWidth"
    assert not elements(page, "article .cell_input pre", condition)
