"""Lines break where they should, and nothing is cut off that does not say so."""

import pytest
from bs4 import BeautifulSoup

from tests.site.conftest import SITE, lay_out
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


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_name_in_a_line_of_text_is_cut_off_on_a_phone(open_page, name):
    page = open_page(name, viewport=PHONE)
    lay_out(page)
    cut = page.eval_on_selector_all(
        "article p > code",
        """all => all.filter(one => one.getBoundingClientRect().right
            > one.parentElement.getBoundingClientRect().right + 1).map(one => one.textContent)""",
    )
    assert not cut


@pytest.mark.parametrize("name", CHAPTERS)
def test_code_fits_beside_the_columns_of_a_small_laptop(open_page, name):
    """A solution is set in; its few longest lines scroll."""
    page = open_page(name, viewport=SMALL_LAPTOP)
    lay_out(page)
    cut = page.eval_on_selector_all(
        "article .cell_input pre",
        """all => all.filter(one => !one.closest(".dropdown") && one.scrollWidth > one.clientWidth)
            .map(one => one.textContent.slice(0, 80))""",
    )
    assert not cut


@pytest.mark.parametrize("name", CHAPTERS)
def test_formulas_take_the_room_that_they_need(open_page, name):
    """A word in a formula has one line; a root over one line ends where its content ends."""
    page = open_page(name, viewport=PHONE)
    lay_out(page)
    words = page.eval_on_selector_all(
        "mtext", "all => all.map(one => one.getClientRects()).filter(lines => lines.length > 1)"
    )
    assert not words
    gaps = page.eval_on_selector_all(
        "msqrt.low",
        """all => all.filter(one => one.getClientRects().length).map(one =>
            one.getBoundingClientRect().right
            - one.lastElementChild.getBoundingClientRect().right)""",
    )
    assert all(abs(gap) < 1 for gap in gaps)


def test_there_are_low_roots():
    assert 'class="low"' in (SITE / "chapters" / "unsupervised.html").read_text("utf-8")
