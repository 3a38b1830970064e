"""Write a page's resolved doctree as the plain Markdown that notebook viewers render.

Numbers, citations, glued results and titles stand in the doctree already. What is
left is to spell each kind of node without directives: an admonition as a quotation,
a figure as an image with an absolute address, an equation between dollars. Code
cells keep their places between the blocks of text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape as escape_html
from urllib.parse import urldefrag, urljoin

from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.util import logging

from tools.notebooks import maths, spelling

LOGGER = logging.getLogger(__name__)

# What a page holds and does not show, and the solutions, which learners are to find.
INVISIBLE = {
    "bibliography",
    "comment",
    "docinfo",
    "index",
    "meta",
    "solution_node",
    "substitution_definition",
    "system_message",
    "tabular_col_spec",
    "toctree",
}
TRANSPARENT = {"compound", "container", "figure", "glossary", "legend", "section", "target"}
PLAIN = {"abbreviation", "generated", "inline", "number_reference", "target"}
ALIGNMENTS = {"text-right": "---:", "text-center": ":---:"}


@dataclass(frozen=True)
class CodeCell:
    """A code cell, by its position in the page's source."""

    index: int


@dataclass(frozen=True)
class Heading:
    """The heading of a section, at which a new Markdown cell begins."""

    text: str


Block = str | CodeCell | Heading


