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
    ("name", "parts"),
    [
        ("keras.losses.Huber", "keras.|losses.|Huber"),
        ("from_tensor_slices(table)", "from_|tensor_|slices(|table)"),
        ("learning_rate=0.05", "learning_|rate=0.05"),
        ("label/mean", "label/|mean"),
        ("-(-a // b)", "-(-a // b)"),
        ("1.5", "1.5"),
    ],
)
def test_a_name_breaks_between_its_parts(name, parts):
    assert changed(f"<code>{name}</code>").replace("<wbr/>", "|") == f"<code>{parts}</code>"


def test_blocks_of_code_stay_as_they_are():
    assert changed("<pre>keras.losses 5 %</pre>") == "<pre>keras.losses 5 %</pre>"


def test_punctuation_stays_with_its_formula():
    html = 'a (<span class="math"><math></math></span>). Then'
    kept = 'a <span class="math">(<math></math>).</span> Then'
    assert changed(html) == kept


def test_a_number_stays_with_its_unit():
    assert changed("<p>5 % of 10 ns, 3 nsx, a %</p>") == "<p>5\u00a0% of 10\u00a0ns, 3 nsx, a %</p>"


@pytest.fixture(params=CHAPTERS)
def elements(request, open_page):
    """Return how to get the texts of a chapter's elements that a condition on ``one`` holds for."""

    def elements(screen, selector, condition):
        page = open_page(request.param, viewport=screen)
        script = f"all => all.filter(one => {condition}).map(one => one.textContent.slice(0, 80))"
        return page.eval_on_selector_all(selector, script)

    return elements


RIGHT = "getBoundingClientRect().right"
WIDTH = "getBoundingClientRect().width"


def test_no_name_in_a_line_of_text_is_cut_off_on_a_phone(elements):
    assert not elements(PHONE, "article p > code", f"one.{RIGHT} > one.parentElement.{RIGHT} + 1")


def test_code_fits_beside_the_columns_of_a_small_laptop(elements):
    """A solution is set in; its few longest lines scroll."""
    condition = "!one.closest('.dropdown') && one.scrollWidth > one.clientWidth"
    assert not elements(SMALL_LAPTOP, "article .cell_input pre", condition)


def test_a_word_in_a_formula_is_drawn_whole(elements):
    """Of a word that wraps, Chromium draws the first line only, in a box of one line."""
    width = """(pen => {
        pen.font = getComputedStyle(one).font;
        return pen.measureText(one.textContent.trim()).width;
    })(document.createElement("canvas").getContext("2d"))"""
    assert not elements(PHONE, "article mtext", f"{width} > one.{WIDTH} + 3")
