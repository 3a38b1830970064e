"""The directive ``interactive``: a figure that a reader plays with in the page, without a kernel.

Its content begins with a paragraph that invites to play, which notebooks leave out. The
rest is the fallback, what is read where no script runs: in a notebook, in print, or in a
browser without JavaScript. The figure itself is a script of the same name in
``tools/site/static/interactive``, and its data stand in the page, since a page that is
opened as a file can fetch nothing.
"""

import ast
import json
from inspect import signature

import numpy as np
from docutils import nodes
from jupyter_cache import get_cache
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.gluing import MIME_PREFIX
from tools.book import read, source
from tools.execute import CACHE


def kernel_explorer(chapter: str) -> dict:
    """Return a trace of each of three triplets of the pulse problem."""
    # Imported here, as below, since pandas takes a while to load.
    from helpers.generate import generate_pulses

    X, _ = generate_pulses(n_samples=3)
    return {"traces": np.round(X[:, 0], 3).tolist()}


def image_kernels(chapter: str) -> dict:
    """Return a black-and-white picture: a ring, a bar and a slope."""
    rows, columns = np.mgrid[:20, :20]
    radius = np.hypot(rows - 6, columns - 6)
    ring = (radius > 2.4) & (radius < 4.6)
    bar = (columns > 14) & (columns < 18) & (rows < 18)
    slope = (rows > 11) & (columns < 13) & (rows - columns > 6)
    return {"image": (ring | bar | slope).astype(int).tolist()}


def pulse_network(chapter: str) -> dict:
    """Return the weights that the chapter trained and glued, and the generator's settings."""
    from helpers import generate

    constants = ("PULSE_WIDTH", "SIGNAL_RANGE", "WAVELENGTH", "WAVELENGTH_SPREAD")
    settings = {name: getattr(generate, name) for name in constants}
    for argument in signature(generate.generate_pulses).parameters.values():
        settings[argument.name] = argument.default
    return {"network": json.loads(glued(chapter, "pc-network")), "settings": settings}


FIGURES = {
    "kernel-explorer": kernel_explorer,
    "image-kernels": image_kernels,
    "pulse-network": pulse_network,
}


def glued(chapter: str, name: str) -> str:
    """Return what a chapter's cached execution glued under a name."""
    _, executed = get_cache(CACHE).merge_match_into_notebook(read(source(chapter)))
    for output in (output for cell in executed.cells for output in cell.get("outputs", [])):
        if output.get("metadata", {}).get("scrapbook", {}).get("name") == name:
            return ast.literal_eval(output["data"][f"{MIME_PREFIX}text/plain"])
    raise ValueError(f"{chapter}.md glues nothing under the name {name!r}.")


class Interactive(SphinxDirective):
    """Put an interactive figure into the page, between its invitation and its fallback."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in FIGURES:
            raise self.error(f"There is no figure {name!r}; choose from {sorted(FIGURES)}.")
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        if len(content) < 2:
            raise self.error(
                f"{name} needs a paragraph that invites to play, and one for notebooks."
            )
        invitation = nodes.container("", content[0], classes=["invitation"])
        fallback = nodes.container("", *content[1:], classes=["fallback"])
        data = json.dumps(FIGURES[name](self.env.docname)).replace("</", "<\\/")
        script = f'<script type="application/json">{data}</script>'
        figure = nodes.container(classes=["interactive", f"interactive-{name}"])
        figure += [fallback, nodes.raw("", script, format="html")]
        self.env.metadata[self.env.docname].setdefault("interactive", []).append(name)
        return [invitation, figure]


def load_scripts(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Load a figure's script on the pages that have the figure, and on no other."""
    names = app.env.metadata.get(page, {}).get("interactive", [])
    for name in ["interactive", *names] if names else []:
        app.add_js_file(f"interactive/{name}.js", defer="defer")


def setup(app: Sphinx) -> None:
    app.add_directive("interactive", Interactive)
    # On all pages, which share one sheet.
    app.add_css_file("interactive/interactive.css")
    app.connect("html-page-context", load_scripts)
