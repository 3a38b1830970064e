"""Ways through the book: cards of the chapters, an index of figures and exercises, a glossary."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from bs4 import Tag
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from tools.book import Part, parts
from tools.site.pages import Page, changed_by, is_site, name_page

INDEX = "lists"
GLOSSARY = "chapters/glossary"
NO_PROSE = (
    nodes.reference,
    nodes.citation,
    nodes.literal,
    nodes.math,
    nodes.caption,
    nodes.title,
    nodes.strong,
    nodes.table,
    addnodes.pending_xref,
    addnodes.glossary,
)

CARD = """
:::{{grid-item-card}} {title}
:link: /{name}
:link-type: doc
{description}
:::
"""


class ChapterCards(SphinxDirective):
    """Show each page of the contents, part by part, as a card with title and description."""

    def run(self) -> list[nodes.Node]:
        return [node for part in parts() for node in self.part(part)]

    def part(self, part: Part) -> list[nodes.Node]:
        cards = "".join(map(self.card, part.pages))
        caption = f"**{part.caption}**\n\n" if part.caption else ""
        return self.parse_text_to_nodes(f"{caption}::::{{grid}} 1 2 2 2\n:gutter: 3\n{cards}::::\n")

    def card(self, name: str) -> str:
        path = Path(self.env.srcdir, f"{name}.md")
        self.env.note_dependency(str(path))
        _, front_matter, text = path.read_text("utf-8").split("---\n", 2)
        description = yaml.safe_load(front_matter)["myst"]["html_meta"]["description"]
        title = next(line for line in text.splitlines() if line.startswith("# "))
        return CARD.format(title=title.removeprefix("# "), name=name, description=description)


def note_entries(page: Page) -> None:
    """Remember the captions of a page's figures and the titles of its exercises."""
    if page.name not in page.app.env.found_docs:
        return
    entries = {
        "figure": [
            entry(page, figure.find("figcaption")) for figure in page.soup("figure", id=True)
        ],
        "exercise": [
            entry(page, exercise.find(class_="admonition-title"))
            for exercise in page.soup("div", class_="exercise")
        ],
    }
    known = noted(page.app) | {page.name: entries}
    memory(page.app).write_text(json.dumps(known))


def entry(page: Page, caption: Tag) -> str:
    """Return a list item: the number as a link to the figure or the exercise, and what it says."""
    shown = page.fragment(str(caption.p if caption.name == "figcaption" else caption))
    for mark in shown.find_all(class_="headerlink"):
        mark.decompose()
    number = shown.find(class_="caption-number")
    label, number = number.get_text().strip(), number.extract()
    for link in shown("a"):
        link.unwrap()
    says = shown.find(["p"]).decode_contents().strip()
    target = caption.find_parent(id=True)["id"]
    return f'<li><a href="{page.file}#{target}">{label}</a> {says}</li>'


def memory(app: Sphinx) -> Path:
    return Path(app.doctreedir, "entries.json")


def noted(app: Sphinx) -> dict:
    return json.loads(memory(app).read_text()) if memory(app).exists() else {}


def index_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the page that lists all figures and exercises, page by page."""
    known = noted(app)
    pages = [known[name] for name in app.env.collect_relations() if name in known]
    parts = ["<h1>Figures and exercises</h1>"]
    for kind, heading in (("figure", "Figures"), ("exercise", "Exercises")):
        entries = "".join(entry for page in pages for entry in page[kind])
        parts.append(f'<section id="{kind}s"><h2>{heading}</h2><ul>{entries}</ul></section>')
    yield INDEX, {"title": "Figures and exercises", "body": "\n".join(parts)}, "page.html"


class TermLinks(SphinxPostTransform):
    """Link the first use of each term of the glossary on a page to what it means."""

    default_priority = 400
    formats = ("html",)

    def run(self, **options) -> None:
        if (
            self.env.docname == GLOSSARY
            or GLOSSARY not in self.env.found_docs
            or not is_site(self.app)
        ):
            return
        terms = self.env.domains["std"]._terms
        pending = {term: target for term, target in terms.items()}
        for text in list(self.document.findall(nodes.Text)):
            if pending and is_prose(text):
                self.link(text, pending)

    def link(self, text: nodes.Text, pending: dict) -> None:
        """Link a term in a piece of text, the longest if several begin there."""
        names = sorted(pending, key=len, reverse=True)
        match = re.search(rf"\b({'|'.join(map(re.escape, names))})\b", text, re.IGNORECASE)
        if match is None:
            return
        docname, label = pending.pop(match[1].lower())
        link = self.app.builder.get_relative_uri(self.env.docname, docname)
        reference = nodes.reference("", match[1], refuri=f"{link}#{label}", internal=True)
        reference["classes"] = ["term"]
        before, after = nodes.Text(text[: match.start()]), nodes.Text(text[match.end() :])
        text.parent.replace(text, [before, reference, after])


def is_prose(text: nodes.Text) -> bool:
    """Tell whether a piece of text stands in a paragraph, and is no link, code or formula.

    A card is a link as a whole.
    """
    above, inside = text.parent, False
    while above is not None:
        if isinstance(above, NO_PROSE) or "sd-card" in above.get("classes", []):
            return False
        inside = inside or isinstance(above, nodes.paragraph)
        above = above.parent
    return inside


def link_book_pages(page: Page) -> None:
    """Link the pages that no chapter leads to from the foot of every page."""
    footer = page.soup.select_one(".bd-footer-content__inner")
    if footer is None:
        return
    pages = {INDEX: "Figures and exercises", "status": "Execution status"}
    if GLOSSARY in page.app.env.found_docs:
        pages = {GLOSSARY: "Glossary", **pages}
    links = [f'<a href="{page.link(name + ".html")}">{text}</a>' for name, text in pages.items()]
    footer.append(page.fragment(f'<p class="footer-item book-pages">{" · ".join(links)}</p>'))


def setup(app: Sphinx) -> None:
    app.add_directive("chapter-cards", ChapterCards)
    app.add_post_transform(TermLinks)
    app.connect("html-collect-pages", index_page)
    name_page(app, INDEX)
    changed_by(app, note_entries)
    changed_by(app, link_book_pages)
