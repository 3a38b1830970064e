"""Each page, on a phone and a desktop, light and dark, as a reader's browser shows it."""

import re

import pytest

from tests.site.conftest import MISDRAWN, SITE
from tools import book

SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}
# What depends on the screen does not depend on the colours: two pairs try all four.
READERS = [("phone", "dark"), ("desktop", "light")]
PAGES = sorted(
    str(path.relative_to(SITE))
    for path in SITE.rglob("*.html")
    if "_static" not in path.parts and path.name not in ("index.html", "search.html")
)

ALL_PAGES = [*PAGES, "index.html", "search.html"]


def problems_of(page, site):
    """Return a list of what goes wrong in a tab, which grows as that happens."""
    problems = []

    def note(problem, is_one=True):
        problems.extend([problem] if is_one else [])

    def is_elsewhere(request):
        return not request.url.startswith((site, "data:", "blob:"))

    page.on("console", lambda message: note(message.text, message.type in ("error", "warning")))
    page.on("pageerror", lambda error: note(str(error)))
    page.on("request", lambda each: note(f"asks elsewhere: {each.url}", is_elsewhere(each)))
    page.on("requestfailed", lambda request: note(f"no {request.url}"))
    return problems


@pytest.mark.parametrize(("screen", "scheme"), READERS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(chromium, site_address, screen, scheme, name):
    width, height = SCREENS[screen]
    viewport = {"width": width, "height": height}
    with chromium.new_context(viewport=viewport, color_scheme=scheme) as context:
        page = context.new_page()
        problems = problems_of(page, site_address)
        page.goto(site_address + name)
        page.wait_for_load_state("networkidle")
        assert not problems
        assert page.locator("html").get_attribute("data-theme") == scheme
        assert page.locator("article .math:not(:has(> math)), article merror").count() == 0
        assert page.evaluate(MISDRAWN) == []
        check_images(page)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, "the page is wider than the screen"


def check_images(page):
    """Every image loads, and its alternative text says more than a file name."""
    for image in page.locator("article img:visible").all():
        image.scroll_into_view_if_needed()
        text = image.get_attribute("alt") or ""
        source = image.get_attribute("src")
        assert len(text.split()) >= 4, f"no description of {source}"
        assert not re.search(r"\.(png|svg|jpe?g|webp)\b", text), f"a file name describes {source}"
        page.wait_for_function("image => image.complete", arg=image.element_handle())
        assert image.evaluate("image => image.naturalWidth") > 0, f"{source} does not load"


def test_pages_work_as_files(chromium):
    """A reader opens the path that `make book` prints; nothing is served then."""
    with chromium.new_context() as context:
        page = context.new_page()
        problems = problems_of(page, SITE.as_uri())
        page.goto((SITE / "index.html").as_uri())
        page.wait_for_load_state("networkidle")
        assert page.title() == book.configuration()["title"]
        assert not problems
