"""Each page, on a phone and a desktop, light and dark, as a reader's browser shows it."""

import re
from dataclasses import dataclass, field

import pytest

from tests.site.conftest import SITE
from tools import book

SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}
PAGES = sorted(
    str(path.relative_to(SITE))
    for path in SITE.rglob("*.html")
    if "_static" not in path.parts and path.name not in ("index.html", "search.html")
)

ALL_PAGES = [*PAGES, "index.html", "search.html"]


@dataclass
class Visit:
    """A page in a browser, and what went wrong while it loaded."""

    page: object
    problems: list[str] = field(default_factory=list)


@pytest.fixture(params=SCREENS)
def screen(request):
    width, height = SCREENS[request.param]
    return {"width": width, "height": height}


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(params=PAGES)
def visit(request, chromium, site_address, screen, scheme):
    with chromium.new_context(viewport=screen, color_scheme=scheme) as context:
        visit = Visit(context.new_page())
        visit.page.on("console", lambda message: note_console(visit, message))
        visit.page.on("pageerror", lambda error: visit.problems.append(f"error: {error}"))
        visit.page.on("request", lambda request: note_request(visit, request, site_address))
        visit.page.on("requestfailed", lambda request: visit.problems.append(f"no {request.url}"))
        visit.page.goto(site_address + request.param)
        visit.page.wait_for_load_state("networkidle")
        yield visit


def note_console(visit, message):
    if message.type in ("error", "warning"):
        visit.problems.append(f"console: {message.text}")


def note_request(visit, request, site_address):
    if not request.url.startswith((site_address, "data:", "blob:")):
        visit.problems.append(f"asks another host: {request.url}")


def test_every_page_of_the_contents_is_there():
    assert {f"{name}.html" for name in [book.first_page(), *book.pages()]} <= set(PAGES)


def test_page_is_sound(visit, scheme):
    page = visit.page
    assert not visit.problems
    assert page.locator("html").get_attribute("data-theme") == scheme
    check_maths(page)
    check_images(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, "the page is wider than the screen"


def check_maths(page):
    """Every formula of the source is typeset, and none shows an error or raw TeX."""
    formulas = page.locator("article .math")
    assert page.locator("article .math > math").count() == formulas.count()
    assert page.locator("article merror").count() == 0
    sizes = page.eval_on_selector_all(
        "article .math > math",
        "all => all.filter(one => one.offsetParent || one.getClientRects().length)"
        ".map(one => one.getBoundingClientRect().height)",
    )
    assert all(size > 5 for size in sizes), "a formula is flat"


def check_images(page):
    """Every image loads, and its alternative text says more than a file name."""
    for image in page.locator("article img").all():
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
        visit = Visit(page)
        page.on("console", lambda message: note_console(visit, message))
        page.on("requestfailed", lambda request: visit.problems.append(request.url))
        page.goto((SITE / "index.html").as_uri())
        page.wait_for_load_state("networkidle")
        assert page.title() == book.configuration()["title"]
        assert not visit.problems
