"""What a screen reader and a keyboard need and the theme leaves out."""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tools.site.pages import Page, changed_by, is_site

SCROLLING = "article :is(pre, div.math, .output.text_html, .pst-scrollable-table-container)"
SIDEBAR = "#pst-primary-sidebar"
# Once a page is loaded, the theme's script lays all of it out to see what scrolls, which on
# a long page takes longer than all else. ``scrolling.js`` does this where the reader is.
THEME_SCRIPT = "_static/scripts/pydata-sphinx-theme.js"
MEASURES_ALL = re.compile(
    r',"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)'
)


def make_accessible(page: Page) -> None:
    name_landmarks(page)
    use_visible_names(page)
    mark_header_cells(page)
    let_keyboard_scroll(page)
    drop_second_viewport(page)
    drop_deprecated_roles(page)
    drop_repeated_identifiers(page)


def name_landmarks(page: Page) -> None:
    sidebar = page.soup.select_one(SIDEBAR)
    if sidebar:
        sidebar["role"] = "complementary"
        sidebar["aria-label"] = "Contents of the book"


def use_visible_names(page: Page) -> None:
    """Call a control what a reader sees on it, so that a voice can ask for it."""
    for summary in page.soup.select("details.hide > summary[aria-label]"):
        del summary["aria-label"]
    for icon in page.soup.select("button i[title], button svg[title]"):
        del icon["title"]
        icon["aria-hidden"] = "true"


def mark_header_cells(page: Page) -> None:
    """Make the empty corner of a table a plain cell, and say which way a header points."""
    for header in page.soup.select("article th"):
        if not header.get_text(strip=True):
            header.name = "td"
        elif not header.has_attr("scope"):
            header["scope"] = "col" if header.find_parent("thead") else "row"


def let_keyboard_scroll(page: Page) -> None:
    """Let the arrow keys reach the end of a line of code, a table, an output or a formula.

    ``scrolling.js`` takes the stop away from those that fit into the reader's window.
    """
    for region in page.soup.select(SCROLLING):
        region["tabindex"] = "0"
        region["class"] = [*region.get("class", []), "scrolls"]


def drop_second_viewport(page: Page) -> None:
    for duplicate in page.soup.select("meta[name=viewport]")[1:]:
        duplicate.decompose()


def drop_deprecated_roles(page: Page) -> None:
    """Leave the references plain paragraphs: their roles are deprecated or misplaced."""
    for element in page.soup.select("[role=doc-biblioentry], .citation-list[role=list]"):
        del element["role"]


def drop_repeated_identifiers(page: Page) -> None:
    """Leave exercises their own identifiers: that of their content is the same for all."""
    for content in page.soup.select("#exercise-content, #solution-content"):
        del content["id"]


def measure_later(app: Sphinx, exception: Exception | None) -> None:
    """Take the measuring of the whole page out of the theme's script."""
    if exception or not is_site(app):
        return
    script = Path(app.outdir, THEME_SCRIPT)
    text, cuts = MEASURES_ALL.subn("", script.read_text("utf-8"))
    if cuts != 1:
        raise ExtensionError(
            f"{THEME_SCRIPT} measures what scrolls in another way than the theme did in version "
            "0.17; adapt MEASURES_ALL in tools/site/access.py to it."
        )
    script.write_text(text, "utf-8")


def setup(app: Sphinx) -> None:
    app.add_js_file("scrolling.js")
    app.connect("build-finished", measure_later)
    changed_by(app, make_accessible)
