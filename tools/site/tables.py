"""Tables of three columns or more, which a phone shows row below row.

Results in rows scroll instead: there numbers are compared along a column.
"""

from bs4 import Tag

from tools.site.pages import Page, changed_by


def stack_tables(page: Page) -> None:
    for table in page.soup.select("article table.table"):
        names = [cell.get_text(" ", strip=True) for cell in table.select("thead th")]
        if len(names) >= 3:
            stack(table, names)


def stack(table: Tag, names: list[str]) -> None:
    """Write beside each cell what it says, and keep what CSS would take from a screen reader."""
    table["class"].append("stacked")
    table["role"] = "table"
    for row in table("tr"):
        row["role"] = "row"
        is_head = bool(row.find_parent("thead"))
        for name, cell in zip(names, row(["td", "th"]), strict=False):
            cell["role"] = "columnheader" if is_head else "cell"
            if not is_head:
                cell["data-says"] = name


def setup(app) -> None:
    app.add_css_file("tables.css")
    changed_by(app, stack_tables)
