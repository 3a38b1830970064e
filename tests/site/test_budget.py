"""What a page may weigh when it is opened first, compressed, and what must not keep it waiting."""

from collections import Counter
from pathlib import Path

import pytest

from tests.site.test_pages import ALL_PAGES

KILOBYTES, REQUESTS, STYLE_SHEETS, FONTS = 250, 20, 1, 3


@pytest.mark.parametrize("name", ALL_PAGES)
def test_first_load_keeps_to_the_budget(chromium, site_address, name):
    """Opened on a phone, and nothing scrolled yet."""
    with chromium.new_context(viewport={"width": 390, "height": 844}) as context:
        page, responses = context.new_page(), []
        page.on("response", lambda response: responses.append(response))
        page.goto(site_address + name)
        page.wait_for_load_state("networkidle")
        blocking = page.locator("script[src]:not([defer], [async])").count()
        images = page.locator("article img")
        figures = images.evaluate_all(
            "all => all.map(one => ['width', 'height', 'src'].map(it => one.getAttribute(it)))"
        )
        late = page.locator("article h2 ~ * img, article section section img")
        waits = late.evaluate_all("all => all.every(one => one.loading == 'lazy')")
    sizes = {each.url: int(each.headers["content-length"]) for each in responses}
    kinds = Counter(each.request.resource_type for each in responses)
    assert sum(sizes.values()) <= 1000 * KILOBYTES, sizes
    assert len(responses) <= REQUESTS, list(sizes)
    assert kinds["stylesheet"] <= STYLE_SHEETS + name.startswith("slides/")
    assert kinds["font"] <= FONTS
    assert (blocking, waits) == (0, True)
    for width, height, source in figures:
        assert min(int(width), int(height)) > 0, "it does not keep its place"
        assert Path(source).suffix in (".svg", ".webp")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_or_dark_is_known_before_any_script_is_loaded(chromium, site_address, scheme):
    """Or the whole page would be drawn, and then drawn again in the other colours."""
    with chromium.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.route("**/*.js*", lambda route: route.abort())
        page.goto(site_address + "index.html")
        assert page.locator("html").get_attribute("data-theme") == scheme
