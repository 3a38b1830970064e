"""What `make book` has to do again: decided here and nowhere else.

Nothing, if no file that the book is made from changed (`frame`, `texts`). Otherwise two
things are slow, and each is done only where it is stale:

- A chapter takes minutes to execute. It is executed again when its code changed, which
  jupyter-cache finds, or one of the helpers and data that its code uses or of the packages,
  whose digest stands beside its results (`results`).
- The pages take a minute to render. Sphinx finds which texts and results changed; what it
  cannot see is the frame of all pages: tools, settings, contents, packages and address
  (`frame`). When that changes, all that was rendered is removed and made anew, and so
  nothing stays of a page that left the contents.
"""

import ast
import hashlib
import os
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path

from nbformat import NotebookNode

from tools import book, editions

LOCK = "requirements.txt"
# What stands in the lock beside a package that pyproject.toml lists for chapters and helpers.
DIRECTLY = "(pyproject.toml)"
# How the kernels of the book are set up.
KERNEL = "tools/ipython/profile_default/ipython_kernel_config.py"
RENDERED_BY = (
    *("tools/site", "tools/notebooks", "tools/editions"),
    *("tools/book.py", "tools/execute.py"),
)
FRAME = (*RENDERED_BY, "references.bib", "_config.yml", "_toc.yml", LOCK)
TEXTS = ("chapters", "data", "helpers", KERNEL)
ADDRESS = ("GITHUB_REPOSITORY", "GITHUB_SHA")


def digest(*paths: str | Path) -> str:
    """Return a digest of files, and of those in folders, below the root of the book."""
    result = hashlib.sha256()
    for file in sorted({file for path in paths for file in _files(book.ROOT / path)}):
        result.update(file.relative_to(book.ROOT).as_posix().encode() + file.read_bytes())
    return result.hexdigest()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _files(path: Path) -> list[Path]:
    below = [path, *path.rglob("*")]
    return [file for file in below if file.is_file() and "__pycache__" not in file.parts]


# The pages


def frame() -> str:
    """Return a digest of what every page and notebook is made with."""
    address = [book.repository_url(), *map(os.environ.get, ADDRESS)]
    return _hash(f"{digest(*FRAME)} {address} {editions.current()} {editions.shown_solutions()}")


def texts() -> str:
    """Return a digest of what single pages are made from, and of what lies beside them."""
    sources = (f"{page}.md" for page in (book.first_page(), *book.pages()))
    return digest(*TEXTS, *(source.split("/")[0] for source in sources))


# The results


def results(chapter: str, notebook: NotebookNode) -> str:
    """Return a digest of what the results of a chapter depend on beside its code."""
    code = "\n".join(cell.source for cell in book.code_cells(notebook))
    checks = (book.ROOT / "helpers" / "checks").glob(f"{Path(chapter).stem}.py")
    helpers = {*helpers_of(code), *checks}
    data = [file for file in (book.ROOT / "data").iterdir() if file.name in code]
    return _hash(digest(*helpers, *data, KERNEL) + locked())


def helpers_of(code: str) -> set[Path]:
    """Return the files of helpers/ that Python code imports, directly or not."""
    found: set[Path] = set()
    pending = [code]
    while pending:
        new = {file for module in imported(pending.pop()) for file in _helper(module)} - found
        pending += [file.read_text("utf-8") for file in new]
        found |= new
    return found


def _helper(module: str) -> list[Path]:
    """Return the files that importing a dotted name runs, if it is one of helpers."""
    if module.split(".")[0] != "helpers":
        return []
    path = book.ROOT.joinpath(*module.split("."))
    candidates = [path.with_suffix(".py"), path / "__init__.py", book.ROOT / "helpers/__init__.py"]
    return [file for file in candidates if file.exists()]


def imported(code: str) -> Iterator[str]:
    """Yield the dotted names of the modules that Python code may import."""
    try:
        tree = ast.parse(book.without_magics(code))
    except SyntaxError:  # Executing the cell will name it.
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages(code: str) -> dict[str, str]:
    """Return the installed packages that Python code imports, and their versions."""
    modules = {module.split(".")[0] for module in imported(code)}
    # The name of a module is often not that of its package.
    owners = packages_distributions()
    names = {name for module in modules for name in owners.get(module, [])}
    return {name: version(name) for name in sorted(names)}


def locked() -> str:
    """Return the lines of the lock that hold the versions of what chapters and helpers import."""
    entries = re.split(r"\n(?=\w)", (book.ROOT / LOCK).read_text("utf-8"))
    return "\n".join(entry.splitlines()[0] for entry in entries if DIRECTLY in entry)
