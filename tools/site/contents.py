"""Ways through the book: cards of the chapters, an index of figures and exercises, a glossary."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_subtitle

from tools.site.pages import Page, changed_by, is_site

INDEX = "lists"
GLOSSARY = "chapters/glossary"
NO_PROSE = (
    nodes.reference,
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
        contents = yaml.safe_load(Path(self.env.srcdir, "_toc.yml").read_text("utf-8"))
        return [node for part in contents["parts"] for node in self.part(part)]

    def part(self, part: dict) -> list[nodes.Node]:
        cards = "".join(self.card(entry["file"]) for entry in part["chapters"])
        grid = f"::::{{grid}} 1 2 2 2\n:gutter: 3\n{cards}::::\n"
        return self.parse_text_to_nodes(f"**{part['caption']}**\n\n{grid}")

    def card(self, name: str) -> str:
        path = Path(self.env.srcdir, f"{name}.md")
        self.env.note_dependency(str(path))
        _, front_matter, text = path.read_text("utf-8").split("---\n", 2)
        description = yaml.safe_load(front_matter)["myst"]["html_meta"]["description"]
        title = next(line for line in text.splitlines() if line.startswith("# "))
        return CARD.format(title=title.removeprefix("# "), name=name, description=description)


def index_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the page that lists all figures and exercises, page by page."""
    parts = ["<h1>Figures and exercises</h1>"]
    for kind, heading in (("figure", "Figures"), ("exercise", "Exercises")):
        entries = [entry for name in app.env.toc_fignumbers for entry in listed(app, name, kind)]
        parts.append(
            f'<section id="{kind}s"><h2>{heading}</h2><ul>{"".join(entries)}</ul></section>'
        )
    yield INDEX, {"title": "Figures and exercises", "body": "\n".join(parts)}, "page.html"


def listed(app: Sphinx, name: str, kind: str) -> Iterator[str]:
    numbers = app.env.toc_fignumbers[name].get(kind, {})
    if not numbers:
        return
    captions = {
        identifier: caption
        for node, caption in titled(app, name, kind)
        for identifier in node["ids"]
    }
    for identifier, number in numbers.items():
        shown = ".".join(map(str, number))
        label = "Fig." if kind == "figure" else "Exercise"
        link = f'<a href="{name}.html#{identifier}">{label} {shown}</a>'
        yield f"<li>{link} {captions.get(identifier, '')}</li>"


def titled(app: Sphinx, name: str, kind: str) -> Iterator[tuple[nodes.Element, str]]:
    """Yield the figures or exercises of a page with the HTML of their captions or titles."""
    doctree = app.env.get_and_resolve_doctree(name, app.builder)
    if kind == "figure":
        for figure in doctree.findall(nodes.figure):
            yield figure, rendered(app, next(figure.findall(nodes.caption), None))
    else:
        for exercise in doctree.findall(exercise_enumerable_node):
            yield exercise, rendered(app, next(exercise.findall(exercise_subtitle), None))


def rendered(app: Sphinx, node: nodes.Element | None) -> str:
    """Return the HTML of what a caption says, its references as plain text."""
    if node is None:
        return ""
    plain = nodes.inline()
    plain += [child.deepcopy() for child in node.children]
    for reference in list(plain.findall(nodes.reference)):
        reference.replace_self(nodes.inline("", reference.astext()))
    return app.builder.render_partial(plain)["fragment"].strip()


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
    """Tell whether a piece of text stands in a paragraph, and is no link, code or formula."""
    above, inside = text.parent, False
    while above is not None:
        if isinstance(above, NO_PROSE):
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
    changed_by(app, link_book_pages)
