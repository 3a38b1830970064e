"""Images that keep their place while they load, load when they come near, and stay legible."""

import re
from math import ceil
from pathlib import Path
from xml.etree import ElementTree

from bs4 import Tag
from PIL import Image
from sphinx.application import Sphinx

from tools.site.drawings import smallest_letters
from tools.site.pages import Page, changed_by

# In CSS pixels, on a phone, too: what does not fit then scrolls, and can be enlarged.
LEAST_LETTERS = 10
PIXELS_PER_UNIT = {"": 1, "px": 1, "pt": 4 / 3, "in": 96, "mm": 96 / 25.4, "cm": 96 / 2.54}


def describe_images(page: Page) -> None:
    first_section = page.soup.select_one("article h2")
    at_once = first_section.find_all_previous("img") if first_section else []
    for image in page.soup.select("article img[src]"):
        describe(page, image)
        if image not in at_once:
            image["loading"] = "lazy"
        image["decoding"] = "async"


def describe(page: Page, image: Tag) -> None:
    source = source_of(page, image["src"])
    if source is None:
        return
    if not image.has_attr("width") and not image.has_attr("height"):
        width, height = size(source)
        image["width"], image["height"] = round(width), round(height)
    if source.suffix == ".svg":
        keep_legible(page, image, source.read_text("utf-8"))
    if source.suffix == ".png":
        image["src"] = re.sub(r"\.png$", ".webp", image["src"])


def keep_legible(page: Page, image: Tag, svg: str) -> None:
    """Let a drawing become no narrower than its smallest letters allow."""
    letters = smallest_letters(svg)
    if letters:
        width = float(re.search(r'viewBox="\S+ \S+ ([\d.]+)', svg)[1])
        image["style"] = f"--least: {ceil(width * LEAST_LETTERS / letters)}px"
        image.wrap(page.soup.new_tag("span", attrs={"class": "drawing"}))


def source_of(page: Page, link: str) -> Path | None:
    """Return the file that Sphinx will copy to where a page's link points."""
    target = Path(page.target(link))
    for source, name in page.app.builder.images.items():
        if target == Path(page.app.builder.imagedir, name):
            return Path(page.app.srcdir, source)
    return None


def size(path: Path) -> tuple[float, float]:
    """Return an image's width and height in CSS pixels.

    Raises
    ------
    ValueError
        If a drawing does not tell its size.
    """
    if path.suffix != ".svg":
        with Image.open(path) as image:
            return image.size
    _, root = next(ElementTree.iterparse(path, events=["start"]))
    lengths = [root.get("width", ""), root.get("height", "")]
    matches = [re.fullmatch(r"([\d.]+)(px|pt|in|mm|cm|)", length) for length in lengths]
    if all(matches):
        return tuple(float(match[1]) * PIXELS_PER_UNIT[match[2]] for match in matches)
    if not root.get("viewBox"):
        raise ValueError(f"{path} has no size; give its <svg> a viewBox.")
    return tuple(map(float, root.get("viewBox").split()[2:]))


def write_webp(app: Sphinx, exception: Exception | None) -> None:
    """Write each PNG as WebP, which loses nothing and is a third smaller."""
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir, app.builder.imagedir).glob("*.png"):
        target = path.with_suffix(".webp")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            with Image.open(path) as image:
                image.save(target, lossless=True)


def setup(app: Sphinx) -> None:
    app.add_js_file("enlarge.js")
    changed_by(app, describe_images)
    app.connect("build-finished", write_webp)
