"""For which address a notebook is made: the repository's own copy, or the site's download."""

import os
from dataclasses import dataclass

from tools import book


@dataclass(frozen=True)
class Origin:
    """What the notebooks link to, and from where their set-up cell installs the helpers.

    The name is that of its folder in the build, the revision a branch, tag or commit.
    """

    name: str
    repository: str
    revision: str

    @property
    def site(self) -> str:
        return book.site_url(self.repository)

    def page(self, docname: str) -> str:
        return f"{self.site}{docname}.html"

    def file(self, path: str) -> str:
        return f"{self.repository}/blob/{self.revision}/{path}"

    @property
    def helpers(self) -> str:
        """What pip installs the helpers from."""
        return f"git+{self.repository}@{self.revision}"


def committed() -> Origin:
    """Return the origin of what stands in ``notebooks/``: the same in every clone and fork.

    No file can name the commit that it is part of. So these notebooks name the branch,
    which holds the helpers that they were made with, since both are committed together.
    """
    return Origin("repository", book.configured_url(), book.branch())


def published() -> Origin:
    """Return the origin of what the site offers for download: it names the very commit.

    Only a workflow of GitHub's knows that its commit can be fetched; elsewhere the
    branch stands in.
    """
    revision = os.environ.get("GITHUB_SHA") or book.branch()
    return Origin("site", book.repository_url(), revision)
