"""What search engines and chats need: one address and description a page, a map of the site."""

from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from tools import book
from tools.site.lists import LISTS
from tools.site.pages import LATE, Page, changed_by, is_site
from tools.site.status import STATUS

# It stands for pages that do not exist, and has no address of its own.
MISSING = "404"
NOT_FOUND = """
<h1>This page does not exist</h1>
<p>It may have moved. The <a href="index.html">first page</a> lists all chapters, and the
<a href="search.html">search</a> looks through all of them.</p>
"""
# The server shows the page in place of one at any depth; elsewhere it is opened as itself.
BASE = """<script>if (location.href.startsWith("{address}")) document.head.append(
    Object.assign(document.createElement("base"), {{href: "{address}"}}))</script>"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{entries}</urlset>
"""


def site_address() -> str:
    """Return where the site is published, empty while nobody has made the book theirs."""
    return "" if book.is_placeholder() else book.site_url()


def set_address(app: Sphinx, config) -> None:
    config.html_baseurl = config.ogp_site_url = site_address()
    config.ogp_site_name = book.name()


def describe_page(app: Sphinx, name: str, template: str, context: dict, doctree) -> None:
    """Give a page a description if it has none, its one address, and a preview once it has one."""
    published, tags = app.config.html_baseurl, context.get("metatags", "")
    if 'name="description"' not in tags:
        text = f"{context.get('title', name)}: a page of the book {book.name()}."
        tags += f'<meta name="description" content="{escape(text)}">'
    if author := book.setting("author"):
        tags += f'<meta name="author" content="{escape(author)}">'
    if name == MISSING and published:
        context["pageurl"] = None
        tags += BASE.format(address=published)
    elif name == app.config.root_doc and published:
        context["pageurl"] = published
    context["metatags"] = tags
    if doctree is not None:
        own = {"og:url": context["pageurl"]} if published else {"ogp_disable": True}
        for meta in doctree.findall(nodes.meta):
            if meta.get("name") == "description":
                own["og:description"] = meta["content"]
        context["meta"] = own | (context["meta"] or {})


def name_first_page(page: Page) -> None:
    """Leave out of the first page's title the title of the book, which it is already."""
    if page.name == page.app.config.root_doc:
        page.soup.title.string = page.app.config.html_title


def not_found_page(app: Sphinx):
    yield MISSING, {"title": "Page not found", "body": NOT_FOUND}, "page.html"


def write_for_engines(app: Sphinx, exception: Exception | None) -> None:
    """Write the first page under the name a server looks for, and the site's map."""
    if exception or not is_site(app):
        return
    site, published, first = Path(app.outdir), app.config.html_baseurl, app.config.root_doc
    (site / "index.html").write_bytes((site / f"{first}.html").read_bytes())
    (site / "sitemap.xml").unlink(missing_ok=True)
    robots = "User-agent: *\nAllow: /\n"
    if published:
        names = sorted({*app.env.found_docs, LISTS, STATUS} - {first})
        links = ["", *(f"{name}.html" for name in names)]
        entries = "".join(f"<url><loc>{escape(published + link)}</loc></url>\n" for link in links)
        (site / "sitemap.xml").write_text(SITEMAP.format(entries=entries), "utf-8")
        robots += f"Sitemap: {published}sitemap.xml\n"
    (site / "robots.txt").write_text(robots, "utf-8")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", set_address)
    # Before the previews are made, which take from the page what is set here.
    app.connect("html-page-context", describe_page, priority=400)
    app.connect("html-collect-pages", not_found_page)
    app.connect("build-finished", write_for_engines, priority=LATE)
    changed_by(app, name_first_page)
