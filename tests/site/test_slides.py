"""Slides of the instructor's edition: nothing is cut off, each figure is seen, notes are there.

They are tested where that edition is built: EDITION=instructor.
"""

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.site.conftest import SITE, parsed
from tests.site.test_pages import problems_of
from tools.book import pages
from tools.site import slides

LECTURES = sorted((SITE / slides.FOLDER).rglob("*.html"))
SIZE = {"width": 1280, "height": 720}
# What of the slide that is shown reaches beyond it, or is too small to be seen.
MISFITS = """async () => {
    const slide = Reveal.getCurrentSlide(), sheet = slide.querySelector(".sheet");
    const isShown = image => image.complete && image.naturalWidth > 0;
    while (![...slide.querySelectorAll("img")].every(isShown))
        await new Promise(requestAnimationFrame);
    const {right, bottom} = sheet.getBoundingClientRect();
    return [...sheet.querySelectorAll("*")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && (box.right > right + 3 || box.bottom > bottom + 3)
            || one.tagName == "PRE" && one.scrollWidth > one.clientWidth + 3
            || one.tagName == "IMG" && box.height < 120;
    }).map(one => `${slide.querySelector("h1, h2").textContent}: ${one.outerHTML.slice(0, 80)}`);
}"""


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_every_slide_fits(chromium, path):
    with chromium.new_context(viewport=SIZE) as context:
        page = context.new_page()
        problems = problems_of(page, SITE.as_uri())
        page.goto(path.as_uri())
        page.wait_for_function("Reveal.isReady()")
        for number in range(page.evaluate("Reveal.getTotalSlides()")):
            page.evaluate("number => Reveal.slide(number)", number)
            assert page.evaluate(MISFITS) == []
        assert problems == []


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_a_slide_has_a_title_and_a_lecture_its_notes(path):
    shown = BeautifulSoup(path.read_text("utf-8"), "html.parser").select("section")
    assert all(one.select_one("h1, h2").get_text().strip() for one in shown)
    noted = [one for one in shown[:-1] if one.select_one(".notes").get_text().strip()]
    assert len(noted) == len(shown) - 1
    assert all(image["alt"] for one in shown for image in one("img"))


def test_a_page_leads_to_its_slides():
    lectures = [name for name in pages() if (SITE / slides.path_of(name)).exists()]
    assert len(lectures) == len(LECTURES)
    for name in lectures:
        assert parsed(f"{name}.html").select_one("article h1 + .to-slides a"), name


def test_the_keyboard_goes_on_and_turns_the_light_off(chromium):
    with chromium.new_context(viewport=SIZE, color_scheme="light") as context:
        page = context.new_page()
        page.goto(LECTURES[0].as_uri())
        page.wait_for_function("Reveal.isReady()")
        page.keyboard.press("Space")
        assert page.evaluate("Reveal.getIndices().h") == 1
        page.keyboard.press("d")
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_slides_are_printed_with_their_figures(chromium, tmp_path):
    """A figure is a drawing of thousands of lines on its sheet, or a picture."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{LECTURES[0].as_uri()}?print-pdf")
        page.wait_for_selector(".pdf-page img[src]", state="attached")
        page.wait_for_function("[...document.images].every(one => one.complete)")
        with_figure = page.eval_on_selector_all(
            ".pdf-page", "all => all.map(one => !!one.querySelector('img'))"
        )
        page.pdf(path=tmp_path / "slides.pdf", prefer_css_page_size=True)
    sheets = PdfReader(tmp_path / "slides.pdf").pages
    assert len(sheets) == len(with_figure)
    for sheet, has_figure in zip(sheets, with_figure, strict=True):
        drawn = len(sheet.get_contents().get_data()) > 15_000 or sheet.images
        assert drawn or not has_figure, sheet.extract_text()


def test_a_figure_is_found_by_the_name_that_its_page_gives_it():
    page = BeautifulSoup("<figure id='fig-dark-matter'><img></figure>", "html.parser")
    assert list(slides.parts(page, "fig-dark_matter"))
    assert not list(slides.parts(page, "fig-none"))
    assert not list(slides.parts(page, "slide-none/outpt"))
