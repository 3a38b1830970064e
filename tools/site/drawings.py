"""Drawings whose colours follow the page, light or dark, and that know their smallest letters.

A drawing in an ``<img>`` hears in ``prefers-color-scheme`` whether the page around it is light
or dark. So each SVG of the site gets a style sheet with its colours for both. Its ground stays
opaque: where a browser asks the system instead of the page, as Safari does, a drawing can have
the other ground than its page and reads as well. In notebooks drawings stay white.
"""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from PIL import Image
from sphinx.application import Sphinx

from tools.site.colours import on_dark
from tools.site.pages import is_site
from tools.site.typeface import faces

COLOUR = re.compile(r"((?:fill|stroke|stop-color)(?:: ?|=\"))(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b")
RASTER = re.compile(r'<image(?= [^>]*href="data:image/png;base64,([^"]*)")')
PIECES = re.compile(
    r'<g id="(QuadMesh|QuadContourSet|PathCollection)_\d+"(?=>(.*?)<g id=")', re.DOTALL
)
# What is drawn on an image keeps its colours, as the image does.
SHEET = """<style>{faces}svg{{{light}fill:var(--c0)}}
@media (prefers-color-scheme:dark){{svg{{{dark}}}
image.diverging{{filter:invert(1) hue-rotate(180deg)}}.opaque,.coloured,
:is(.opaque,[clip-path]:has(>.opaque))~[clip-path],
:is(.opaque,[clip-path]:has(>.opaque))~* [clip-path]{{{light}}}}}</style>"""
# The middle of the colours from blue to red, which would be a light box on a dark page.
MIDDLE = (221, 220, 220)
MIDDLES = re.compile("#dd(dc|dd){2}")
BLUE_TO_RED = 255 * colormaps["coolwarm"](range(256))[:, :3]
# With more of them, points have the colours of a scale.
MOST_COLOURS = 8
# Matplotlib scales outlines of letters that are 100 points high.
OF_PLOTS = re.compile(r"scale\((0?\.\d+) -")
OF_DRAWINGS = re.compile(r'<(?!tspan[^>]* dy=)[^>]* font-size="([\d.]+)"')


def follow_the_page(svg: str) -> str:
    """Return a drawing with the colours of both grounds, its own ground among them."""
    svg = PIECES.sub(lambda match: f'{match[0]} class="{kind_of_pieces(*match.groups())}"', svg)
    colours = list(dict.fromkeys(["#000000", *(match[2] for match in COLOUR.finditer(svg))]))
    svg = COLOUR.sub(lambda match: f"{match[1]}var(--c{colours.index(match[2])})", svg)
    svg = RASTER.sub(lambda match: f'<image class="{kind_of(match[1])}"', svg)
    light, dark = (
        "".join(f"--c{number}:{shown(colour)};" for number, colour in enumerate(colours))
        for shown in (str, on_dark)
    )
    root = re.search(r"<svg[^>]*>", svg).end()
    return svg[:root] + SHEET.format(faces=faces(svg), light=light, dark=dark) + svg[root:]


def kind_of(png: str) -> str:
    """Tell images in colours from blue over grey to red from others, and from single points."""
    with Image.open(BytesIO(b64decode(png))) as image:
        pixels = np.asarray(image.convert("RGBA")).reshape(-1, 4).astype(int)
    if pixels[:, 3].min() < 255:
        return "points"
    is_middle = np.abs(pixels[:, :3] - MIDDLE).max(axis=1) <= 4
    is_coloured = np.ptp(pixels[:, :3], axis=1) > 50
    is_diverging = is_middle.any() and is_coloured.any()
    return "diverging" if is_diverging or is_blue_to_red(pixels[:, :3]) else "opaque"


def is_blue_to_red(pixels: np.ndarray) -> bool:
    """Say whether all colours of an image are of that scale, the middle or not."""
    colours = np.unique(pixels, axis=0)[: len(BLUE_TO_RED) + 1]
    distances = np.abs(colours[:, np.newaxis] - BLUE_TO_RED).max(axis=-1).min(axis=-1)
    return len(colours) <= len(BLUE_TO_RED) and distances.max() <= 4


def kind_of_pieces(drawn_as: str, pieces: str) -> str:
    """Tell the same of what is drawn cell by cell, in filled contours, or as coloured points."""
    fills = set(re.findall(r"fill: (#\w{6})", pieces))
    if MIDDLES.search(pieces):
        return "diverging"
    if drawn_as == "PathCollection" and len(fills) > MOST_COLOURS:
        return "coloured"
    return "opaque" if fills and drawn_as != "PathCollection" else "points"


def smallest_letters(svg: str) -> float | None:
    """Return the height of a drawing's smallest letters in units of its viewBox.

    What is raised or lowered counts as part of what it stands at.
    """
    sizes = [100 * float(scale) for scale in OF_PLOTS.findall(svg)]
    sizes = sizes or [float(size) for size in OF_DRAWINGS.findall(svg)]
    return min(sizes, default=None)


def write_drawings(app: Sphinx, exception: Exception | None) -> None:
    """Let the drawings that Sphinx copied for the pages that it wrote follow their page."""
    if exception or not is_site(app):
        return
    for path in Path(app.outdir, app.builder.imagedir).glob("*.svg"):
        svg = path.read_text("utf-8")
        if "--c0" not in svg:
            path.write_text(follow_the_page(svg), "utf-8")


def setup(app: Sphinx) -> None:
    app.add_css_file("drawings.css")
    app.connect("build-finished", write_drawings)
