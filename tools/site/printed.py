"""The link to the book as PDF, on every page, as long as the PDF shows what the pages show.

``make pdf`` prints the PDF and links it. A later build keeps both while the pages say
the same, and drops both as soon as they say something else: no page links to a file that
is not there, and nobody takes an old edition along.
"""

import hashlib
import re
from pathlib import Path
from posixpath import relpath

from sphinx.application import Sphinx

from tools.site.pages import LATE, Page, changed_by, is_site, written

NAME = "deep-learning.pdf"
PLACE = re.compile(r'(<span class="pdf">).*?(</span>)')
LINK = ' · <a href="{target}">The book as PDF</a>'
ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


def keep_place(page: Page) -> None:
    """Keep an empty place for the link, after those to the book's other pages if there are any."""
    foot = page.soup.select_one(".book-pages, .bd-footer-content__inner:not(:has(.book-pages))")
    if foot:
        page.add(foot, "span", **{"class": "pdf"})


def state(site: Path) -> str:
    """Return a digest of what the PDF of a built site shows."""
    articles = [ARTICLE.findall(path.read_text("utf-8")) for path in written(site)]
    result = hashlib.sha256(repr(articles).encode())
    for path in sorted([*site.glob("_static/*.css"), *site.glob("_images/*")]):
        result.update(path.read_bytes())
    return result.hexdigest()


def memory(site: Path) -> Path:
    """Return the file with the digest of what was printed; it stands outside of the site."""
    return site.parent / "printed-from"


def remember(site: Path) -> None:
    """Note that the PDF shows what the pages show now."""
    memory(site).write_text(state(site))


def is_current(site: Path) -> bool:
    known = memory(site)
    return (site / NAME).exists() and known.exists() and known.read_text() == state(site)


def update_links(site: Path) -> None:
    """Link the PDF from every page if it is current; else remove it and the links to it."""
    current = is_current(site)
    if not current:
        (site / NAME).unlink(missing_ok=True)
    for path in written(site):
        target = relpath(site / NAME, path.parent)
        link = LINK.format(target=target) if current else ""
        before = path.read_text("utf-8")
        after = PLACE.sub(rf"\g<1>{link}\g<2>", before)
        if after != before:
            path.write_text(after, "utf-8")


def keep_or_drop(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and is_site(app):
        update_links(Path(app.outdir))


def setup(app: Sphinx) -> None:
    changed_by(app, keep_place)
    app.connect("build-finished", keep_or_drop, priority=LATE)
