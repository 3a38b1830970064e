"""Find what a notebook viewer would show raw: syntax of MyST, dead links, unknown TeX."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup, Tag
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode

from tools.notebooks.origin import Origin

# As the viewers read it, but that tags stay in the text and signs that are escaped do not.
PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .use(dollarmath_plugin, double_inline=True)
    .disable("text_join")
)
PARSER.add_render_rule("text_special", lambda *_: "")
LEFTOVERS = {
    "a directive": r"language-\{|^:{3,}",
    "a role": r"\{[\w:.+-]+\}`",
    "an option of a directive": r"^:[\w-]+:( |$)",
    "a label": r"^\([\w-]+\)=",
    "a comment": r"^%|<!--",
    "a block break": r"^\+\+\+",
    "a substitution": r"\{\{|\}\}",
    "a footnote's mark": r"\[\^",
    "HTML": r"<(?!/?(?:sup|sub|details|summary)>|br>)/?[A-Za-z]",
    "a lone dollar": r"\$",
    "a link that no viewer follows": r"\]\(",
}
MATHS_LEFTOVERS = {
    "a label": r"\\(label|ref|eqref)\b",
    "a definition": r"\\(newcommand|renewcommand|def|let|DeclareMathOperator)\b",
    "a bare < or >": r"[<>]",
    "a comparison in text": r"\\text\w*\{[^}]*\\[lg]t\b",
    "a line that begins like a list or a heading": r"(?<=\n)\s*(?:[-+*#=>]|\d+[.)])",
    "a comment": r"(?<!\\)%",
}
ENVIRONMENTS = {"aligned", "array", "cases", "gathered", "matrix", "bmatrix", "pmatrix", "split"}
# What both MathJax 2 and 3 know without an extension; Colab may run either.
COMMANDS = set(files("tools.notebooks").joinpath("tex_commands.txt").read_text("utf-8").split())


def problems(notebook: NotebookNode) -> Iterator[str]:
    """Yield a sentence for each thing in a notebook that a reader would stumble over."""
    for position, cell in enumerate(notebook.cells):
        found = text_problems(cell.source) if cell.cell_type == "markdown" else code_problems(cell)
        for problem in found:
            yield f"cell {position} has {problem}"


def text_problems(text: str) -> Iterator[str]:
    page = rendered(text)
    for formula in page.select(".math"):
        yield from formula_problems(formula.text.removeprefix("\n"))
        formula.replace_with("formula")
    for link in page.select("a, img"):
        yield from link_problems(link)
    for code in page.select("code"):
        code.replace_with(f"{' '.join(code.get('class', []))}`code`")
    yield from leftovers(page.text, LEFTOVERS)


def rendered(text: str) -> BeautifulSoup:
    return BeautifulSoup(PARSER.render(text), "html.parser")


def leftovers(text: str, kinds: dict[str, str]) -> Iterator[str]:
    for name, pattern in kinds.items():
        if match := re.search(pattern, text, re.MULTILINE):
            line = text[: match.start()].count("\n")
            yield f"{name}: {text.splitlines()[line].strip()}"


def formula_problems(formula: str) -> Iterator[str]:
    for problem in leftovers(formula, MATHS_LEFTOVERS):
        yield f"in a formula {problem}"
    for command in sorted(set(re.findall(r"\\\\|\\([A-Za-z]+)", formula)) - COMMANDS - {""}):
        yield f"in a formula the command \\{command}, which Colab may not know: {formula.strip()}"
    for name in sorted(set(re.findall(r"\\begin\{(.*?)\}", formula)) - ENVIRONMENTS):
        yield f"in a formula the environment {name}, which cannot stand between dollars"
    outside = re.sub(r"\\begin\{(\w+)\}.*\\end\{\1\}", "", formula, flags=re.DOTALL)
    if re.search(r"(?<!\\)&|\\\\", outside):
        yield f"in a formula an alignment outside of an environment: {formula.strip()}"
    if formula.count("{") - formula.count(r"\{") != formula.count("}") - formula.count(r"\}"):
        yield f"in a formula unbalanced braces: {formula.strip()}"


def link_problems(link: Tag) -> Iterator[str]:
    kind, text = ("an image", link["alt"]) if link.name == "img" else ("a link", link.text)
    if not text.strip():
        yield f"{kind} without text: {address(link)}"
    if not re.match(r"https?://|mailto:|data:image/png;", address(link)):
        yield f"{kind} that leads nowhere from a notebook: {address(link) or '(empty)'}"


def address(link: Tag) -> str:
    return unquote(link["src"] if link.name == "img" else link["href"])


def code_problems(cell: NotebookNode) -> Iterator[str]:
    for output in cell.outputs:
        text = output.get("text", "") or output.get("data", {}).get("text/plain", "")
        if re.search(r"\b0x[0-9a-f]{6,}", text):
            yield f"an output that differs in every run, with an address in memory: {text.strip()}"


def addresses(notebook: NotebookNode) -> list[str]:
    """Return where the links and images of a notebook lead."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [address(link) for text in texts for link in rendered(text).select("a, img")]


def dead_ends(notebook: NotebookNode, origin: Origin, pages: Path, checkout: Path) -> list[str]:
    """Return the links of a notebook into the site and the repository that lead to nothing."""
    return [
        link for link in addresses(notebook) if not leads_somewhere(link, origin, pages, checkout)
    ]


def leads_somewhere(link: str, origin: Origin, pages: Path, checkout: Path) -> bool:
    address, anchor = urldefrag(link)
    if address.startswith(origin.site):
        file = pages / address.removeprefix(origin.site)
        return file.is_file() and (not anchor or f'id="{anchor}"' in file.read_text("utf-8"))
    if address.startswith(origin.file("")):
        return (checkout / address.removeprefix(origin.file(""))).exists()
    return not address.startswith(origin.repository) or address == origin.repository
