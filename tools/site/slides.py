"""Take the slides of each page out of the instructor's edition, to make a lecture of them."""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools import editions
from tools.site.pages import Page, changed_by

CLASS = "slide"


class Slide(SphinxDirective):
    """Say one idea of a lecture, and name what of the page shows it."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"show": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        if not editions.is_instructors():
            return []
        shown = self.options.get("show", "").split()
        slide = nodes.container("", classes=[CLASS, *(f"show-{name}" for name in shown)])
        slide += self.parse_text_to_nodes(f"{self.arguments[0]}\n")
        slide += self.parse_content_to_nodes()
        return [slide]


def take_slides(page: Page) -> None:
    for slide in page.soup.select(f"div.{CLASS}"):
        slide.decompose()


def setup(app: Sphinx) -> None:
    app.add_directive(CLASS, Slide)
    changed_by(app, take_slides)
