"""A section that is not laid out yet is as good as one that is, for everyone."""

import contextlib

import pytest

from tests.site.conftest import lay_out
from tests.site.test_pages import PAGES, SCREENS
from tools import browser

CHAPTERS = [name.removesuffix(".html") for name in PAGES if name.startswith("chapters/")]
LONG = "chapters/pulse_cnn"
HEIGHT = "document.querySelector('article').scrollHeight"
LONGEST_TEXTS = """all => all.map(one =>
    [...one.childNodes].filter(node => node.nodeType == Node.TEXT_NODE)
    .map(node => node.data.trim()).sort((one, other) => other.length - one.length)[0])"""
# How far from the top of the window a heading may stand that a link led to.
TOP = 250


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def size(request):
    return dict(zip(("width", "height"), request.param, strict=True))


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_scroll_bar_tells_the_truth(open_page, name, size):
    page = open_page(name, viewport=size)
    said = page.evaluate(HEIGHT)
    lay_out(page)
    assert said == pytest.approx(page.evaluate(HEIGHT), rel=0.1)


def test_far_sections_wait(open_page, size):
    """Chromium says so to what asks for the state of a section."""
    page = open_page(LONG, viewport=size)
    waiting = page.eval_on_selector_all(
        "section.later",
        "all => all.map(one => !one.firstElementChild.checkVisibility"
        "({contentVisibilityAuto: true}))",
    )
    assert not waiting[0]
    assert sum(waiting) > 0.8 * len(waiting)


def test_a_link_into_a_far_section_leads_to_it(open_page, size):
    page = open_page(LONG, viewport=size)
    sections = page.locator("section.later:not(.later .later)")
    last = sections.nth(sections.count() - 2)
    page.evaluate("id => location.hash = id", last.get_attribute("id"))
    heading = last.locator("h2")
    page.wait_for_function(
        "([heading, top]) => (({y}) => y > 0 && y < top)(heading.getBoundingClientRect())",
        arg=[heading.element_handle(), TOP],
    )


def test_the_browser_finds_words_of_a_far_section(open_page):
    page = open_page(LONG)
    words = page.locator("section.later p").last.text_content()[:30]
    assert page.evaluate("words => window.find(words)", words)
    page.wait_for_function("() => window.scrollY > 5000")


@pytest.fixture
def read_aloud(chromium, chromium_path, site_address):
    """Open a chapter in a browser that a screen reader is attached to."""
    arguments = chromium_path, "--force-renderer-accessibility"
    with contextlib.closing(browser.launch(chromium.browser_type, *arguments)) as another:
        page = another.new_page()
        page.goto(f"{site_address}{LONG}.html")
        yield page


def test_a_screen_reader_hears_every_heading_and_no_solution(read_aloud):
    titles, solutions = (
        set(read_aloud.eval_on_selector_all(selector, LONGEST_TEXTS))
        for selector in [".later > :is(h2, h3, h4)", ".toggle-hidden .admonition-title ~ * > p"]
    )
    session = read_aloud.context.new_cdp_session(read_aloud)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    heard = {node.get("name", {}).get("value", "").strip() for node in nodes if not node["ignored"]}
    assert len(titles) > 10
    assert not titles - heard
    assert solutions
    assert not solutions & heard


def test_on_paper_all_is_there(open_page):
    page = open_page(LONG)
    page.emulate_media(media="print")
    states = page.eval_on_selector_all(
        "section.later", "all => all.map(one => getComputedStyle(one).contentVisibility)"
    )
    assert states
    assert set(states) == {"visible"}
