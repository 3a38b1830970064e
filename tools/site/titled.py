"""A directive with a title behind its name and text below it: notes, slides, questions."""

from sphinx.util.docutils import SphinxDirective


class Titled(SphinxDirective):
    """Take a title of several words, and content."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True

    @property
    def title(self) -> str:
        return self.arguments[0]

    @property
    def text(self) -> str:
        return "\n".join(self.content)
