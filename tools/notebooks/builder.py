"""The Sphinx builder ``notebook``: every page with code becomes a notebook for Colab."""

import os
import re
from pathlib import Path

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.builders import Builder
from sphinx.util import logging

from tools import editions
from tools.book import is_notebook, notebook_path, read
from tools.execute import opened
from tools.notebooks import checker
from tools.notebooks.cells import notebook
from tools.notebooks.compare import MARKS
from tools.notebooks.markdown import Block, BlockWriter, CodeCell
from tools.notebooks.origin import Origin, committed, published
from tools.notebooks.page import Page

LOGGER = logging.getLogger(__name__)


class NotebookBuilder(Builder):
    """Write ``<chapter>.ipynb`` for each origin, from the doctrees that HTML is made of."""

    name = "notebook"
    format = "notebook"
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
        self.origins = (committed(), published())
        self.marks = MARKS if "MARK_GLUED" in os.environ else ("", "")

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        if not self.code_cells(docname):
            return
        source = self.executed(docname)
        for origin in self.origins:
            result = self.convert(docname, doctree, source, origin)
            path = self.path(origin, docname)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(nbformat.writes(result), encoding="utf-8", newline="\n")
        for problem in checker.problems(result):
            LOGGER.warning("in its notebook, %s", problem, location=docname, type="notebook")

    def finish(self) -> None:
        pass

    # From the page to the notebook

    def path(self, origin: Origin, docname: str) -> Path:
        return Path(self.outdir, origin.name, notebook_path(docname))

    def code_cells(self, docname: str) -> list[int]:
        """Return the positions of a page's code cells among all of its cells."""
        path = Path(self.env.doc2path(docname))
        cells = read(path).cells if is_notebook(path) else []
        return [index for index, cell in enumerate(cells) if cell.cell_type == "code"]

    def executed(self, docname: str) -> NotebookNode:
        """Return a page's source as a notebook, with the results that the cache holds."""
        cache = self.config.nb_execution_cache_path or Path(self.outdir).parent / ".jupyter_cache"
        source = read(Path(self.env.doc2path(docname)))
        with opened(cache) as results:
            return results.merge_match_into_notebook(source)[1]

    def convert(
        self, docname: str, doctree: nodes.document, source: NotebookNode, origin: Origin
    ) -> NotebookNode:
        writer = BlockWriter(doctree, Page(self.env, docname, origin, self.marks))
        blocks = with_hidden_cells(writer.blocks(doctree), cells_shown(source))
        run_time = self.env.metadata[docname].get("run_time", "less than a minute")
        return notebook(docname, blocks, source, origin, run_time)


def cells_shown(source: NotebookNode) -> list[int]:
    """Return the positions of the code cells, for learners of those that stand in no solution."""
    positions, in_solution = [], False
    for position, cell in enumerate(source.cells):
        if marks := re.findall(r"\{solution-(start|end)\}", cell.source):
            in_solution = marks[-1] == "start"
        is_solution = in_solution or "solution" in cell.metadata.get("tags", [])
        if cell.cell_type == "code" and (editions.is_instructors() or not is_solution):
            positions.append(position)
    return positions


def with_hidden_cells(blocks: list[Block], kept: list[int]) -> list[Block]:
    """Return the blocks with the code that the page hides, before the cell that follows it."""
    result: list[Block] = []
    for block in blocks:
        if not isinstance(block, CodeCell):
            result.append(block)
        while isinstance(block, CodeCell) and kept and kept[0] <= block.index:
            index = kept.pop(0)
            result.append(block if index == block.index else CodeCell(index))
    return result + [CodeCell(index) for index in kept]
