"""Formulas as MathML in the page: no script typesets them while the reader waits."""

import json
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from tools.site import mathml
from tools.site.typeset import NotTypeset, Typesetter

log = logging.getLogger(__name__)
typesetter = Typesetter()
# The MathML of each formula so far.
known: dict[str, str] = {}


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    formula = typeset(node, node.astext(), display=False)
    translator.body.append(f'<span class="math notranslate nohighlight">{formula}</span>')
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    formula = typeset(node, as_one(node.astext()), display=True)
    tag = translator.starttag(node, "div", CLASS="math notranslate nohighlight")
    translator.body.append(tag + formula)
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def as_one(tex: str) -> str:
    """Return several equations, separated by empty lines, as one; Sphinx's convention."""
    parts = [part.strip() for part in tex.split("\n\n") if part.strip()]
    parts = [wrap("split", part) if has_bare_lines(part) else part for part in parts]
    return wrap("aligned", r" \\ ".join(parts)) if len(parts) > 1 else "".join(parts)


def has_bare_lines(part: str) -> bool:
    return r"\\" in part and r"\begin" not in part


def wrap(environment: str, tex: str) -> str:
    return rf"\begin{{{environment}}}{tex}\end{{{environment}}}"


def typeset(node: nodes.Element, tex: str, display: bool) -> str:
    key = f"{tex} {display}"
    try:
        if key not in known:
            known[key] = typesetter.mathml(tex, display)
        return mathml.serialise(mathml.to_core(known[key]))
    except NotTypeset as error:
        log.warning("%s", error, location=node)
        return f"<code>{escape(tex)}</code>"


def memory(app: Sphinx) -> Path:
    return Path(app.doctreedir, "mathjax.json")


def remember(app: Sphinx) -> None:
    """Take what MathJax said in earlier builds, since it takes a second to start."""
    if memory(app).exists():
        known.update(json.loads(memory(app).read_text("utf-8")))


def choose_renderer(app: Sphinx, config) -> None:
    config.html_math_renderer = "mathml"


def stop_engine(app: Sphinx, exception: Exception | None) -> None:
    typesetter.close()
    memory(app).write_text(json.dumps(known), encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    app.connect("config-inited", choose_renderer)
    app.connect("builder-inited", remember)
    app.connect("build-finished", stop_engine)
