"""Write what is the lecturer's into CITATION.cff, which GitHub shows as *Cite this repository*."""

import yaml

from tools import book

FILE = "CITATION.cff"


def text() -> str:
    """Return CITATION.cff with title, author and addresses of the settings."""
    said = yaml.safe_load((book.ROOT / FILE).read_text("utf-8"))
    titles = (book.setting("title"), book.setting("subtitle"))
    said["title"] = ": ".join(str(part) for part in titles if part)
    said["authors"] = [{"name": str(book.setting("author", "Anonymous"))}]
    said |= addresses()
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=1000)


def addresses() -> dict[str, str]:
    """Return the addresses to cite, if somebody has made the book theirs."""
    repository = book.configured_url()
    if book.is_placeholder(repository):
        return {}
    return {"repository-code": repository, "url": book.site_url(repository)}


def write() -> None:
    (book.ROOT / FILE).write_text(text(), "utf-8")
