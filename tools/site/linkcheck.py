"""Ask every site that the book links to whether the link still answers.

``python -m tools.linkcheck`` reads the links from the built pages. Other people's servers
are no reason to stop a build, so it reports and never fails.
"""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests
from bs4 import BeautifulSoup
from tqdm import tqdm

from tools.book import ROOT
from tools.site.findable import site_address
from tools.site.pages import written

SITE = ROOT / "_build" / "html"
TIMEOUT_S = 15
AT_ONCE = 8
# Some servers answer no unknown program; none of them is asked more than once.
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; check of the links of a course book)"}
# A server that answers so is there, and keeps programs out or wants to be asked less often.
GUARDED = {401, 403, 405, 406, 418, 429, 999}


@dataclass(frozen=True)
class Answer:
    """What came of asking for an address: ``kind`` is what the report counts."""

    address: str
    kind: str
    says: str = ""


def links(site: Path) -> dict[str, list[str]]:
    """Return the addresses that the pages of a site link to, each with the pages that do."""
    found: dict[str, list[str]] = {}
    own = site_address()
    for path in written(site):
        page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for link in page.select("a[href^=http]"):
            address = link["href"].split("#")[0]
            if not (own and address.startswith(own)):
                pages = found.setdefault(address, [])
                name = path.relative_to(site).as_posix()
                pages += [] if name in pages else [name]
    return found


def ask(address: str) -> Answer:
    try:
        with requests.get(address, headers=HEADERS, timeout=TIMEOUT_S, stream=True) as answer:
            return judge(address, answer)
    except requests.Timeout:
        return Answer(address, "silent", f"no answer within {TIMEOUT_S} s")
    except requests.ConnectionError:
        return Answer(address, "unreachable", "no such host, or it is not reachable")
    except requests.RequestException as error:
        return Answer(address, "broken", str(error))


def judge(address: str, answer: requests.Response) -> Answer:
    if answer.status_code in GUARDED:
        return Answer(address, "guarded", f"answers {answer.status_code} to programs")
    if not answer.ok:
        return Answer(address, "broken", f"answers {answer.status_code} {answer.reason}".strip())
    first = answer.history[0].status_code if answer.history else None
    if first in (301, 308) and "doi.org/" not in address:
        return Answer(address, "moved", f"has moved to {answer.url}")
    return Answer(address, "fine")


def ask_all(addresses: Iterable[str]) -> list[Answer]:
    addresses = sorted(addresses)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(tqdm(pool.map(ask, addresses), total=len(addresses), desc="Asking"))


def report(answers: list[Answer], pages: dict[str, list[str]]) -> str:
    """Return what a maintainer has to know, the links that need a look first."""
    kinds = Counter(answer.kind for answer in answers)
    if answers and kinds["unreachable"] + kinds["silent"] == len(answers):
        return (
            f"The network seems to be off: none of {len(answers)} links could be reached, "
            "which says nothing about them. Connect, and run `make linkcheck` again."
        )
    lines = [
        f"{answer.address} {answer.says} (in {', '.join(pages[answer.address])})"
        for answer in sorted(answers, key=lambda answer: answer.kind)
        if answer.kind not in ("fine", "guarded")
    ]
    counts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return "\n".join([*lines, f"{len(answers)} links: {counts or 'none to ask'}."])


def main() -> None:
    if not (SITE / "index.html").exists():
        print("There is no site whose links could be asked; run `make book` first.")
        return
    pages = links(SITE)
    print(report(ask_all(pages), pages))


if __name__ == "__main__":
    main()
