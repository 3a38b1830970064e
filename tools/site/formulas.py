"""Formulas as MathML in the page: no script typesets them while the reader waits."""

import re
from html import escape

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from tools.site.pages import Page, changed_by

log = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)

FONT = "_static/fonts/stix-two-math.woff2"
# Equations are numbered by Sphinx alone.
NUMBERED = re.compile(r"(\\(?:begin|end)\{(?:align|equation|gather|multline))\}")
# Firefox makes brackets as high as a sum with its limits only if these stand in a row.
SUM = re.compile(r"<(munder(?:over)?)><mo[^>]*>[∑∏].*?</\1>")
# Firefox draws these as large as a sum.
CIRCLED = re.compile(r"<mo(?=[^>]*>[⊕⊗⊙])")


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    formula = mathml(node, display=False)
    translator.body.append(f'<span class="math notranslate nohighlight">{formula}</span>')
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    tag = translator.starttag(node, "div", CLASS="math notranslate nohighlight")
    translator.body.append(tag + mathml(node, display=True))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def mathml(node: nodes.Element, display: bool) -> str:
    try:
        return converted(node.astext(), display)
    except ValueError as error:
        log.warning("%s", error, location=node)
        return f"<code>{escape(node.astext())}</code>"


def converted(tex: str, display: bool) -> str:
    """Return a formula as browsers draw it.

    Raises
    ------
    ValueError
        If it would not be drawn as TeX means it.
    """
    if "\n\n" in tex.strip() or (r"\\" in tex and r"\begin" not in tex):
        raise ValueError(f"A formula of several lines needs an environment, say aligned: {tex}")
    try:
        unnumbered = NUMBERED.sub(r"\1*}", tex)
        result = converter.convert_with_local_state(unnumbered, displaystyle=display)
    except LatexError as error:
        raise ValueError(f"math-core does not understand a formula, at {error} {tex}") from error
    if "<menclose" in result:
        raise ValueError(f"Not all browsers draw a frame or a strike in a formula: {tex}")
    return CIRCLED.sub('<mo largeop="false"', SUM.sub(r"<mrow>\g<0></mrow>", result))


def preload_font(page: Page) -> None:
    """Ask for the formulas' font at once, or they would first stand without their letters.

    A file has no origin, from which a browser refuses to preload a font.
    """
    if page.soup.find("math"):
        script = page.soup.new_tag("script")
        script.string = (
            "if (location.protocol != 'file:') document.head.append(Object.assign("
            "document.createElement('link'), {rel: 'preload', as: 'font', type: 'font/woff2', "
            f"crossOrigin: '', href: '{page.link(FONT)}'}}))"
        )
        page.soup.head.find("link", rel="stylesheet").insert_before(script)


def setup(app: Sphinx) -> None:
    app.add_css_file("math.css")
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    changed_by(app, preload_font)
