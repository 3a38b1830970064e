"""Measure how much of each page is code and how much are figures, on a laptop's screen.

``python -m tools.bench.heights`` writes the table of CONTRIBUTING.md anew. What is folded counts
as its line, and a figure with its caption.
"""

import re

from playwright.sync_api import Page, sync_playwright

from tools import browser
from tools.book import ROOT, is_notebook, pages, source
from tools.serve import SITE

SCREEN = {"width": 1280, "height": 900}
CODE = "article :is(.cell_input, .highlight-python)"
FIGURES = "article :is(figure, .interactive)"
# Top and height of each of these that is seen and stands in none of its kind.
BOXES = """selector => [...document.querySelectorAll(selector)]
    .filter(one => !one.parentElement.closest(selector) && one.checkVisibility())
    .map(one => one.getBoundingClientRect()).filter(box => box.height)
    .map(box => [box.top + scrollY, box.height])"""
HEAD = """| Page | screens | code, % | figures, % | longest run without a figure, screens |
| --- | ---: | ---: | ---: | ---: |"""
TABLE = re.compile(re.escape(HEAD) + r"\n(\|.*\n)*")


def main() -> None:
    names = [name for name in pages() if is_notebook(source(name))]
    with sync_playwright() as playwright:
        page = browser.launch(playwright.chromium, browser.chromium()).new_page(viewport=SCREEN)
        table = "\n".join([HEAD, *(row(page, name) for name in names)])
    print(table)
    guide = ROOT / "CONTRIBUTING.md"
    text = TABLE.sub(lambda match: f"{table}\n", guide.read_text("utf-8"))
    guide.write_text(text, "utf-8")


def row(page: Page, name: str) -> str:
    """Return a page's line of the table."""
    page.goto((SITE / f"{name}.html").as_uri())
    page.wait_for_load_state("networkidle")
    ((start, height),) = page.evaluate(BOXES, "article")
    figures = page.evaluate(BOXES, FIGURES)
    code = share(page.evaluate(BOXES, CODE), height)
    # A run reaches from the foot of one figure to the top of the next.
    feet = [start, *(top + tall for top, tall in figures)]
    tops = [*(top for top, _ in figures), start + height]
    longest = max(top - foot for foot, top in zip(feet, tops, strict=True)) / SCREEN["height"]
    screens = height / SCREEN["height"]
    return (
        f"| {name.rsplit('/', 1)[-1]} | {screens:.0f} | {code:.0f} | {share(figures, height):.0f} "
        f"| {longest:.1f} |"
    )


def share(boxes: list[list[float]], height: float) -> float:
    """Return how many per cent of a height the boxes take."""
    return 100 * sum(tall for _, tall in boxes) / height


if __name__ == "__main__":
    main()
