"""The chapters as cards."""

from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

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


def setup(app: Sphinx) -> None:
    app.add_directive("chapter-cards", ChapterCards)
