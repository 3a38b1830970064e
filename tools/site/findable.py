"""What a search engine, a link in a chat and a reader with an old address need."""

import hashlib
import re
from html import escape
from pathlib import Path
from posixpath import relpath
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont
from sphinx.application import Sphinx

from tools import book
from tools.site.pages import LATE, Page, changed_by, is_site, written

# It stands for pages that do not exist: the status with which it is sent keeps search
# engines away, and it has no address of its own.
MISSING = "404"
# Pages that nobody looks for.
NOT_ON_MAP = {MISSING, "genindex", "search"}
LONGEST_DESCRIPTION = 160
PICTURES = "_static/previews"
PICTURE_SIZE = (1200, 630)
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]

NOT_FOUND = """
<h1>This page does not exist</h1>
<p>It may have moved. The <a href="index.html">first page</a> lists all chapters, and the
<a href="search.html">search</a> looks through all of them.</p>
"""
# The server shows the page in place of one at any depth; elsewhere it is opened as itself.
BASE = """if (location.href.startsWith("{address}")) document.head.append(
    Object.assign(document.createElement("base"), {{href: "{address}"}}))"""
REDIRECT = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Moved</title>
<meta http-equiv="refresh" content="0; url={target}"><link rel="canonical" href="{target}">
</head><body><p>This page has moved <a href="{target}">here</a>.</p></body></html>
"""


def site_address() -> str:
    """Return where the site is published, empty while nobody has made the book theirs."""
    return "" if book.is_placeholder() else book.site_url()


def describe_page(page: Page) -> None:
    head, published = page.soup.head, site_address()
    title = title_of(page)
    description = description_of(page, title)
    own = "" if is_first(page) else page.file
    picture = f"{PICTURES}/{page.name.replace('/', '-')}.png"
    draw_picture(page.app, title, picture)
    properties = {
        "og:type": "website" if is_first(page) else "article",
        "og:site_name": page.app.config.html_title,
        "og:title": title,
        "og:description": description,
        "og:image": published + picture if published else page.link(picture),
        "og:image:alt": f"The title of the page, {title}, over coloured pulses",
    }
    if published and page.name != MISSING:
        page.add(head, "link", rel="canonical", href=published + own)
        properties["og:url"] = published + own
    for name, content in properties.items():
        page.add(head, "meta", property=name, content=content)
    page.add(head, "meta", name="twitter:card", content="summary_large_image")
    if published and page.name == MISSING:
        script = page.soup.new_tag("script")
        script.string = BASE.format(address=published)
        head.insert(0, script)


def is_first(page: Page) -> bool:
    return page.name == page.app.config.root_doc


def title_of(page: Page) -> str:
    heading = page.soup.select_one("article h1")
    if heading is None:
        return page.app.config.html_title
    text = "".join(part for part in heading.find_all(string=True) if part.parent.name != "a")
    return re.sub(r"^[\d.]+\s+|\s+$", "", text)


def description_of(page: Page, title: str) -> str:
    """Return the description that the page gives, or make one and give it to the page."""
    given = page.soup.select_one("meta[name=description]")
    if given is None:
        content = f"{title}: a page of the book {page.app.config.html_title}."
        given = page.add(page.soup.head, "meta", name="description", content=content)
    return given["content"][:LONGEST_DESCRIPTION]


def draw_picture(app: Sphinx, title: str, name: str) -> None:
    """Draw what stands beside a link to the page: its title over pulses in the book's colours."""
    target = Path(app.outdir, name)
    cached = Path(
        app.doctreedir,
        f"preview-{hashlib.sha256(f'{title}|{app.config.html_title}'.encode()).hexdigest()[:16]}.png",
    )
    if not cached.exists():
        picture = Image.new("P", PICTURE_SIZE, 0)
        picture.putpalette(bytes.fromhex("FFFFFF1A1A1A" + "".join(PALETTE).replace("#", "")))
        pen = ImageDraw.Draw(picture)
        pen.text((80, 80), "\n".join(wrap(title, 24)), 1, letters(76), spacing=18)
        pen.text((80, 520), app.config.html_title, 1, letters(40))
        for number in range(len(PALETTE)):
            draw_pulse(pen, 620 + 90 * number, number + 2)
        picture.save(cached, optimize=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(cached.read_bytes())


def draw_pulse(pen: ImageDraw.ImageDraw, centre: int, colour: int) -> None:
    heights = [130 * 2 ** -((x / 22) ** 2) for x in range(-70, 71)]
    line = [(centre + x, 560 - height) for x, height in zip(range(-70, 71), heights, strict=True)]
    pen.line(line, fill=colour, width=7, joint="curve")


def letters(size: int) -> ImageFont.FreeTypeFont:
    # Imported here, since it takes a while and the pictures seldom change.
    from matplotlib import get_data_path

    return ImageFont.truetype(Path(get_data_path(), "fonts/ttf/DejaVuSans.ttf"), size)


def not_found_page(app: Sphinx):
    yield MISSING, {"title": "Page not found", "body": NOT_FOUND}, "page.html"


def write_for_engines(app: Sphinx, exception: Exception | None) -> None:
    """Write the first page under the name a server looks for, redirects, and the site's map."""
    if exception or not is_site(app):
        return
    root, published = Path(app.outdir), site_address()
    first = root / f"{app.config.root_doc}.html"
    (root / "index.html").write_text(first.read_text("utf-8"), "utf-8")
    for old, new in app.config.site_redirects.items():
        target = Path(root, f"{old}.html")
        target.parent.mkdir(parents=True, exist_ok=True)
        link = relpath(f"{new}.html", Path(old).parent.as_posix())
        target.write_text(REDIRECT.format(target=escape(link)), "utf-8")
    robots = "User-agent: *\nAllow: /\n"
    (root / "sitemap.xml").unlink(missing_ok=True)
    if published:
        robots += f"Sitemap: {published}sitemap.xml\n"
        (root / "sitemap.xml").write_text(site_map(app, published), "utf-8")
    (root / "robots.txt").write_text(robots, "utf-8")


def site_map(app: Sphinx, published: str) -> str:
    moved = {f"{old}.html" for old in app.config.site_redirects}
    hidden = moved | {f"{name}.html" for name in NOT_ON_MAP | {app.config.root_doc}}
    names = [path.relative_to(app.outdir).as_posix() for path in written(Path(app.outdir))]
    links = ["" if name == "index.html" else name for name in names if name not in hidden]
    entries = "".join(f"<url><loc>{escape(published + link)}</loc></url>\n" for link in links)
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{schema}">\n'
    return f"{head}{entries}</urlset>\n"


def setup(app: Sphinx) -> None:
    # Pages that moved, the old name to the new one: chapters/old: chapters/new
    app.add_config_value("site_redirects", {}, "html")
    app.connect("html-collect-pages", not_found_page)
    changed_by(app, describe_page)
    app.connect("build-finished", write_for_engines, priority=LATE)
