"""Links from the first use of a term on a page to what the glossary says of it."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from tools.site.pages import is_site

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


class TermLinks(SphinxPostTransform):
    """Link the first use of each term of the glossary on a page to what it means."""

    default_priority = 400
    formats = ("html",)

    def run(self, **options) -> None:
        if self.env.docname == GLOSSARY or not is_site(self.app):
            return
        objects = self.env.get_domain("std").get_objects()
        terms = {name.lower(): place for name, _, kind, *place, _ in objects if kind == "term"}
        for text in list(self.document.findall(nodes.Text)):
            if terms and is_prose(text):
                self.link(text, terms)

    def link(self, text: nodes.Text, pending: dict[str, list[str]]) -> None:
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


def setup(app: Sphinx) -> None:
    app.add_post_transform(TermLinks)
