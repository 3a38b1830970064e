"""Write a page's resolved doctree as the plain Markdown that notebook viewers render.

Numbers, citations, glued results and titles stand in the doctree already. What is
left is to spell each kind of node without directives: an admonition as a quotation,
a figure as an image with an absolute address, an equation between dollars. Code
cells keep their places between the blocks of text.
"""

import re
from dataclasses import dataclass
from html import escape as escape_html
from itertools import chain, groupby
from urllib.parse import urldefrag, urljoin

from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.util import logging

from tools import editions
from tools.notebooks import maths, spelling
from tools.notebooks.page import Page

LOGGER = logging.getLogger(__name__)
ALIGNMENTS = {"text-right": "---:", "text-center": ":---:"}


@dataclass(frozen=True)
class CodeCell:
    """A code cell, by its position in the page's source, and the figure that it draws."""

    index: int
    figure: str = ""


@dataclass(frozen=True)
class Heading:
    """The heading of a section, at which a new Markdown cell begins."""

    text: str


Block = str | CodeCell | Heading


class TextWriter(nodes.NodeVisitor):
    """Write running text; each method returns the Markdown of a kind of node."""

    def __init__(self, document: nodes.document, page: Page):
        super().__init__(document)
        self.page = page
        self.in_table = False

    def text(self, node: nodes.Element) -> str:
        return self.children(node).strip()

    def children(self, node: nodes.Element) -> str:
        return "".join(map(self.dispatch_visit, node.children))

    def unknown_visit(self, node: nodes.Node) -> str:
        self.complain(node)
        return self.children(node)

    def complain(self, node: nodes.Node) -> None:
        LOGGER.warning(
            "notebooks cannot show this %s; write it another way, or teach tools/notebooks: %s",
            type(node).__name__,
            node.astext()[:60],
            location=node,
            type="notebook",
        )

    visit_abbreviation = visit_generated = visit_number_reference = visit_target = children

    def nothing(self, node: nodes.Node) -> str:
        return ""

    visit_comment = visit_index = nothing

    def visit_Text(self, node):
        return spelling.escape(str(node), self.in_table)

    def visit_emphasis(self, node):
        return spelling.around("*", self.children(node))

    visit_title_reference = visit_emphasis

    def visit_strong(self, node):
        return spelling.strong(self.children(node))

    def visit_inline(self, node):
        text = self.children(node)
        before, after = self.page.marks if "pasted-text" in node["classes"] else ("", "")
        return before + text + after

    def visit_literal(self, node):
        text = spelling.code(node.astext())
        return text.replace("|", r"\|") if self.in_table else text

    def visit_math(self, node):
        formula = maths.inline(node.astext())
        return f"${maths.in_table(formula) if self.in_table else formula}$"

    def visit_raw(self, node):
        """Return a line's forced end, which MyST writes once for each output format."""
        text = node.astext().lstrip()
        if text.startswith("<br"):
            return "<br>"
        if node["format"] == "html" and not text.startswith("<script"):
            self.complain(node)
        return ""

    def visit_footnote_reference(self, node):
        return f"<sup>[{node.astext()}]</sup>"

    def visit_image(self, node):
        alt = " ".join(spelling.escape(node.get("alt", "")).split())
        return f"![{alt}]({self.page.image_address(node)})"

    def visit_reference(self, node):
        """Return a link, or only its text where it leads to this very page.

        Links inside a notebook lead nowhere in Colab.
        """
        text = self.children(node)
        address = urljoin(self.page.address, node.get("refuri", ""))
        if urldefrag(address).url == self.page.address:
            return text
        return f"[{text}]({self.page.citation_address(address) or address})"


