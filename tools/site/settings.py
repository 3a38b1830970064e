"""What pages take from `_config.yml`: address, title and author, the cache of the results."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from tools import book
from tools.execute import CACHE

PROVIDERS = ("github", "gitlab", "bitbucket")
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
    options, address = config.html_theme_options, book.repository_url()
    options |= {"repository_url": address, "repository_branch": book.branch()}
    # The theme stops at a host that it does not know; what universities run is mostly GitLab.
    if not any(provider in address.rsplit("/", 2)[0].lower() for provider in PROVIDERS):
        options.setdefault("repository_provider", "gitlab")


def setup(app: Sphinx) -> None:
    app.add_css_file("book.css")
    app.add_role("configured", Configured())
    app.add_directive("byline", Byline)
    app.connect("config-inited", set_configuration)
