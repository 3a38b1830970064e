"""Give every finished page to the steps that change it, before it is written.

A step registers ``change(page)``; a page is its name, the application and the parsed
HTML. Sphinx writes a page again only if it changed, and so each is parsed once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import relpath

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.jinja2glue import BuiltinTemplateLoader

# When the theme, too, has written what it writes at the end of a build.
LATE = 900
FINISHED = "page-finished"


@dataclass
class Page:
    """A page of the site on its way to the disk."""

    app: Sphinx
    name: str
    soup: BeautifulSoup = field(repr=False)

    @property
    def file(self) -> str:
        """Return the page's path below the site's root."""
        return f"{self.name}.html"

    def link(self, target: str) -> str:
        """Return the relative link from this page to a file of the site."""
        return relpath(target, Path(self.file).parent.as_posix())

    def target(self, link: str) -> str:
        """Return the path below the site's root that a relative link of this page means."""
        path = link.split("#")[0].split("?")[0]
        return relpath(Path(self.file).parent.joinpath(path).as_posix(), ".")

    def fragment(self, html: str) -> BeautifulSoup:
        """Return a piece of HTML to put into the page."""
        return BeautifulSoup(html, "html.parser")


class Templates(BuiltinTemplateLoader):
    """Sphinx's templates, whose pages are changed once they are rendered."""

    def init(self, builder, theme=None, dirs=None) -> None:
        super().init(builder, theme, dirs)
        self.app = builder.app

    def render(self, template: str, context: dict) -> str:
        html = super().render(template, context)
        # The theme renders its parts alone as well.
        if "<html" not in html or not is_site(self.app):
            return html
        page = Page(self.app, context["pagename"], BeautifulSoup(html, "html.parser"))
        self.app.emit(FINISHED, page)
        return str(page.soup)


def changed_by(app: Sphinx, change: Callable[[Page], None]) -> None:
    """Let a step change every page; steps change it in the order in which they registered."""
    app.connect(FINISHED, lambda app, page: change(page))


def use_templates(app: Sphinx, config) -> None:
    config.template_bridge = f"{__name__}.{Templates.__name__}"


def written(site: Path) -> list[Path]:
    """Return the pages of a built site."""
    return [path for path in sorted(site.rglob("*.html")) if site / "_static" not in path.parents]


def is_site(app: Sphinx) -> bool:
    """Tell whether a site is built, and not notebooks or one page for print."""
    return app.builder.name == "html"


def setup(app: Sphinx) -> None:
    app.add_event(FINISHED)
    app.connect("config-inited", use_templates)
