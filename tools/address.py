"""Where the book lives: its repository, its branch and its published site.

The address stands once, in ``_config.yml``. Building overrides it by the variable
``GITHUB_REPOSITORY``, which GitHub's workflows set, or by the checkout's remote
``origin``, so that a fork publishes a site that links to the fork.
"""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import yaml

ROOT = Path(__file__).resolve().parents[1]
GITHUB_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]+@)?github\.com(?::\d+)?/|(?:[^@/]+@)?github\.com:)"
    r"(?P<name>[^/\s]+/[^/\s]+?)(?:\.git)?/?"
)


def configured_url() -> str:
    """Return the repository's address as ``_config.yml`` gives it, without a slash at the end."""
    return _repository()["url"].rstrip("/")


def repository_url() -> str:
    """Return the repository's address: of the workflow, else of the remote, else configured."""
    return _workflow_url() or _remote_url() or configured_url()


def branch() -> str:
    """Return the branch that ``_config.yml`` names, from which Colab opens the notebooks."""
    return _repository()["branch"]


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


def _repository() -> dict:
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]


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
