"""Drawings have the ground and the colours of their page, and letters that a phone shows."""

import re
from io import BytesIO, StringIO

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageColor

from tests.site.conftest import CHAPTER, SITE
from tools.book import ROOT
from tools.site.colours import DARK, LIGHT, contrast, on_dark
from tools.site.drawings import follow_the_page, smallest_letters
from tools.site.images import LEAST_LETTERS

DRAWINGS = sorted(SITE.glob("_images/*.svg"))
GROUNDS = {"light": LIGHT, "dark": DARK}
# A box that is light on a dark page: what stands out from its ground as text does there.
LARGEST_LIGHT_SHARE = 0.25
TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3
PHONE = {"width": 390, "height": 844}
# The colours of letters, then those of lines: what is drawn full, and no grid or edge of an area.
COLOURS = """() => {
    const letters = document.querySelectorAll('text, tspan, g[transform*="scale(0.1"]');
    const isLine = ({fill, opacity, stroke, strokeOpacity, strokeWidth}) =>
        stroke !== "none" && fill === "none" && opacity * strokeOpacity == 1
        && parseFloat(strokeWidth) > 1;
    const image = ":is(.opaque, [clip-path]:has(> .opaque))";
    const onImage = one => one.closest(`${image} ~ *`);
    const styles = [...document.querySelectorAll("path, line, polyline, use")]
        .filter(one => !onImage(one)).map(one => getComputedStyle(one));
    return [[...letters].filter(one => !onImage(one)).map(one => getComputedStyle(one).fill),
            styles.filter(isLine).map(style => style.stroke)];
}"""


@pytest.fixture(scope="module")
def tab(chromium):
    with chromium.new_context(viewport=PHONE) as context:
        yield context.new_page()


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.name[:16])
def test_a_drawing_has_the_ground_of_its_page_and_stands_out_from_it(tab, drawing):
    tab.goto(drawing.as_uri())
    for scheme, ground in GROUNDS.items():
        tab.emulate_media(color_scheme=scheme)
        letters, lines = tab.evaluate(COLOURS)
        faint = {each for each in letters if contrast(each, ground) < TEXT_CONTRAST}
        faint |= {each for each in lines if contrast(each, ground) < LINE_CONTRAST}
        assert not faint
    tab.goto((SITE / "404.html").as_uri())
    for scheme, ground in GROUNDS.items():
        shown = pixels_of(tab, drawing, scheme)
        corners = shown[[1, 1, -2, -2], [1, -2, 1, -2]]
        assert np.abs(corners - ImageColor.getrgb(ground)).max() <= 1
    assert (shown.min(axis=-1) > 150).mean() < LARGEST_LIGHT_SHARE


def pixels_of(tab, drawing, scheme):
    """Return the pixels of a drawing on a page that is light or dark."""
    tab.emulate_media(color_scheme=scheme)
    tab.set_content(
        f'<body style="background: {GROUNDS[scheme]}; color-scheme: {scheme}; margin: 0">'
        f'<img src="{drawing.as_uri()}" width="390">'
    )
    tab.wait_for_function("document.images[0].complete")
    return np.asarray(Image.open(BytesIO(tab.locator("img").screenshot())).convert("RGB"), int)


@pytest.mark.parametrize("scheme", GROUNDS)
def test_the_grounds_are_those_of_the_theme(chromium, scheme):
    with chromium.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto((SITE / "index.html").as_uri())
        shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ImageColor.getrgb(shown) == ImageColor.getrgb(GROUNDS[scheme])


def test_a_drawing_follows_the_switch_of_the_page(chromium):
    with chromium.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto((SITE / f"{CHAPTER}.html").as_uri())
        drawing = page.locator("article .drawing img").first
        drawing.scroll_into_view_if_needed()
        page.wait_for_function("one => one.complete", arg=drawing.element_handle())
        light, dark = (with_theme(page, drawing, theme) for theme in GROUNDS)
    assert np.median(light) == 255
    assert np.abs(np.median(dark, axis=(0, 1)) - ImageColor.getrgb(DARK)).max() <= 1


def with_theme(page, drawing, theme):
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    # A line of letters is drawn anew some frames later.
    page.wait_for_timeout(300)
    return np.asarray(Image.open(BytesIO(drawing.screenshot())).convert("RGB"))