@dataclass
class MarkdownWriter:
    """Write one page.

    Parameters
    ----------
    page : str
        The page's address on the published site.
    numbers : callable
        Returns what the site prints before a title or caption, such as ``"Fig. 2.1 "``,
        and the number beside an equation; empty without one.
    image_address, citation_address : callable
        Return the address of an image, and of the work that a link into the
        bibliography cites.
    marks : pair of str
        What to write before and after each glued result.
    macros : dict
        The book's own TeX macros, as MathJax is told of them.
    """

    page: str
    numbers: Callable[[nodes.Element], str]
    image_address: Callable[[nodes.image], str]
    citation_address: Callable[[str], str | None]
    marks: tuple[str, str] = ("", "")
    macros: dict = field(default_factory=dict)
    level: int = 0
    in_table: bool = False

    # Blocks

    def blocks(self, node: nodes.Element) -> list[Block]:
        """Return what the children of a node say, block by block."""
        return [block for child in node.children for block in self.block(child)]

    def texts(self, node: nodes.Element) -> list[str]:
        """Return the blocks of a node in which no code cell can stand."""
        return [block for block in self.blocks(node) if isinstance(block, str)]

    def block(self, node: nodes.Node) -> list[Block]:
        name = type(node).__name__
        if name in INVISIBLE:
            return []
        if method := getattr(self, f"block_{name}", None):
            return method(node)
        if name in TRANSPARENT:
            return self.blocks(node)
        if isinstance(node, nodes.Admonition):
            return self.block_admonition(node)
        return self.running_text([node])

    def running_text(self, children: list[nodes.Node]) -> list[Block]:
        text = spelling.paragraph("".join(self.inline(child) for child in children))
        return [text] if text else []

    def block_paragraph(self, node):
        return self.running_text(node.children)

    block_PassthroughTextElement = block_paragraph

    def block_section(self, node):
        self.level += 1
        blocks = self.blocks(node)
        self.level -= 1
        return blocks

    def block_title(self, node):
        text = self.numbers(node) + self.text(node)
        if not isinstance(node.parent, nodes.section):
            return [spelling.strong(text)]
        return [Heading(f"{'#' * self.level} {text}")]

    def block_rubric(self, node):
        return [spelling.strong(self.text(node))]

    def block_transition(self, node):
        return ["---"]

    def block_container(self, node):
        if node.get("nb_element") == "cell_code":
            return [CodeCell(node["cell_index"]), *self.captions(node)]
        return self.blocks(node)

    def captions(self, cell: nodes.Element) -> list[Block]:
        """Return the captions of the figures that a cell draws; the figures it draws itself."""
        return [
            block
            for figure in cell.findall(nodes.figure)
            for child in figure.children
            if isinstance(child, nodes.caption | nodes.legend)
            for block in self.block(child)
        ]

    def block_literal_block(self, node):
        language = node.get("language", "")
        known = language not in ("default", "none", "myst-ansi")
        return [spelling.code_block(node.astext().rstrip("\n"), language if known else "")]

    block_doctest_block = block_literal_block

    def block_math_block(self, node):
        formula = maths.display(node.astext(), self.numbers(node), self.macros)
        return [maths.in_table(formula) if self.in_table else formula]

    def block_bullet_list(self, node):
        return [spelling.list_of(["- "] * len(node), [self.texts(item) for item in node])]

    def block_enumerated_list(self, node):
        start = node.get("start", 1)
        markers = [f"{start + position}. " for position in range(len(node))]
        return [spelling.list_of(markers, [self.texts(item) for item in node])]

    def block_definition_list(self, node):
        return [spelling.list_of(["- "] * len(node), [self.definition(item) for item in node])]

    def definition(self, item: nodes.definition_list_item) -> list[str]:
        terms = [self.text(child) for child in item if isinstance(child, nodes.term)]
        meanings = [child for child in item if isinstance(child, nodes.definition)]
        return [
            spelling.strong(", ".join(terms)),
            *(block for child in meanings for block in self.texts(child)),
        ]

    def block_field_list(self, node):
        items = [[spelling.strong(self.text(name)), *self.texts(body)] for name, body in node]
        return [spelling.list_of(["- "] * len(items), items)]

    def block_block_quote(self, node):
        return quoted(self.blocks(node))

    block_topic = block_sidebar = block_block_quote

    def block_attribution(self, node):
        return [f"— {self.text(node)}"]

    def block_line_block(self, node):
        return ["  \n".join(self.lines(node))]

    def lines(self, block: nodes.line_block) -> Iterator[str]:
        for line in block:
            if isinstance(line, nodes.line_block):
                yield from self.lines(line)
            else:
                yield self.text(line)

    def block_admonition(self, node):
        children = list(node.children)
        if children and isinstance(children[0], nodes.title):
            title = children.pop(0)
        else:
            title = nodes.title("", str(admonitionlabels[type(node).__name__]))
        body = [block for child in children for block in self.inside(child)]
        if "dropdown" in node["classes"]:
            summary = escape_html(self.numbers(title) + title.astext(), quote=False)
            return [f"<details>\n<summary>{summary}</summary>", *body, "</details>"]
        return quoted([*self.block_title(title), *body])

    def inside(self, node: nodes.Node) -> list[Block]:
        """Return the blocks of a node; an exercise wraps its text in a section of its own."""
        return self.blocks(node) if isinstance(node, nodes.section) else self.block(node)

    def block_caption(self, node):
        number = spelling.strong(self.numbers(node).strip())
        return [spelling.paragraph(f"{number} {self.text(node)}")]

    def block_footnote(self, node):
        label, *body = node.children
        first, *others = [block for child in body for block in self.block(child)]
        return [f"<sup>[{label.astext()}]</sup> {first}", *others]

    def block_table(self, node):
        titles = [title for title in node if isinstance(title, nodes.title)]
        self.in_table = True
        rows = [[self.cell(entry) for entry in row] for row in node.findall(nodes.row)]
        self.in_table = False
        rule = [self.alignment(entry) for entry in next(node.findall(nodes.row))]
        if not any(node.findall(nodes.thead)):
            rows.insert(0, [""] * len(rule))
        lines = [f"| {' | '.join(row)} |" for row in [rows[0], rule, *rows[1:]]]
        return [
            *(block for title in titles for block in self.block_caption(title)),
            "\n".join(lines),
        ]

    def alignment(self, entry: nodes.entry) -> str:
        return next((ALIGNMENTS[name] for name in entry["classes"] if name in ALIGNMENTS), "---")

    def cell(self, entry: nodes.entry) -> str:
        if entry.get("morecols") or entry.get("morerows"):
            self.complain(entry)
        return "<br>".join(block.replace("\n", "<br>") for block in self.texts(entry))

    # Running text

    def text(self, node: nodes.Element) -> str:
        return self.children(node).strip()

    def children(self, node: nodes.Element) -> str:
        return "".join(self.inline(child) for child in node.children)

    def inline(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Text):
            return spelling.escape(str(node), self.in_table)
        name = type(node).__name__
        if name in INVISIBLE:
            return ""
        if method := getattr(self, f"inline_{name}", None):
            return method(node)
        if name not in PLAIN:
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

    def inline_emphasis(self, node):
        return spelling.around("*", self.children(node))

    inline_title_reference = inline_emphasis

    def inline_strong(self, node):
        return spelling.strong(self.children(node))

    def inline_subscript(self, node):
        return f"<sub>{self.children(node)}</sub>"

    def inline_superscript(self, node):
        return f"<sup>{self.children(node)}</sup>"

    def inline_inline(self, node):
        text = self.children(node)
        return self.marks[0] + text + self.marks[1] if "pasted-text" in node["classes"] else text

    def inline_literal(self, node):
        text = spelling.code(node.astext())
        return text.replace("|", r"\|") if self.in_table else text

    def inline_math(self, node):
        formula = maths.inline(node.astext(), self.macros)
        return f"${maths.in_table(formula) if self.in_table else formula}$"

    def inline_raw(self, node):
        """Return a line's forced end, which MyST writes once for each output format."""
        text = node.astext()
        if text.startswith("<br"):
            return "<br>"
        is_script = text.lstrip().startswith("<script")
        if "html" in node["format"].split() and not is_script:
            self.complain(node)
        return ""

    def inline_footnote_reference(self, node):
        return f"<sup>[{node.astext()}]</sup>"

    def inline_image(self, node):
        alt = " ".join(spelling.escape(node.get("alt", "")).split())
        return f"![{alt}]({self.image_address(node)})"

    def inline_reference(self, node):
        """Return a link, or only its text where it leads to this very page.

        Links inside a notebook lead nowhere in Colab.
        """
        text = self.children(node)
        address = urljoin(self.page, node.get("refuri", ""))
        if urldefrag(address).url == self.page:
            return text
        return f"[{text}]({self.citation_address(address) or address})"


def quoted(blocks: list[Block]) -> list[Block]:
    """Set blocks of text as quotations, between the code cells among them."""
    result: list[Block] = []
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, str):
            texts.append(block)
            continue
        result += quotation(texts)
        result.append(block)
        texts = []
    return result + quotation(texts)


def quotation(texts: list[str]) -> list[str]:
    return [spelling.quotation("\n\n".join(texts))] if texts else []
