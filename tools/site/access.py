"""What a screen reader and a keyboard need and the theme leaves out."""

from sphinx.application import Sphinx

from tools.site.pages import Page, changed_by


def make_accessible(page: Page) -> None:
    name_landmarks(page)
    use_visible_names(page)
    mark_header_cells(page)
    let_keyboard_scroll(page)
    drop_what_is_wrong(page)


def name_landmarks(page: Page) -> None:
    for sidebar in page.soup.select("#pst-primary-sidebar"):
        sidebar["role"] = "complementary"
        sidebar["aria-label"] = "Contents of the book"


def use_visible_names(page: Page) -> None:
    """Call a control what a reader sees on it, so that a voice can ask for it."""
    for summary in page.soup.select("details.hide > summary[aria-label]"):
        del summary["aria-label"]
    for button in page.soup.select("button.search-button-field[aria-label]"):
        del button["aria-label"]
    for icon in page.soup.select("button i[title], button svg[title]"):
        del icon["title"]
        icon["aria-hidden"] = "true"


def mark_header_cells(page: Page) -> None:
    """Make the empty corner of a table a plain cell, and say which way a header points."""
    for header in page.soup.select("article th"):
        if not header.get_text(strip=True):
            header.name = "td"
            header.attrs.pop("scope", None)
        elif not header.has_attr("scope"):
            header["scope"] = "col" if header.find_parent("thead") else "row"


def let_keyboard_scroll(page: Page) -> None:
    """Let the arrow keys reach the end of a formula.

    ``scrolling.js`` does so for code and tables, and takes the stop away from what fits into
    the reader's window.
    """
    for formula in page.soup.select("article div.math"):
        formula["tabindex"] = "0"


def drop_what_is_wrong(page: Page) -> None:
    """Drop a second viewport, deprecated or misplaced roles, and identifiers of all exercises."""
    for duplicate in page.soup.select("meta[name=viewport]")[1:]:
        duplicate.decompose()
    for reference in page.soup.select("[role=doc-biblioentry], .citation-list[role=list]"):
        del reference["role"]
    for content in page.soup.select("#exercise-content, #solution-content"):
        del content["id"]


def setup(app: Sphinx) -> None:
    app.add_js_file("scrolling.js")
    changed_by(app, make_accessible)