@pytest.mark.parametrize("name", sorted(SITE.glob("chapters/*.html")), ids=lambda path: path.stem)
def test_a_phone_shows_no_letters_that_are_too_small(chromium, name):
    with chromium.new_context(viewport=PHONE, is_mobile=True) as context:
        page = context.new_page()
        page.goto(name.as_uri())
        shown = page.locator("article .drawing img").evaluate_all(
            "all => all.map(one => [one.getAttribute('src'), one.getBoundingClientRect().width])"
        )
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    for source, width in shown:
        svg = (SITE / "_images" / source.rsplit("/", 1)[1]).read_text("utf-8")
        units = float(re.search(r'viewBox="\S+ \S+ ([\d.]+)', svg)[1])
        # A hidden solution has no width until it is opened.
        assert not width or smallest_letters(svg) * width / units >= LEAST_LETTERS - 0.05, source


def test_a_drawing_is_enlarged_by_tap_and_key_and_gives_back_the_focus(chromium):
    with chromium.new_context(viewport=PHONE, has_touch=True) as context:
        page = context.new_page()
        page.goto((SITE / f"{CHAPTER}.html").as_uri())
        button, dialog = page.locator("button.enlarge").first, page.locator("dialog.enlarged")
        button.focus()
        page.keyboard.press("Enter")
        assert dialog.is_visible()
        assert dialog.locator("img").get_attribute("alt")
        assert re.match(r"Fig\. \d+\.\d+", dialog.get_attribute("aria-label"))
        page.keyboard.press("Escape")
        assert not dialog.is_visible()
        page.locator("article .drawing img").first.tap()
        assert dialog.is_visible()
        dialog.get_by_role("button", name="Close").tap()
        assert not dialog.is_visible()
        assert button.evaluate("one => one === document.activeElement")


DRAWN = """<svg viewBox="0 0 10 10"><rect width="10" height="10" fill="#FFFFFF"/>
<path style="fill: none; stroke: #d55e00"/>
<text font-size="3">a<tspan dy="1" font-size="2">b</tspan></text></svg>"""


def test_colours_become_those_of_the_page_and_the_ground_is_one_of_them():
    svg = follow_the_page(DRAWN)
    dark = f"--c0:{on_dark('#000000')};--c1:{DARK};--c2:{on_dark('#d55e00')};"
    assert f"svg{{{dark}}}" in svg
    assert 'height="10" fill="var(--c1)"/>' in svg
    assert "fill: none; stroke: var(--c2)" in svg


RAMP = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(
    ("drawn", "kind"),
    [
        (lambda axes: axes.pcolormesh(np.eye(3)), "opaque"),
        (lambda axes: axes.pcolormesh(RAMP, cmap="coolwarm"), "diverging"),
        (lambda axes: axes.contourf(np.eye(3)), "opaque"),
        (lambda axes: axes.contour(np.eye(3)), "points"),
        (lambda axes: axes.scatter(range(9), range(9), c=range(9)), "coloured"),
        (lambda axes: axes.scatter([1, 2], [1, 2]), "points"),
        (lambda axes: axes.imshow(np.eye(3)), "opaque"),
        (lambda axes: axes.imshow(RAMP, cmap="coolwarm"), "diverging"),
        (lambda axes: axes.imshow(RAMP % 2, cmap="coolwarm"), "diverging"),
    ],
)
def test_what_is_drawn_in_colours_of_a_scale_keeps_them(drawn, kind):
    figure, file = Figure(), StringIO()
    drawn(figure.subplots())
    figure.savefig(file, format="svg")
    assert f' class="{kind}"' in follow_the_page(file.getvalue())


def test_a_drawing_carries_the_letters_of_plots():
    svg = (ROOT / "chapters" / "figures" / "rn-lstm.svg").read_text("utf-8")
    shown = follow_the_page(svg)
    assert shown.count("@font-face") == 2
    assert "font-family:DejaVu Sans;font-style:italic;src:url(data:font/woff2" in shown
    assert len(shown) - len(svg) < 15_000


def test_what_is_lowered_counts_as_part_of_its_word():
    assert smallest_letters(DRAWN) == 3
    assert smallest_letters('<g transform="scale(0.13 -0.13)"/>') == 13
    assert smallest_letters("<svg/>") is None


def test_white_becomes_the_dark_ground_and_other_colours_keep_their_contrast():
    assert on_dark("#FFFFFF") == DARK
    assert contrast(on_dark("#DDDDDD"), DARK) == pytest.approx(contrast("#DDDDDD"), abs=0.05)
    assert contrast(on_dark("#009E73"), DARK) >= TEXT_CONTRAST
