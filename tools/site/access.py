"""What a screen reader and a keyboard need and the theme leaves out."""

from sphinx.application import Sphinx

from tools.site.pages import Page, changed_by

SIDEBAR = "#pst-primary-sidebar"


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
        elif not header.has_attr("scope"):
            header["scope"] = "col" if header.find_parent("thead") else "row"


def let_keyboard_scroll(page: Page) -> None:
    """Let the arrow keys reach the end of a formula.

    ``scrolling.js`` does so for code and tables, and takes the stop away from what fits into
    the reader's window.
    """
    for formula in page.soup.select("article div.math"):
        formula["tabindex"] = "0"


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


def setup(app: Sphinx) -> None:
    app.add_js_file("scrolling.js")
    changed_by(app, make_accessible)
