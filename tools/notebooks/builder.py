"""The Sphinx builder ``notebook``: every page with code becomes a notebook for Colab."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from nbformat import NotebookNode
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx_exercise.nodes import solution_node

from tools.book import is_notebook, notebook_path, read
from tools.notebooks import checker
from tools.notebooks.cells import notebook
from tools.notebooks.edition import Edition, committed, marked, published
from tools.notebooks.markdown import Block, CodeCell, MarkdownWriter

LOGGER = logging.getLogger(__name__)


class NotebookBuilder(Builder):
    """Write ``<chapter>.ipynb`` for each edition from the doctrees that HTML is made of."""

    name = "notebook"
    format = "notebook"
    epilog = "The notebooks are in %(outdir)s."
    supported_image_types = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")

    def get_outdated_docs(self) -> list[str]:
        return [name for name in sorted(self.env.found_docs) if self.is_outdated(name)]

    def is_outdated(self, docname: str) -> bool:
        """Tell whether a page has been read since its notebook was written."""
        if not self.code_cells(docname):
            return False
        notebook = self.path(committed(), docname)
        doctree = Path(self.doctreedir, f"{docname}.doctree")
        if not notebook.exists() or not doctree.exists():
            return True
        return notebook.stat().st_mtime <= doctree.stat().st_mtime

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"{docname}.html"

    def prepare_writing(self, docnames: set[str]) -> None:
        self.editions = (committed(), published(), marked())

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        if not self.code_cells(docname):
            return
        source = self.executed(docname)
        for edition in self.editions:
            result = self.convert(docname, doctree, source, edition)
            path = self.path(edition, docname)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(nbformat.writes(result), encoding="utf-8", newline="\n")
        for problem in checker.problems(result):
            LOGGER.warning("in its notebook, %s", problem, location=docname, type="notebook")

    def finish(self) -> None:
        pass

    # From the page to the notebook

    def path(self, edition: Edition, docname: str) -> Path:
        return Path(self.outdir, edition.name, notebook_path(docname))

    def code_cells(self, docname: str) -> list[int]:
        """Return the positions of a page's code cells among all of its cells."""
        path = Path(self.env.doc2path(docname))
        cells = read(path).cells if is_notebook(path) else []
        return [index for index, cell in enumerate(cells) if cell.cell_type == "code"]

    def executed(self, docname: str) -> NotebookNode:
        """Return a page's source as a notebook, with the results that the cache holds."""
        cache = get_cache(self.env.mystnb_config.execution_cache_path)
        return cache.merge_match_into_notebook(read(Path(self.env.doc2path(docname))))[1]

    def convert(
        self, docname: str, doctree: nodes.document, source: NotebookNode, edition: Edition
    ) -> NotebookNode:
        page = Page(self, docname, edition)
        writer = MarkdownWriter(
            page=edition.page(docname),
            numbers=page.number,
            image_address=page.image_address,
            citation_address=page.citation_address,
            marks=edition.marks,
            macros=(self.config.mathjax3_config or {}).get("tex", {}).get("macros", {}),
        )
        kept = set(self.code_cells(docname)) - set(solution_cells(doctree, source))
        blocks = with_hidden_cells(writer.blocks(doctree), kept)
        run_time = self.env.metadata[docname].get("run_time", "less than a minute")
        return notebook(docname, blocks, source, edition, run_time)


class Page:
    """What a page's notebook asks Sphinx's environment."""

    def __init__(self, builder: NotebookBuilder, docname: str, edition: Edition):
        self.builder = builder
        self.env = builder.env
        self.docname = docname
        self.edition = edition
        # The names by which Sphinx's own function finds the numbers of equations.
        builder.fignumbers = self.env.toc_fignumbers.get(docname, {})

    def number(self, node: nodes.Element) -> str:
        """Return what the site prints before a title or caption, or beside an equation."""
        if isinstance(node, nodes.math_block):
            return get_node_equation_number(self, node) if node.get("number") else ""
        if isinstance(node.parent, nodes.section):
            return self.section_number(node.parent)
        return self.figure_number(node.parent)

    def section_number(self, section: nodes.section) -> str:
        numbers = self.env.toc_secnumbers.get(self.docname, {})
        number = numbers.get(f"#{section['ids'][0]}", numbers.get(""))
        return f"{'.'.join(map(str, number))}. " if number else ""

    def figure_number(self, node: nodes.Element | None) -> str:
        kind = node is not None and self.env.domains["std"].get_enumerable_node_type(node)
        number = kind and self.builder.fignumbers.get(kind, {}).get(next(iter(node["ids"]), ""))
        if not number:
            return ""
        return self.builder.config.numfig_format[kind] % ".".join(map(str, number)) + " "

    def image_address(self, image: nodes.image) -> str:
        """Return where the site has an image; Sphinx gathers them all in one folder."""
        if "://" in image["uri"]:
            return image["uri"]
        return f"{self.edition.site}_images/{self.env.images[image['uri']][1]}"

    def citation_address(self, address: str) -> str | None:
        """Return where the work is found that a link into the bibliography cites."""
        page, identifier = urldefrag(address)
        for citation in self.env.domains["cite"].citations:
            bibliography = self.edition.page(citation.bibliography_key.docname)
            if (bibliography, citation.citation_id) == (page, identifier):
                return work_address(citation.entry.fields)
        return None


def work_address(fields: dict[str, str]) -> str | None:
    if doi := fields.get("doi"):
        return urljoin("https://doi.org/", doi)
    if eprint := fields.get("eprint"):
        return urljoin("https://arxiv.org/abs/", eprint)
    return fields.get("url")


def solution_cells(doctree: nodes.document, source: NotebookNode) -> Iterator[int]:
    """Return the positions of the code cells that learners are to find themselves."""
    for solution in doctree.findall(solution_node):
        for cell in solution.findall(nodes.container):
            if "cell_index" in cell:
                yield cell["cell_index"]
    for index, cell in enumerate(source.cells):
        if "solution" in cell.metadata.get("tags", []):
            yield index


def with_hidden_cells(blocks: list[Block], kept: set[int]) -> list[Block]:
    """Return the blocks with the code that the page hides, before the cell that follows it."""
    result: list[Block] = []
    left = sorted(kept)
    for block in blocks:
        if isinstance(block, CodeCell):
            while left and left[0] < block.index:
                result.append(CodeCell(left.pop(0)))
            if block.index not in kept:
                continue
            left.remove(block.index)
        result.append(block)
    return result + [CodeCell(index) for index in left]
