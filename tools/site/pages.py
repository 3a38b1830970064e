"""Give every finished page to the steps that change it, before it is written.

A step registers ``change(page)``; a page is its name, the application and the parsed
HTML. Sphinx writes a page again only if it changed, and so each is parsed once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import relpath

from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx

# When the theme, too, has written what it writes at the end of a build.
LATE = 900


@dataclass
class Page:
    """A page of the site on its way to the disk."""

    app: Sphinx
    name: str
    soup: BeautifulSoup

    @cached_property
    def classes(self) -> set[str]:
        """Return the classes of all elements, as the page came from the templates."""
        return {name for element in self.soup.find_all(class_=True) for name in element["class"]}

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

    def add(self, parent: Tag, tag: str, /, **attributes: str) -> Tag:
        """Append a new element to a part of the page."""
        element = self.soup.new_tag(tag, attrs=attributes)
        parent.append(element)
        return element

    def fragment(self, html: str) -> BeautifulSoup:
        """Return a piece of HTML to put into the page."""
        return BeautifulSoup(html, "html.parser")


Change = Callable[[Page], None]


class Templates:
    """Sphinx's templates, whose pages are changed once they are rendered."""

    def __init__(self, templates, app: Sphinx, changes: list[Change]):
        self._templates = templates
        self._app = app
        self._changes = changes

    def __getattr__(self, name: str):
        return getattr(self._templates, name)

    def render(self, template: str, context: dict) -> str:
        html = self._templates.render(template, context)
        # The theme renders its parts alone as well.
        if "<html" not in html:
            return html
        page = Page(self._app, context["pagename"], BeautifulSoup(html, "html.parser"))
        for change in self._changes:
            change(page)
        return str(page.soup)


def changed_by(app: Sphinx, change: Change) -> None:
    """Let a step change every page; steps change it in the order in which they registered."""
    if not hasattr(app, "page_changes"):
        app.page_changes = []
    app.page_changes.append(change)


def start(app: Sphinx) -> None:
    if is_site(app):
        app.builder.templates = Templates(
            app.builder.templates, app, getattr(app, "page_changes", [])
        )


def name_page(app: Sphinx, name: str) -> None:
    """Let the role ``ref`` link to a page that is made of the others and has no source.

    Sphinx links its own index and search page in the same way.
    """

    def remember(app: Sphinx) -> None:
        app.env.get_domain("std").anonlabels[name] = (name, "")

    app.connect("builder-inited", remember)


def written(site: Path) -> list[Path]:
    """Return the pages of a built site."""
    return [path for path in sorted(site.rglob("*.html")) if site / "_static" not in path.parents]


def is_site(app: Sphinx) -> bool:
    """Tell whether a site is built, and not notebooks or one page for print."""
    return app.builder.name == "html"
