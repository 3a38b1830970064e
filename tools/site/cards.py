"""The directive ``chapter-cards``: each page of the contents with its title and description."""

from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.book import Part, parts, unreadable

CARD = """
:::{{grid-item-card}} {title}
:link: /{name}
:link-type: doc
{part}{description}
:::
"""


class ChapterCards(SphinxDirective):
    """Show each page of the contents as a card with title, part of the book and description."""

    def run(self) -> list[nodes.Node]:
        cards = "".join(self.card(name, part) for part in parts() for name in part.pages)
        return self.parse_text_to_nodes(f"::::{{grid}} 1 2 2 3\n:gutter: 3\n{cards}::::\n")

    def card(self, name: str, part: Part) -> str:
        path = Path(self.env.srcdir, f"{name}.md")
        self.env.note_dependency(str(path))
        try:
            title, description = described(path)
        except ValueError as error:
            raise self.error(str(error)) from None
        caption = f"*{part.caption}.* " if part.caption else ""
        return CARD.format(title=title, name=name, part=caption, description=description)


def described(path: Path) -> tuple[str, str]:
    """Return a page's title and its description, which search engines show as well."""
    try:
        _, front_matter, text = path.read_text("utf-8").split("---\n", 2)
        # Lines are counted as in the file.
        description = yaml.safe_load(f"\n{front_matter}")["myst"]["html_meta"]["description"]
        title = next(line for line in text.splitlines() if line.startswith("# "))
    except (UnicodeError, yaml.YAMLError) as error:
        raise ValueError(unreadable(f"{path.name}, a page", error)) from None
    except (KeyError, StopIteration, TypeError, ValueError):
        description = None
    if not description:
        raise ValueError(
            f"{path.name} has no title or no description for its card; begin it as the other "
            "pages do, with `myst: html_meta: description:` between two lines --- and a "
            "heading after them."
        )
    return title.removeprefix("# "), description


def setup(app: Sphinx) -> None:
    app.add_directive("chapter-cards", ChapterCards)
