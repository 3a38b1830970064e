"""Put text and code together into a notebook that is the same for the same sources."""

import hashlib
import re
from collections import Counter
from importlib.resources import files

from bs4 import BeautifulSoup
from nbformat import NotebookNode, v4

from helpers import __version__
from tools import book
from tools.kinds import kind
from tools.notebooks import spelling
from tools.notebooks.markdown import Block, CodeCell, Heading
from tools.notebooks.origin import Origin

METADATA = {
    "colab": {"provenance": []},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What Colab and Jupyter fold.
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}
TITLES = {"imports": "Imports", "draws": "Drawing", "stores": "Numbers for the text"}
TITLE_BLOCK = """\
{title}

[Read this chapter on the site]({page}), with its figures. It runs in {run_time} on two CPU \
cores, such as Colab's free runtime; no GPU is needed. {licence}

From *{book}*{author}."""


def notebook(
    docname: str, blocks: list[Block], source: NotebookNode, origin: Origin, run_time: str
) -> NotebookNode:
    """Return the notebook of one page, from its text and its executed source.

    The first of the blocks is the heading that is the page's title; `run_time` says how
    long the notebook runs, such as ``"20 seconds"``.
    """
    title, *rest = blocks
    head = TITLE_BLOCK.format(
        title=title.text,
        page=origin.page(docname),
        licence=licence(origin),
        run_time=run_time,
        book=spelling.escape(book.name()),
        author=spelling.escape(f" by {author}") if (author := book.setting("author")) else "",
    )
    body = text_and_code(rest, source)
    number(body)
    cells = [v4.new_markdown_cell(head), set_up_cell(origin), *body]
    for cell, cell_id in zip(cells, cell_ids(docname, cells), strict=True):
        cell.id = cell_id
    return v4.new_notebook(cells=cells, metadata=METADATA)


def licence(origin: Origin) -> str:
    """Say what text and code are licensed under: the text as at the foot of every page."""
    code = f"ode under [BSD-3-Clause]({origin.file('LICENSE')})."
    foot = BeautifulSoup(book.setting("html.extra_footer", ""), "html.parser")
    if foot.a:
        return f"Text under [{foot.a.get_text()}]({foot.a.get('href')}), c{code}"
    return f"{foot.get_text(' ', strip=True)} C{code}".strip()


def set_up_cell(origin: Origin) -> NotebookNode:
    """Return the cell that installs the helpers; what shows a notebook folds it."""
    code = files("tools.notebooks").joinpath("set_up.py").read_text("utf-8")
    for name, value in {"HELPERS": origin.helpers, "EDITION": __version__}.items():
        code, count = re.subn(rf'(?<=^{name} = ").*(?="$)', value, code, flags=re.MULTILINE)
        assert count == 1, f"set_up.py has one line that says {name}"
    return v4.new_code_cell(code.rstrip(), metadata=FOLDED)


def text_and_code(blocks: list[Block], source: NotebookNode) -> list[NotebookNode]:
    """Return the cells below the title; a heading begins a cell of its own."""
    cells: list[NotebookNode] = []
    text: list[str] = []
    for block in [*blocks, Heading("")]:
        if text and not isinstance(block, str):
            cells.append(v4.new_markdown_cell("\n\n".join(text)))
            text = []
        if isinstance(block, CodeCell):
            cells.append(code_cell(source.cells[block.index], block.figure))
        else:
            text.append(block.text if isinstance(block, Heading) else block)
    return cells


def code_cell(cell: NotebookNode, figure: str = "") -> NotebookNode:
    """Return a code cell as learners get it: its code, its tags and what it printed.

    What the site folds, or does not show, is a form under the name of the figure that it draws.
    """
    tags = [tag for tag in cell.metadata.get("tags", []) if not tag.startswith("slide-")]
    metadata = {"tags": tags} if tags else {}
    code = cell.source
    if not {"hide-input", "remove-input"}.isdisjoint(tags):
        metadata |= FOLDED
        code = f"# @title {figure or TITLES.get(kind(cell), 'Code')}\n{code}"
    return v4.new_code_cell(code, metadata=metadata, outputs=text_outputs(cell.outputs))


def text_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Keep what is printed or shown as text; figures and what is glued are left out."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and output.name == "stdout":
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
            else:
                kept.append(v4.new_output("stream", name="stdout", text=output.text))
        elif output.get("data") and is_text(output.data):
            data = {"text/plain": output.data["text/plain"]}
            kept.append(v4.new_output(output.output_type, data=data))
    return kept


def is_text(data: NotebookNode) -> bool:
    return "text/plain" in data and not any(kind.startswith("image/") for kind in data)


def cell_ids(docname: str, cells: list[NotebookNode]) -> list[str]:
    """Return an identifier for each cell, made from what it says; equal cells are counted."""
    counts: Counter = Counter()
    ids = []
    for cell in cells:
        content = f"{docname}\n{cell.cell_type}\n{cell.source}"
        counts[content] += 1
        ids.append(hashlib.sha256(f"{content}\n{counts[content]}".encode()).hexdigest()[:12])
    return ids


def number(cells: list[NotebookNode]) -> None:
    """Number the code cells as running them in order does, so that outputs count as theirs."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    for position, cell in enumerate(code, start=1):
        cell.execution_count = position
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = position
