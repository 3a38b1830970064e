"""Figures read in light and in dark, and without the colours that many people mix up."""

from base64 import b64encode
from io import BytesIO

import numpy as np
import pytest
from matplotlib import rc_context, rcParams
from PIL import Image, ImageColor

from helpers import plot
from tests.site.conftest import SITE

# Chosen so that people with any common kind of colour blindness can tell them apart:
# M. Okabe and K. Ito, Color Universal Design, 2002, https://jfly.uni-koeln.de/color/
OKABE_ITO = "#000000 #E69F00 #56B4E9 #009E73 #F0E442 #0072B2 #D55E00 #CC79A7"
TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3
KINDS = {".svg": "svg+xml", ".webp": "webp"}
FIGURES = sorted(path for path in SITE.glob("_images/*") if path.suffix in KINDS)


def contrast(colour):
    """Return the contrast ratio of WCAG 2 between a colour and white."""
    value = np.array(ImageColor.getrgb(colour)[:3]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05)


def test_curves_have_colours_that_nobody_mixes_up_and_stand_out_from_the_ground():
    with rc_context():
        plot.use_style()
        colours = rcParams["axes.prop_cycle"].by_key()["color"]
    assert set(colours) <= set(OKABE_ITO.split())
    assert all(contrast(colour) >= LINE_CONTRAST for colour in colours[:3])
    assert contrast(plot.GREY) >= TEXT_CONTRAST


@pytest.mark.parametrize("figure", FIGURES, ids=lambda path: path.name[:16])
def test_a_figure_brings_its_own_ground_and_legible_text(chromium, figure):
    """On the black of a dark page its corners are white, and its text contrasts with white."""
    kind, content = KINDS[figure.suffix], b64encode(figure.read_bytes()).decode()
    with chromium.new_context(viewport={"width": 600, "height": 600}) as context:
        page = context.new_page()
        page.set_content(
            "<style>* {margin: 0; background: black}</style>"
            f'<img src="data:image/{kind};base64,{content}" width="200">'
        )
        shown = Image.open(BytesIO(page.locator("img").screenshot())).convert("RGB")
        page.goto(figure.as_uri())
        colours = page.evaluate(
            "[...document.querySelectorAll('text, tspan')].map(one => getComputedStyle(one).fill)"
        )
    width, height = shown.size
    corners = [shown.getpixel((x, y)) for x in (1, width - 2) for y in (1, height - 2)]
    assert all(min(corner) >= 250 for corner in corners), "the ground is not white and opaque"
    for colour in set(colours):
        assert contrast(colour) >= TEXT_CONTRAST, colour
