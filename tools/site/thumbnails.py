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
from tools.site.pages import Page, changed_by

# Twice what a card on a desktop is wide, for screens with fine pixels.
SIZE = 640, 400
ENOUGH_WORDS = 6
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
    target = f"{page.app.builder.imagedir}/card-{name.replace('/', '-')}.webp"
    width, height = write_small(Path(page.app.srcdir, first["uri"]), Path(page.app.outdir, target))
    image = page.soup.new_tag("img", src=page.link(target), width=width, height=height)
    says = shortened(first.get("alt", ""))
    image.attrs |= {"alt": says, "loading": "lazy", "decoding": "async"}
    return str(image)


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


def write_small(source: Path, target: Path) -> tuple[int, int]:
    """Write an image as WebP that fits a card; return its size in CSS pixels."""
    data = source.read_bytes()
    if source.suffix == ".svg":
        data = svg_to_bytes(
            svg_path=str(source), background="white", width=SIZE[0], dpi=96, **FONTS
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
