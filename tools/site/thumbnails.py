"""A picture on the card of each page: the page's first figure, made small, or a sign.

The cards stand on the first page, which is written when all pages have been read.
"""

import re
from html import escape
from io import BytesIO
from pathlib import Path

from docutils import nodes
from PIL import Image
from resvg_py import svg_to_bytes
from sphinx.application import Sphinx

from tools.notebooks.drawings import FONTS
from tools.site.colours import LIGHT, on_dark
from tools.site.drawings import COLOUR
from tools.site.pages import Page, changed_by

# Twice what a card on a desktop is wide, for screens with fine pixels.
SIZE = 640, 400
ENOUGH_WORDS = 6
# What a colour on white becomes on each ground of the theme.
GROUNDS = {"light": str, "dark": on_dark}
# Pages that have no figure of their own.
SIGNS = {
    "bibliography": "[1], [2], …",
    "estimator_to_keras": "tf.estimator → Keras",
    "glossary": "A … Z",
}


def add_pictures(page: Page) -> None:
    if page.name != page.app.config.root_doc:
        return
    for card in page.soup.select(".sd-card:has(a[href])"):
        link = card.select_one("a.sd-stretched-link") or card.a
        name = page.target(link["href"]).removesuffix(".html")
        card.insert(0, page.fragment(f'<div class="card-picture">{picture(page, name)}</div>'))


def picture(page: Page, name: str) -> str:
    """Return the picture of a page as HTML."""
    first = first_figure(page.app, name)
    if first is None:
        sign = SIGNS.get(Path(name).name, "…")
        return f'<span aria-hidden="true">{escape(sign)}</span>'
    source, says = Path(page.app.srcdir, first["uri"]), shortened(first.get("alt", ""))
    return "".join(image(page, name, source, says, ground) for ground in GROUNDS)


def image(page: Page, name: str, source: Path, says: str, ground: str) -> str:
    """Write one of the two images of a card, and return it as HTML; the theme shows one."""
    target = f"{page.app.builder.imagedir}/card-{name.replace('/', '-')}-{ground}.webp"
    width, height = write_small(source, Path(page.app.outdir, target), ground)
    tag = page.soup.new_tag("img", src=page.link(target), width=width, height=height)
    tag.attrs |= {"alt": says, "loading": "lazy", "decoding": "async", "class": f"only-{ground}"}
    return str(tag)


def shortened(text: str) -> str:
    """Return as many sentences as say something."""
    first, *others = re.split(r"(?<=\.) ", text)
    while others and len(first.split()) < ENOUGH_WORDS:
        first += f" {others.pop(0)}"
    return first


def first_figure(app: Sphinx, name: str) -> nodes.image | None:
    """Return the first numbered image of a page, if it has one."""
    if name not in app.env.found_docs:
        return None
    figures = app.env.get_doctree(name).findall(nodes.figure)
    images = (image for figure in figures for image in figure.findall(nodes.image))
    return next(images, None)


def write_small(source: Path, target: Path, ground: str) -> tuple[int, int]:
    """Write an image as WebP that fits a card; return its size in CSS pixels."""
    data = source.read_bytes()
    if source.suffix == ".svg":
        colour = GROUNDS[ground]
        drawing = COLOUR.sub(lambda match: match[1] + colour(match[2]), data.decode())
        data = svg_to_bytes(
            svg_string=drawing,
            style_sheet=f"svg {{ fill: {colour('#000000')} }}",
            background=colour(LIGHT),
            width=SIZE[0],
            dpi=96,
            **FONTS,
        )
    with Image.open(BytesIO(data)) as image:
        small = image.convert("RGB")
    small.thumbnail(SIZE)
    target.parent.mkdir(exist_ok=True)
    small.save(target, quality=80)
    return round(small.width / 2), round(small.height / 2)


def setup(app: Sphinx) -> None:
    changed_by(app, add_pictures)
    app.add_css_file("cards.css")
