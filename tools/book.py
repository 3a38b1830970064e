"""The book as its sources describe it: root, contents, chapters and address, read here and once.

Nothing heavy is imported before a chapter is parsed, since every tool begins here.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from nbformat import NotebookNode
from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).resolve().parents[1]
GITHUB_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]+@)?github\.com(?::\d+)?/|(?:[^@/]+@)?github\.com:)"
    r"(?P<name>[^/\s]+/[^/\s]+?)(?:\.git)?/?"
)


# The contents


@dataclass
class Part:
    """A part of the contents: its caption, empty if it has none, and the names of its pages."""

    caption: str
    pages: list[str]


def first_page() -> str:
    """Return the name of the page that opens the book."""
    return parse_toc_yaml(ROOT / "_toc.yml").root.docname


def parts() -> list[Part]:
    """Return the contents after the first page, with or without parts, sections in their order."""
    site_map = parse_toc_yaml(ROOT / "_toc.yml")

    def below(items: list) -> list[str]:
        pages = []
        for item in map(str, items):
            inner = site_map[item].subtrees if item in site_map else []
            pages += [item, *(page for tree in inner for page in below(tree.items))]
        return pages

    return [Part(tree.caption or "", below(tree.items)) for tree in site_map.root.subtrees]


def pages() -> list[str]:
    """Return the names of all pages of the contents, the first page left out."""
    return [page for part in parts() for page in part.pages]


# The chapters


def source(page: str) -> Path:
    """Return the file that a page is written in."""
    return ROOT / f"{page}.md"


def chapters() -> list[Path]:
    """Return the sources of the book that are notebooks, in the order of its contents."""
    return [path for path in map(source, pages()) if is_notebook(path)]


def is_notebook(path: Path) -> bool:
    return "format_name: myst" in path.read_text("utf-8")[:1000]


def read(path: Path) -> NotebookNode:
    """Parse the source of a chapter."""
    from myst_nb.core.read import read_myst_markdown_notebook

    return read_myst_markdown_notebook(path.read_text("utf-8"))


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def without_magics(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.lstrip()[:1] not in ("%", "!"))


# The address


def configuration() -> dict:
    """Return what ``_config.yml`` says."""
    return yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))


def configured_url() -> str:
    """Return the repository's address as ``_config.yml`` gives it, without a slash at the end."""
    return configuration()["repository"]["url"].rstrip("/")


def repository_url() -> str:
    """Return the repository's address: of the workflow, else of the remote, else configured.

    The workflow's and the remote's come first, so that a fork publishes a site that
    links to the fork.
    """
    return _workflow_url() or _remote_url() or configured_url()


def branch() -> str:
    """Return the branch that ``_config.yml`` names, from which Colab opens the notebooks."""
    return configuration()["repository"]["branch"]


def site_url(repository: str | None = None) -> str:
    """Return the address of the published site, with a slash at the end.

    GitHub Pages publishes ``github.com/owner/name`` at ``owner.github.io/name/``,
    and a repository that is itself named ``owner.github.io`` at its root.
    """
    owner, name = urlsplit(repository or repository_url()).path.strip("/").split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def is_placeholder(repository: str | None = None) -> bool:
    """Tell whether an address is one that GitHub lets nobody register.

    GitHub allows no owner with two hyphens in a row, so nobody can ever serve
    code from the address that the book is shipped with.
    """
    return "--" in urlsplit(repository or repository_url()).path.strip("/").split("/")[0]


def _workflow_url() -> str | None:
    name = os.environ.get("GITHUB_REPOSITORY")
    return f"https://github.com/{name}" if name else None


def _remote_url() -> str | None:
    """Return the remote's address in its web form, without the credentials it may hold."""
    try:
        answer = subprocess.run(
            ["git", "-C", ROOT, "remote", "get-url", "origin"],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    remote = GITHUB_REMOTE.fullmatch(answer.stdout.strip())
    return f"https://github.com/{remote['name']}" if remote else None
