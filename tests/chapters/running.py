"""Take code out of the chapters, so that tests hold what readers read."""

import linecache

from tools import book


def code_cells(chapter: str, tag: str | None = None) -> list[str]:
    """Return the sources of a chapter's code cells, those with `tag` if one is given."""
    cells = book.code_cells(book.read(book.source(f"chapters/{chapter}")))
    return [cell.source for cell in cells if tag is None or tag in cell.metadata.get("tags", [])]


def run_cells(chapter: str, tag: str) -> dict:
    """Execute a chapter's cells that carry `tag`, in order, and return their names."""
    cells = code_cells(chapter, tag)
    if not cells:
        raise ValueError(f"chapters/{chapter}.md has no code cell with the tag {tag!r}.")
    names: dict = {}
    for number, source in enumerate(cells):
        file = f"chapters/{chapter}.md, cell {number} of {tag}"
        # TensorFlow reads the source of what it compiles, and tracebacks show it.
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        exec(compile(source, file, "exec"), names)
    return names