class BlockWriter(nodes.NodeVisitor):
    """Write blocks; each method returns those of a kind of node, without the empty ones."""

    def __init__(self, document: nodes.document, page: Page):
        super().__init__(document)
        self.page = page
        self.inline = TextWriter(document, page)
        self.text = self.inline.text
        self.level = 0

    def blocks(self, node: nodes.Element) -> list[Block]:
        """Return what the children of a node say, block by block."""
        return [block for child in node.children for block in self.dispatch_visit(child)]

    def texts(self, node: nodes.Element) -> list[str]:
        """Return the blocks of a node in which no code cell can stand."""
        return [block for block in self.blocks(node) if isinstance(block, str)]

    def unknown_visit(self, node: nodes.Node) -> list[Block]:
        if isinstance(node, nodes.Admonition):
            return self.visit_admonition(node)
        return self.running_text([node])

    def running_text(self, children: list[nodes.Node]) -> list[Block]:
        text = spelling.paragraph("".join(map(self.inline.dispatch_visit, children)))
        return [text] if text else []

    def nothing(self, node: nodes.Node) -> list[Block]:
        """Return nothing: the page holds it and does not show it, or learners are to find it."""
        return []

    visit_bibliography = visit_comment = visit_docinfo = visit_index = visit_meta = nothing
    visit_substitution_definition = visit_system_message = nothing
    visit_tabular_col_spec = visit_toctree = nothing

    visit_compound = visit_figure = visit_glossary = visit_legend = visit_target = blocks

    def visit_paragraph(self, node):
        return self.running_text(node.children)

    visit_PassthroughTextElement = visit_paragraph

    def visit_section(self, node):
        self.level += 1
        self.section = node["ids"][0]
        blocks = self.blocks(node)
        self.level -= 1
        return blocks

    def visit_title(self, node):
        text = self.page.number(node) + self.text(node)
        if not isinstance(node.parent, nodes.section):
            return [spelling.strong(text)]
        return [Heading(f"{'#' * self.level} {text}")]

    def visit_rubric(self, node):
        return [spelling.strong(self.text(node))]

    def visit_transition(self, node):
        return ["---"]

    def visit_container(self, node):
        if node.get("nb_element") == "cell_code":
            figures = [self.short_title(caption) for caption in node.findall(nodes.caption)]
            return [CodeCell(node["cell_index"], *figures[:1]), *self.captions(node)]
        # What is played with inside a figure has a picture in its place already.
        # A slide shows what the page does, once more.
        if any(re.match("invitation|inside-|slide$", name) for name in node["classes"]):
            return []
        return self.linked(node) if "fallback" in node["classes"] else self.blocks(node)

    def linked(self, fallback: nodes.container) -> list[Block]:
        """Return what is read for a figure to play with, its first sentence a link to it."""
        sentence, stop, others = "\n\n".join(self.texts(fallback)).partition(".")
        return [f"[{sentence}]({self.page.address}#{self.section}){stop}{others}"]

    def captions(self, cell: nodes.Element) -> list[Block]:
        """Return the captions of the figures that a cell draws; the figures it draws itself."""
        return [*chain(*map(self.visit_caption, cell.findall(nodes.caption)))]

    def short_title(self, caption: nodes.caption) -> str:
        """Return a figure's number, with how its caption begins if that is plain."""
        number = self.page.number(caption).strip()
        start = re.split(
            r"[,:;]\s|\s\((?=[a-z])|(?<=\?)\s|\.(?:\s+(?=[A-Z])|\s*$)", caption.astext()
        )[0]
        return number if "\\" in start or "\n" in start else f"{number}: {start}"

    def visit_literal_block(self, node):
        language = node.get("language", "")
        known = language not in ("default", "none", "myst-ansi")
        return [spelling.code_block(node.astext().rstrip("\n"), language if known else "")]

    def visit_math_block(self, node):
        formula = maths.display(node.astext(), self.page.number(node))
        return [maths.in_table(formula) if self.inline.in_table else formula]

    def visit_bullet_list(self, node):
        return [spelling.list_of(["- "] * len(node), [self.texts(item) for item in node])]

    def visit_enumerated_list(self, node):
        start = node.get("start", 1)
        markers = [f"{start + position}. " for position in range(len(node))]
        return [spelling.list_of(markers, [self.texts(item) for item in node])]

    def visit_definition_list(self, node):
        return [spelling.list_of(["- "] * len(node), [self.definition(item) for item in node])]

    def definition(self, item: nodes.definition_list_item) -> list[str]:
        *terms, meaning = item
        return [spelling.strong(", ".join(map(self.text, terms))), *self.texts(meaning)]

    def visit_block_quote(self, node):
        return quoted(self.blocks(node))

    def visit_admonition(self, node):
        title, *body = node.children
        if not isinstance(title, nodes.title):
            body = node.children
            title = nodes.title("", str(admonitionlabels[type(node).__name__]))
        blocks = [block for child in body for block in self.inside(child)]
        if "dropdown" in node["classes"] and all(isinstance(block, str) for block in blocks):
            summary = escape_html(self.page.number(title) + title.astext(), quote=False)
            return [f"<details>\n<summary>{summary}</summary>", *blocks, "</details>"]
        return quoted([*self.visit_title(title), *blocks])

    def visit_solution_node(self, node):
        """Return a solution to who teaches, and nothing where learners are to find it."""
        return self.visit_admonition(node) if editions.is_instructors() else []

    def inside(self, node: nodes.Node) -> list[Block]:
        """Return the blocks of a node; an exercise wraps its text in a section of its own."""
        return self.blocks(node) if isinstance(node, nodes.section) else self.dispatch_visit(node)

    def visit_caption(self, node):
        number = spelling.strong(self.page.number(node).strip())
        return [spelling.paragraph(f"{number} {self.text(node)}")]

    def visit_footnote(self, node):
        label, *body = node.children
        first, *others = [block for child in body for block in self.dispatch_visit(child)]
        return [f"<sup>[{label.astext()}]</sup> {first}", *others]

    def visit_table(self, node):
        captions = [self.visit_caption(title) for title in node.findall(nodes.title)]
        self.inline.in_table = True
        head, *rows = [[self.cell(entry) for entry in row] for row in node.findall(nodes.row)]
        self.inline.in_table = False
        rule = [self.alignment(entry) for entry in next(node.findall(nodes.row))]
        lines = [f"| {' | '.join(row)} |" for row in [head, rule, *rows]]
        return [*chain(*captions), "\n".join(lines)]

    def alignment(self, entry: nodes.entry) -> str:
        return next((ALIGNMENTS[name] for name in entry["classes"] if name in ALIGNMENTS), "---")

    def cell(self, entry: nodes.entry) -> str:
        if entry.get("morecols") or entry.get("morerows"):
            self.inline.complain(entry)
        return "<br>".join(block.replace("\n", "<br>") for block in self.texts(entry))


def quoted(blocks: list[Block]) -> list[Block]:
    """Set blocks of text as quotations, between the code cells among them."""
    result: list[Block] = []
    for are_texts, run in groupby(blocks, lambda block: isinstance(block, str)):
        group = list(run)
        result += [spelling.quotation("\n\n".join(group))] if are_texts else group
    return result
