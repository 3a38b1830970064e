"""The book's own Sphinx extension: what the theme and Jupyter Book leave to be done."""

from importlib.metadata import files
from pathlib import Path

import yaml
from docutils import nodes
from jupyter_cache import get_cache
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.fileutil import copy_asset

from tools import address
from tools.execute import CACHE, is_notebook, read, record

STATIC = Path(__file__).with_name("static")
MATHJAX = "tex-mml-chtml.js"
CARD = """
:::{{grid-item-card}} {title}
:link: /{name}
:link-type: doc
{description}
:::
"""


class ChapterCards(SphinxDirective):
    """Show each page of the table of contents as a card with its title and description."""

    def run(self) -> list[nodes.Node]:
        contents = yaml.safe_load(Path(self.env.srcdir, "_toc.yml").read_text("utf-8"))
        chapters = [entry for part in contents["parts"] for entry in part["chapters"]]
        cards = [self.card(entry["file"]) for entry in chapters]
        grid = "::::{grid} 1 2 2 2\n:gutter: 3\n" + "".join(cards) + "::::\n"
        return self.parse_text_to_nodes(grid)

    def card(self, name: str) -> str:
        path = Path(self.env.srcdir, f"{name}.md")
        self.env.note_dependency(str(path))
        _, front_matter, text = path.read_text("utf-8").split("---\n", 2)
        description = yaml.safe_load(front_matter)["myst"]["html_meta"]["description"]
        title = next(line for line in text.splitlines() if line.startswith("# "))
        return CARD.format(title=title.removeprefix("# "), name=name, description=description)


def set_configuration(app: Sphinx, config) -> None:
    config.html_static_path.append(str(STATIC))
    config.nb_execution_cache_path = str(CACHE)
    config.html_theme_options["repository_url"] = address.repository_url()
    config.html_theme_options["repository_branch"] = address.branch()


def executed_since_last_read(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Return the pages whose results in the cache are newer than the page that shows them."""
    cache = get_cache(CACHE)
    return [name for name, read in env.all_docs.items() if results_at(cache, app, name) > read]


def results_at(cache, app: Sphinx, name: str) -> float:
    """Return when a page's results were computed, in microseconds, 0 without results."""
    path = Path(app.env.doc2path(name))
    if not path.exists() or not is_notebook(path):
        return 0
    return record(cache, read(path)).get("executed_at", 0) * 1e6


def drop_what_is_unused(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Keep Thebe off the pages: it is loaded twice, throws, and nothing here uses it."""
    context["script_files"] = [
        script for script in context["script_files"] if "thebe" not in str(script).lower()
    ]
    context["css_files"] = [
        sheet for sheet in context["css_files"] if "thebe" not in str(sheet).lower()
    ]


def copy_mathjax(app: Sphinx, exception: Exception | None) -> None:
    """Serve MathJax from the site itself, last, or it would be added to every page."""
    if exception or app.builder.format != "html":
        return
    installed = [file for file in files("sphinx-mathjax-offline") if "mathjax" in file.parts]
    target = Path(app.outdir) / "_static" / "mathjax"
    for file in installed:
        inside = Path(*file.parts[file.parts.index("mathjax") + 1 :])
        if inside.name == MATHJAX or inside.parts[:3] == ("output", "chtml", "fonts"):
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            copy_asset(str(file.locate()), str((target / inside).parent))


def setup(app: Sphinx) -> dict:
    app.add_directive("chapter-cards", ChapterCards)
    app.add_css_file("book.css")
    app.connect("config-inited", set_configuration)
    app.connect("env-get-outdated", executed_since_last_read)
    app.connect("html-page-context", drop_what_is_unused, priority=900)
    app.connect("build-finished", copy_mathjax)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
