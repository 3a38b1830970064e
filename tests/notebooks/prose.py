"""The prose of a page and of its notebook, as a reader sees it, to compare them."""

import re

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode

# What the site shows and the notebook does not: code, its output, solutions, links to itself.
SITE_ONLY = (
    "script, style, .headerlink, .solution, .tag_solution, .cell_input, "
    ".cell_output > div, .cell_output > pre, .cell_output figure > :not(figcaption), "
    ".backrefs, .prev-next-area, .execution, .cell summary, .invitation, .question-score"
)
FORMULA = "∎"


def of_page(html: str) -> str:
    """Return the text of a page's article, each formula as one sign, without spaces."""
    article = BeautifulSoup(html, "html.parser").select_one("article.bd-article")
    for element in article.select(SITE_ONLY):
        element.decompose()
    return words(article)


def of_notebook(notebook: NotebookNode) -> str:
    """Return the text of a notebook's Markdown below its title block, the same way."""
    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    title = texts[0].splitlines()[0]
    return words(BeautifulSoup(parser.render("\n\n".join([title, *texts[1:]])), "html.parser"))


def words(soup: BeautifulSoup) -> str:
    for line in soup.select("span.math:has(> math)"):
        # Beside the formula it keeps the bracket and the full stop that must not leave it.
        line.math.replace_with(FORMULA)
        line.unwrap()
    for formula in soup.select(".math"):
        formula.replace_with(FORMULA)
    return re.sub(r"\s+", "", soup.get_text())
