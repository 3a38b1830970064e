"""The book as its sources describe it: root, contents, chapters and address, read here and once.

Nothing heavy is imported before a chapter is parsed, since every tool begins here.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from nbformat import NotebookNode
from sphinx_external_toc.api import FileItem, GlobItem, SiteMap, TocTree
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

ROOT = Path(__file__).resolve().parents[1]
# What Jupyter Book takes for a page beside MyST, in which all pages of the book are written.
OTHERS = (".ipynb", ".rst", ".txt")
# Where a host publishes the sites of its repositories.
SITES = {"github.com": "github.io", "gitlab.com": "gitlab.io"}
SITE = re.compile(r"https?://(localhost|[^\s/?#.]+(\.[^\s/?#.]+)+)(:\d+)?(/[^\s?#]*)?(?<!\.html)")
WITHOUT_SCHEME = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?!/)(?P<path>\D\S*)")
BELOW_A_REPOSITORY = re.compile(r"/(?:-/)?(?:tree|blob)/(?P<branch>[^?#]+)")


# The contents


class ContentsError(ValueError):
    """The table of contents cannot be followed; the message names what is wrong in it."""


@dataclass
class Part:
    """A part of the contents: its caption, empty if it has none, and the names of its pages."""

    caption: str
    pages: list[str]


def first_page() -> str:
    """Return the name of the page that opens the book."""
    return _site_map().root.docname


def parts() -> list[Part]:
    """Return the contents after the first page, with or without parts, sections in their order.

    Raises
    ------
    ContentsError
        If ``_toc.yml`` cannot be read, or names a page that nobody wrote.
    """
    site_map = _site_map()
    parts = [Part(tree.caption or "", _below(tree, site_map)) for tree in site_map.root.subtrees]
    names = [site_map.root.docname, *(page for part in parts for page in part.pages)]
    for page in names:
        if names.count(page) > 1 or os.path.normpath(page) != page:
            raise ContentsError(
                f"_toc.yml names {page} more than once or by a detour; write each page once, "
                f"as `- file: {os.path.normpath(page)}`."
            )
        if not re.fullmatch(r"[\w./-]+", page):
            raise ContentsError(
                f"_toc.yml names {page!r}, but names stand in addresses; rename the page, with "
                "letters, digits, - and _ alone."
            )
        if not source(page).exists():
            others = [suffix for suffix in OTHERS if (ROOT / f"{page}{suffix}").exists()]
            problem = f"is written as {others[0]}, not" if others else "there is no file"
            raise ContentsError(
                f"_toc.yml names {page}, but {'it ' if others else ''}{problem} {page}.md; correct "
                "the entry or write the page."
            )
    return parts


def pages() -> list[str]:
    """Return the names of all pages of the contents, the first page left out."""
    return [page for part in parts() for page in part.pages]


def _site_map() -> SiteMap:
    try:
        return parse_toc_yaml(ROOT / "_toc.yml")
    except (MalformedError, yaml.YAMLError, UnicodeError, OSError) as error:
        raise ContentsError(unreadable("_toc.yml, the table of contents", error)) from None


def unreadable(file: str, error: Exception) -> str:
    """Say in one sentence what keeps settings or contents from being read, and what to do."""
    mark = getattr(error, "problem_mark", None)
    place = f" at line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "strerror", None) or error
    return f"{file}, cannot be read{place}: {str(problem).rstrip('.')}; {_cure(file, error)}."


def _cure(file: str, error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "save the file as UTF-8"
    if isinstance(error, OSError):
        return f"put the file back: git checkout {file.split(',')[0]}"
    if isinstance(error, MalformedError):
        return (
            "write each page once, as `- file: chapters/name` below the `chapters:` of its part, "
            "and take out a part without pages"
        )
    return (
        "write `key: value` there or above, indented by spaces and not by tabs, with quotation "
        "marks around a value that has a colon in it"
    )


def _below(tree: TocTree, site_map: SiteMap) -> list[str]:
    """Return the names of the pages of a tree, each followed by those of its sections."""
    names = []
    for item in tree.items:
        if isinstance(item, GlobItem):
            found = (file.relative_to(ROOT).as_posix() for file in ROOT.glob(f"{item}.md"))
            names += sorted({name.removesuffix(".md") for name in found} - set(site_map))
        elif isinstance(item, FileItem):
            inner = site_map[item].subtrees if item in site_map else []
            names += [
                item.removesuffix(".md"),
                *(n for tree in inner for n in _below(tree, site_map)),
            ]
    return names


# The chapters


def source(page: str) -> Path:
    """Return the file that a page is written in."""
    return ROOT / f"{page}.md"


def notebook_path(page: str) -> str:
    """Return the path of a page's notebook below ``notebooks/``, where folders stay apart."""
    return f"{page.removeprefix('chapters/')}.ipynb"


