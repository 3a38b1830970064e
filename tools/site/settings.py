"""What pages take from `_config.yml`: address, title and author, the cache of the results."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from tools import book
from tools.execute import CACHE

STATIC = Path(__file__).parent / "static"


class Configured(SphinxRole):
    """Quote a setting: the role ``{configured}`title``` in a text is the book's title."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.Text(str(book.setting(self.text, "")))], []


class Byline(SphinxDirective):
    """Say what the book is, whose it is, and for which term."""

    def run(self) -> list[nodes.Node]:
        says = book.byline()
        return [nodes.paragraph("", says, classes=["byline"])] if says else []


def set_configuration(app: Sphinx, config) -> None:
    config.html_static_path.append(str(STATIC))
    config.nb_execution_cache_path = str(CACHE)
    config.html_theme_options["repository_url"] = book.repository_url()
    config.html_theme_options["repository_branch"] = book.branch()


def setup(app: Sphinx) -> None:
    app.add_css_file("book.css")
    app.add_role("configured", Configured())
    app.add_directive("byline", Byline)
    app.connect("config-inited", set_configuration)
