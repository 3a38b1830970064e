"""The page that lists all figures and exercises of the book, with what each of them says."""

import json
from collections.abc import Iterator
from pathlib import Path

from bs4 import Tag
from sphinx.application import Sphinx

from tools.site.pages import Page, changed_by

LISTS = "lists"
TITLE = "Figures and exercises"


def note_entries(page: Page) -> None:
    """Keep the figures and exercises of a page for builds that do not write it again."""
    if page.name in page.app.env.found_docs:
        kinds = ("figure[id] figcaption > p:first-child", ".exercise > .admonition-title")
        entries = [[entry(page, says) for says in page.soup.select(kind)] for kind in kinds]
        memory(page.app, page.name).write_text(json.dumps(entries), "utf-8")


def entry(page: Page, caption: Tag) -> str:
    """Return a list item: the number as a link to the figure or the exercise, and what it says."""
    target = caption.find_parent(id=True)["id"]
    shown = page.fragment(str(caption)).p
    for mark in shown.select(".headerlink"):
        mark.decompose()
    for link in shown("a"):
        link.unwrap()
    number = shown.select_one(".caption-number").extract().get_text().strip()
    return f'<li><a href="{page.file}#{target}">{number}</a> {shown.decode_contents().strip()}</li>'


def memory(app: Sphinx, name: str) -> Path:
    return Path(app.doctreedir, f"{name}.entries.json")


def lists_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the page that lists all figures and exercises, in the order of the contents."""
    files = [memory(app, name) for name in app.env.collect_relations()]
    noted = [json.loads(file.read_text("utf-8")) for file in files if file.exists()]
    body = f"<h1>{TITLE}</h1>"
    for heading, *of_pages in zip(("Figures", "Exercises"), *noted, strict=True):
        entries = "".join(entry for of_page in of_pages for entry in of_page)
        body += f'<section id="{heading.lower()}"><h2>{heading}</h2><ul>{entries}</ul></section>'
    yield LISTS, {"title": TITLE, "body": body}, "page.html"


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", lists_page)
    changed_by(app, note_entries)
