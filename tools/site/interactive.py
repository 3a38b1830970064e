"""The directive ``interactive``: a figure that a reader plays with in the page, without a kernel.

Its content begins with a paragraph that invites to play, which notebooks leave out. The
rest is the fallback, what is read where no script runs: in a notebook, in print, or in a
browser without JavaScript. With the options ``name`` and ``caption`` it is numbered among the
page's figures; with ``inside`` it takes the place of the picture in the figure of that name.
The figure itself is a script of the same name in
``tools/site/static/interactive``, and its data stand in the page, since a page that is
opened as a file can fetch nothing.
"""

import json
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.site.figure_data import FIGURES, PageMissing
from tools.site.pages import Page, changed_by, is_site

ROOM = "interactive"
SCRIPTS = Path(__file__).with_name("static") / ROOM
SHARED = ("interactive", "arithmetic")

# A class begins so that says in which figure the figure to play with has its place.
INSIDE = "inside-"


class Interactive(SphinxDirective):
    """Put an interactive figure into the page, between its invitation and its fallback."""

    required_arguments = 1
    has_content = True
    option_spec = dict.fromkeys(("name", "caption", "inside"), directives.unchanged)

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in FIGURES:
            raise self.error(f"There is no figure {name!r}; choose from {sorted(FIGURES)}.")
        try:
            data = FIGURES[name](self.env.docname)
        except PageMissing:
            return []
        self.env.metadata[self.env.docname].setdefault("interactive", []).append(name)
        return self.parts(name, json.dumps(data).replace("</", "<\\/"))

    def parts(self, name: str, data: str) -> list[nodes.Node]:
        """Return the invitation, and the fallback with the data, as a figure if captioned."""
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        if len(content) < 2:
            raise self.error(
                f"{name} needs a paragraph that invites to play, and one for notebooks."
            )
        invitation = nodes.container("", content[0], classes=["invitation"])
        fallback = nodes.container("", *content[1:], classes=["fallback"])
        script = f'<script type="application/json">{data}</script>'
        classes = ["interactive", f"interactive-{name}"]
        if "inside" in self.options:
            classes.append(f"{INSIDE}{self.options['inside']}")
        holder = nodes.container(classes=classes)
        holder += [fallback, nodes.raw("", script, format="html")]
        return [invitation, self.numbered(holder) if "caption" in self.options else holder]

    def numbered(self, holder: nodes.container) -> nodes.figure:
        (paragraph,) = self.parse_text_to_nodes(self.options["caption"])
        caption = nodes.caption("", "", *paragraph.children)
        figure = nodes.figure("", holder, caption, classes=["played"])
        self.set_source_info(caption)
        self.add_name(figure)
        return figure


def move_inside(page: Page) -> None:
    """Put a figure to play with beside the picture that it replaces where scripts run."""
    for holder in page.soup.select(f"[class*={INSIDE}]"):
        name = next(each for each in holder["class"] if each.startswith(INSIDE))
        figure = page.soup.find(id=name.removeprefix(INSIDE))
        figure.figcaption.insert_before(holder.extract())
        for image in figure("img"):
            # What is not shown is then not loaded.
            image["loading"] = "lazy"


def load_scripts(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    """Load on a page the scripts of its figures, and no other, as one file."""
    names = sorted(set(app.env.metadata.get(page, {}).get("interactive", [])))
    if not names or not is_site(app):
        return
    scripts = [SCRIPTS.joinpath(f"{name}.js").read_text("utf-8") for name in [*SHARED, *names]]
    joined = f"{ROOM}/page-with-{'-and-'.join(names)}.js"
    target = Path(app.outdir, "_static", joined)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Each in a room of its own, but for what they put into `book`.
    texts = [scripts[0], *(f"{{\n{script}}}\n" for script in scripts[1:])]
    target.write_text("".join(texts), "utf-8")
    app.add_js_file(joined, defer="defer")


def read_first_page_again(app: Sphinx, env, added, changed, removed) -> list[str]:
    """Return the first page, whose figure and pictures come from other pages."""
    return [app.config.root_doc]


def setup(app: Sphinx) -> None:
    app.add_directive("interactive", Interactive)
    # On all pages, which share one sheet.
    for name in ("interactive", "plots"):
        app.add_css_file(f"interactive/{name}.css")
    app.connect("html-page-context", load_scripts)
    changed_by(app, move_inside)
    app.connect("env-get-outdated", read_first_page_again)
