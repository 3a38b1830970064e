"""Figures read in light and in dark, and without the colours that many people mix up."""

from base64 import b64encode
from itertools import combinations

import numpy as np
import pytest
from PIL import ImageColor

from helpers import plot
from tests.site.conftest import SITE

# Severity 1 of G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, A Physiologically-based
# Model for Simulation of Color Vision Deficiency, IEEE TVCG 15 (2009) 1291,
# doi:10.1109/TVCG.2009.113; they act on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Curves are told apart by line style too; in colour alone, these are the first that a figure uses.
FIRST = [plot.BLUE, plot.VERMILLION, plot.GREEN]
PALETTE = [*FIRST, plot.PURPLE, plot.ORANGE, plot.SKY_BLUE, plot.BLACK]
# CIE 1976 differences; about 2 is the least that can be seen side by side.
DISTINCT = {"first": 15, "all": 8}
TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3
FIGURES = sorted(path for path in SITE.glob("_images/*") if path.suffix in (".svg", ".webp"))


def linear(colour):
    value = np.array(ImageColor.getrgb(colour)[:3]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Return CIELAB coordinates of linear sRGB under D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one, other):
    """Return the contrast ratio of WCAG 2."""
    low, high = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def closest(colours, deficiency):
    seen = [lab(DEFICIENCIES[deficiency] @ linear(colour)) for colour in colours]
    return min(np.linalg.norm(one - other) for one, other in combinations(seen, 2))


def test_the_measures_are_those_of_the_standards():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert lab(linear("#FFFFFF")) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab(linear("#0000FF")) == pytest.approx([32.30, 79.19, -107.86], abs=0.1)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_palette_can_be_told_apart(deficiency):
    assert closest(FIRST, deficiency) >= DISTINCT["first"]
    assert closest(PALETTE, deficiency) >= DISTINCT["all"]


def test_red_and_green_would_be_caught():
    assert closest(["#E00000", "#008000"], "deuteranopia") < closest(FIRST, "deuteranopia")


def test_curves_stand_out_from_the_ground():
    assert all(contrast(colour, "#FFFFFF") >= LINE_CONTRAST for colour in FIRST)
    assert contrast(plot.GREY, "#FFFFFF") >= TEXT_CONTRAST


@pytest.mark.parametrize("figure", FIGURES, ids=lambda path: path.name[:16])
def test_a_figure_brings_its_own_ground_and_legible_text(chromium, figure):
    """On the black of a dark page its corners are white, and its text contrasts with white."""
    with chromium.new_context(viewport={"width": 600, "height": 600}) as context:
        page = context.new_page()
        page.goto(figure.as_uri())
        colours = page.evaluate(
            "[...document.querySelectorAll('text, tspan')].map(one => getComputedStyle(one).fill)"
        )
        page.goto((SITE / "404.html").as_uri())
        page.set_content("<style>* {margin: 0; background: black}</style>")
        opaque = page.evaluate(
            """async source => {
                const image = Object.assign(new Image(), {src: source});
                await image.decode();
                const canvas = Object.assign(document.createElement('canvas'),
                                             {width: 200, height: 100});
                const context = canvas.getContext('2d');
                context.drawImage(image, 0, 0, 200, 100);
                return [[1, 1], [198, 1], [1, 98], [198, 98]].map(
                    corner => [...context.getImageData(...corner, 1, 1).data]);
            }""",
            data_uri(figure),
        )
    assert all(min(corner) >= 250 for corner in opaque), "the ground is not white and opaque"
    for colour in set(colours):
        assert contrast(colour, "#FFFFFF") >= TEXT_CONTRAST, colour


def data_uri(path):
    kind = {".svg": "image/svg+xml", ".webp": "image/webp"}[path.suffix]
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"
