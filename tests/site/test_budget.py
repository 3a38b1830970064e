"""What a page may weigh when it is opened first, compressed: see budget.json."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.site.conftest import SITE
from tests.site.test_pages import ALL_PAGES

BUDGET = json.loads(Path(__file__).with_name("budget.json").read_text("utf-8"))
KILOBYTE = 1000


@pytest.fixture(params=ALL_PAGES)
def load(request, chromium, site_address):
    """Return the responses of a first load on a phone, and the page, nothing scrolled yet."""
    phone = {"width": 390, "height": 844}
    with chromium.new_context(viewport=phone) as context:
        page, responses = context.new_page(), []
        page.on("response", lambda response: responses.append(response))
        page.goto(site_address + request.param)
        page.wait_for_load_state("networkidle")
        yield page, responses


def test_first_load_keeps_to_the_budget(load):
    _, responses = load
    sizes = {each.url: int(each.headers["content-length"]) for each in responses}
    kinds = Counter(each.request.resource_type for each in responses)
    assert sum(sizes.values()) <= BUDGET["page"]["kilobytes"] * KILOBYTE, sizes
    assert len(responses) <= BUDGET["page"]["requests"], list(sizes)
    assert kinds["stylesheet"] <= BUDGET["page"]["style_sheets"]
    assert kinds["font"] <= BUDGET["page"]["fonts"]


def test_no_script_keeps_the_page_waiting(load):
    page, _ = load
    blocking = page.eval_on_selector_all(
        "script[src]", "all => all.filter(one => !one.defer && !one.async).map(one => one.src)"
    )
    assert blocking == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_or_dark_is_known_before_any_script_is_loaded(chromium, site_address, scheme):
    """Or the whole page would be drawn, and then drawn again in the other colours."""
    with chromium.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.route("**/*.js*", lambda route: route.abort())
        page.goto(site_address + "intro.html")
        assert page.locator("html").get_attribute("data-theme") == scheme


def test_figures_keep_their_place_and_wait(load):
    page, _ = load
    figures = page.locator("article img").all()
    for figure in figures:
        assert int(figure.get_attribute("width")) > 0
        assert int(figure.get_attribute("height")) > 0
    late = page.locator("article h2 ~ * img, article section section img")
    assert all(image.get_attribute("loading") == "lazy" for image in late.all())
    assert all(Path(image.get_attribute("src")).suffix in (".svg", ".webp") for image in figures)


def test_what_is_shared_is_small():
    sheet = gzip.compress((SITE / "_static/site.css").read_bytes())
    assert len(sheet) <= BUDGET["sheet_kilobytes"] * KILOBYTE
    font = SITE / "_static/fonts/stix-two-math.woff2"
    assert font.stat().st_size <= BUDGET["math_font_kilobytes"] * KILOBYTE
    for preview in SITE.glob("_static/previews/*.png"):
        assert preview.stat().st_size <= BUDGET["preview_kilobytes"] * KILOBYTE
