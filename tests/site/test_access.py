"""Nobody is shut out: axe-core finds nothing, and the keyboard reaches everything."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import CHAPTER, parsed
from tests.site.test_pages import ALL_PAGES, SCREENS

# A rule that axe-core runs by itself in a newer version than the one that its package brings. A
# dark page differs from the light one in its colours alone.
RULES = {
    "light": {"rules": {"label-content-name-mismatch": {"enabled": True}}},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}
# After a change of its window a page has been laid out, and its observers have been told.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("name", ALL_PAGES)
@pytest.mark.parametrize("theme", RULES)
def test_axe_finds_no_violation(open_page, name, theme):
    page = open_page(name.removesuffix(".html"), color_scheme=theme, reduced_motion="reduce")
    found = {}
    for width, height in SCREENS.values():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(TWO_FRAMES)
        for violation in Axe().run(page, options=RULES[theme]).response["violations"]:
            first = violation["nodes"][0]
            found[violation["id"], width] = first["html"], first["failureSummary"]
    assert not found


@pytest.mark.parametrize("name", ALL_PAGES)
def test_a_page_has_one_title_and_its_tables_have_headers(name):
    assert len(parsed(name).select("main h1:not(#jb-print-docs-body *)")) == 1
    tables = parsed(name).select("article table:not(.field-list, .indextable)")
    assert all(table.th for table in tables)


def test_the_first_stop_of_the_keyboard_skips_to_the_text(open_page):
    page = open_page(CHAPTER)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_the_keyboard_reaches_every_control_and_shows_where_it_is(open_page):
    """Of a group of radio buttons the chosen one is a stop; arrows lead to the others."""
    page = open_page(CHAPTER, viewport={"width": 1280, "height": 900})
    controls = page.evaluate(
        """[...document.querySelectorAll('a[href], button, summary, input, [tabindex="0"]')]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled
                       && one.tabIndex >= 0 && (one.type != 'radio' || one.checked))
        .map((one, number) => one.dataset.stop = number).length"""
    )
    page.evaluate(
        """document.addEventListener('focusin', event => {
            const style = getComputedStyle(event.target);
            (window.stops ??= []).push([
                event.target.dataset.stop,
                style.outlineStyle != 'none' || style.boxShadow != 'none',
                event.target.outerHTML.slice(0, 120)]);
        })"""
    )
    for _ in range(controls + 5):
        page.keyboard.press("Tab")
    stops = page.evaluate("window.stops")
    reached = {number for number, _, _ in stops if number is not None}
    assert reached == {str(number) for number in range(controls)}
    assert [html for _, visible, html in stops if not visible] == []


@pytest.mark.parametrize("selector", ["div.math", "pre"])
def test_only_what_scrolls_is_a_stop_of_the_keyboard(open_page, selector):
    page = open_page(CHAPTER, viewport={"width": 1280, "height": 900})
    box = page.locator(f"article {selector}").first
    box.evaluate("box => box.textContent = 'x'.repeat(40)")
    page.wait_for_function("box => box.tabIndex == -1", arg=box.element_handle())
    page.set_viewport_size({"width": 300, "height": 844})
    page.wait_for_function("box => box.tabIndex == 0", arg=box.element_handle())


def test_reduced_motion_is_honoured(open_page):
    page = open_page(CHAPTER, reduced_motion="reduce")
    moving = page.eval_on_selector_all(
        "*",
        """all => all.filter(one => {
            const style = getComputedStyle(one);
            return style.transitionDuration.split(', ').some(time => parseFloat(time) > 0)
                && style.transitionProperty != 'none' || style.animationName != 'none';
        }).length""",
    )
    assert moving == 0
