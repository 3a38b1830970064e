"""Show the notes for who teaches, in the instructor's edition alone, each where it belongs.

A note stands at the end of the source, and is moved to the head of the section that it names.
Other editions do not even read it.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markdown_it import MarkdownIt
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from tools import editions
from tools.editions import plans
from tools.editions.notes import LECTURES, OPENING, Note, note
from tools.site.titled import Titled

LOGGER = logging.getLogger(__name__)
CLASS = "teaching-note"
# Where sections have their titles, and before they are numbered.
WITH_SECTIONS = 700
ANNOUNCEMENT = (
    "Instructor’s edition, with solutions and notes. Give students the other: "
    "make book EDITION=student."
)


class TeachingNote(Titled):
    """Say to who teaches what a section takes, what to ask, and what goes wrong there."""

    option_spec: ClassVar = {"minutes": directives.unchanged, "measured": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        if not editions.is_instructors():
            return []
        try:
            said = note(self.title, self.options, self.text)
        except ValueError as error:
            raise self.error(str(error)) from None
        title = nodes.title("", title_of(said))
        text = "\n\n".join(f"**{name}.** {text}" for name, text in said.fields)
        name = self.env.temp_data[CLASS] = nodes.make_id(f"note-{said.section}")
        shown = nodes.admonition("", title, classes=[CLASS], ids=[name], section=said.section)
        shown += self.parse_text_to_nodes(text)
        self.set_source_info(shown)
        return [shown]


def title_of(said: Note) -> str:
    """Return what stands over a note: its minutes in each lecture."""
    in_each = [
        f"{minutes} of {lecture}"
        for minutes, lecture in zip(said.minutes, LECTURES, strict=True)
        if minutes
    ]
    measured = f"; measured: {said.measured}" if said.measured else ""
    return f"For who teaches · minutes: {', '.join(in_each) or 'for reading at home'}{measured}"


class MoveNotes(SphinxTransform):
    """Move each note of a page to the head of its section."""

    default_priority = WITH_SECTIONS

    def apply(self, **options) -> None:
        titles = [one for one in self.document.findall(nodes.title) if is_heading(one)]
        places = {" ".join(title.astext().split()): title for title in reversed(titles)}
        places[OPENING] = titles[0] if titles else None
        for said in list(self.document.findall(is_note)):
            heading = places.get(said["section"])
            if heading is None:
                LOGGER.warning(
                    "the note on %r names no section of its page: write its title, or %s",
                    *(said["section"], OPENING),
                    location=said,
                )
                continue
            said.parent.remove(said)
            heading.parent.insert(heading.parent.index(heading) + 1, said)


def is_heading(node: nodes.Node) -> bool:
    return isinstance(node.parent, nodes.section)


def is_note(node: nodes.Node) -> bool:
    return isinstance(node, nodes.admonition) and CLASS in node["classes"]


def say_whose_it_is(app: Sphinx, config) -> None:
    """Tell the instructor's edition apart on every page."""
    if editions.is_instructors():
        own = config.html_theme_options.get("announcement")
        config.html_theme_options["announcement"] = " ".join(filter(None, (ANNOUNCEMENT, own)))


def plans_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Yield the page with the plans of all lectures, of a term and of a workshop."""
    if editions.is_instructors():
        body = MarkdownIt("commonmark").enable("table").render(plans.text())
        body = body.replace("<table>", '<table class="table">')
        body = re.sub(r'href="\.\./(.+?)\.md"', r'href="\1.html"', body)
        yield plans.NAME, {"title": "Plans", "body": body}, "page.html"


def setup(app: Sphinx) -> None:
    app.add_directive(CLASS, TeachingNote)
    app.add_transform(MoveNotes)
    app.connect("config-inited", say_whose_it_is)
    app.connect("html-collect-pages", plans_page)