def chapters() -> list[Path]:
    """Return the sources of the book that are notebooks, in the order of its contents."""
    return [path for path in map(source, pages()) if is_notebook(path)]


def is_notebook(path: Path) -> bool:
    return "format_name: myst" in path.read_text("utf-8", "replace")[:1000]


def read(path: Path) -> NotebookNode:
    """Parse the source of a chapter."""
    from myst_nb.core.read import read_myst_markdown_notebook

    return read_myst_markdown_notebook(path.read_text("utf-8"))


def directives(text: str, name: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield title, options and content of each directive of a name, fenced by three backticks."""
    pattern = rf"^```\{{{name}\}} *([^\n]*)\n((?::[\w-]+:[^\n]*\n)*)(.*?)^```$"
    for title, options, content in re.findall(pattern, text, re.MULTILINE | re.DOTALL):
        pairs = re.findall(r"^:([\w-]+): *(.*)$", options, re.MULTILINE)
        yield title.strip(), dict(pairs), content


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def without_magics(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.lstrip()[:1] not in ("%", "!"))


# The settings


def configuration() -> dict:
    """Return what ``_config.yml`` says.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    try:
        text = (ROOT / "_config.yml").read_text("utf-8")
        found = _parsed(text)
    except (yaml.YAMLError, UnicodeError, OSError) as error:
        raise ValueError(unreadable("_config.yml, the settings", error)) from None
    except ValueError as error:
        raise ValueError(
            f"_config.yml, the settings, has a day that is none ({error}); write it as 2027-02-01."
        ) from None
    if not isinstance(found, dict):
        raise ValueError("_config.yml, the settings, must begin with a key such as `title:`.")
    return found


@lru_cache(maxsize=1)
def _parsed(text: str) -> Any:
    """Parse settings once: each citation of a notebook asks for the address of its page."""
    return yaml.safe_load(text) or {}


def setting(path: str, default: object = None) -> Any:
    """Return one of the settings, such as ``"html.baseurl"``, or the default if it is not there."""
    found = configuration()
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return default if found is None else found


def name() -> str:
    """Return what the book is called: its title, and the term it is taught in if one is given."""
    return ", ".join(str(part) for part in (setting("title", "Untitled"), setting("term")) if part)


def byline() -> str:
    """Return what the book is, whose it is and for which term, without what nobody said."""
    parts = (setting(key) for key in ("subtitle", "author", "term"))
    return " · ".join(str(part) for part in parts if part)


# The address


def configured_url() -> str:
    """Return the repository's address as ``_config.yml`` gives it, in its web form."""
    return web_form(_repository("url"))


def repository_url() -> str:
    """Return the repository's address: of the workflow, else of the remote, else configured.

    The workflow's and the remote's come first, so that a fork publishes a site that
    links to the fork.
    """
    return _workflow_url() or _remote_url() or configured_url()


def branch() -> str:
    """Return the branch that ``_config.yml`` names, from which Colab opens the notebooks."""
    in_url = BELOW_A_REPOSITORY.search(_repository("url"))
    return _repository("branch") or (in_url["branch"].strip("/") if in_url else "main")


def web_form(url: str) -> str:
    """Return a repository's address as a browser opens it, however it was written.

    Parameters
    ----------
    url : str
        What is copied from GitHub, GitLab or git: with ``.git``, as ``git@host:owner/name``,
        with a branch behind it, with a slash at its end, or without ``https://``.

    Raises
    ------
    ValueError
        If it names no repository.
    """
    text = url.strip()
    if match := WITHOUT_SCHEME.fullmatch(text):
        text = f"https://{match['host']}/{match['path']}"
    elif "://" not in text:
        text = f"https://{text}"
    try:
        parts, port = urlsplit(text), urlsplit(text).port
    except ValueError:
        parts, port = urlsplit(""), None
    host = (parts.hostname or "").removeprefix("www.")
    names = BELOW_A_REPOSITORY.split(parts.path)[0].removesuffix("/").removesuffix(".git")
    names = [name for name in names.split("/") if name]
    if host == "github.com":
        names = names[:2]
    of_git = parts.scheme.removeprefix("git+") in ("http", "https", "ssh", "git")
    if not of_git or "." not in host or len(names) < 2 or " " in text:
        raise ValueError(
            f"{url!r}, the address of the repository in _config.yml, names no repository; "
            "write it as https://github.com/owner/name."
        )
    if port and parts.scheme in ("http", "https"):
        host = f"{host}:{port}"
    return f"https://{host}/{'/'.join(names).removesuffix('.git')}"


def site_url(repository: str | None = None) -> str:
    """Return the address of the published site, with a slash at the end.

    It is ``baseurl`` under ``html:`` in ``_config.yml``, for a domain of one's own. Without
    it, GitHub Pages publishes ``github.com/owner/name`` at ``owner.github.io/name/``, and a
    repository that is itself named ``owner.github.io`` at its root; GitLab does likewise.

    Raises
    ------
    ValueError
        If the host of the repository publishes no sites that are known here, or `baseurl`
        is no address of a site.
    """
    own = str(setting("html.baseurl", "")).strip().strip("/")
    if own:
        own = own if "://" in own else f"https://{own}"
        if not SITE.fullmatch(own):
            raise ValueError(
                f"{setting('html.baseurl')!r}, baseurl under html in _config.yml, is no address "
                "of a site; write it as https://course.example.edu/2026."
            )
        return f"{own}/"
    repository = repository or repository_url()
    parts = urlsplit(repository)
    owner, *names = parts.path.strip("/").split("/")
    if parts.netloc not in SITES:
        raise ValueError(
            f"Where {repository} is published cannot be known from its address; write the "
            "address of the site into _config.yml, as baseurl under html."
        )
    host = f"{owner.lower()}.{SITES[parts.netloc]}"
    at_root = [name.lower() for name in names] == [host]
    return f"https://{host}/" if at_root else f"https://{host}/{'/'.join(names)}/"


def is_placeholder(repository: str | None = None) -> bool:
    """Tell whether an address is one that GitHub lets nobody register.

    GitHub allows no owner with two hyphens in a row, so nobody can ever serve
    code from the address that the book is shipped with.
    """
    parts = urlsplit(repository or repository_url())
    return parts.netloc == "github.com" and "--" in parts.path.strip("/").split("/")[0]


def _repository(key: str) -> str:
    return str(setting(f"repository.{key}", ""))


def _workflow_url() -> str | None:
    """Return the repository that a workflow of GitHub's or GitLab's runs for."""
    name, host = os.environ.get("GITHUB_REPOSITORY"), os.environ.get("GITHUB_SERVER_URL")
    return f"{host or 'https://github.com'}/{name}" if name else os.environ.get("CI_PROJECT_URL")


def _remote_url() -> str | None:
    """Return the remote's web form, without credentials, if its host publishes sites."""
    try:
        answer = subprocess.run(
            ["git", "-C", ROOT, "remote", "get-url", "origin"],
            capture_output=True,
            text=True,
            check=False,
        )
        remote = web_form(answer.stdout.strip())
    except (FileNotFoundError, ValueError):
        return None
    return remote if urlsplit(remote).netloc in SITES else None
