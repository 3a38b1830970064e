"""Open the built site in a real browser, as a file and over loopback."""

import threading
from functools import cache

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from tools import browser, serve
from tools.book import ROOT, chapters
from tools.serve import SITE

CHAPTERS = [path.relative_to(ROOT).with_suffix("").as_posix() for path in chapters()]
# One with formulas, figures and things to play with, or the first of those that a fork kept.
CHAPTER = max(CHAPTERS, key=lambda name: name == "chapters/derivative_kernels")


@cache
def parsed(name):
    """Return a page of the site; `name` is its path below the site's root."""
    return BeautifulSoup((SITE / name).read_text("utf-8"), "html.parser")


@pytest.fixture(scope="session")
def site_address():
    """Serve the site on a free port of loopback while the tests run."""
    assert (SITE / "index.html").exists(), "The site is not built; run `make book` first."
    with serve.server("0") as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    path = browser.chromium()
    assert path, "No Chromium was found; run `make test`, which sees to it."
    with sync_playwright() as playwright, browser.launch(playwright.chromium, path) as chromium:
        yield chromium


@pytest.fixture
def open_page(chromium, site_address):
    contexts = []

    def visit(name, **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{site_address}{name}.html")
        return page

    yield visit
    for context in contexts:
        context.close()


# Finds the parts of formulas that a browser draws where they do not belong. A box says where a
# part is drawn; of what is folded there is none.
MISDRAWN = """async () => {
    await document.fonts.ready;
    const box = one => one.getBoundingClientRect();
    // Chromium leaves room for the widest sign of the font, which therefore has none.
    const isTight = root => box(root).right - box(root.lastElementChild).right
        < 0.15 * parseFloat(getComputedStyle(root).fontSize);
    const ordered = (...parts) =>
        parts.every((one, i) => i == 0 || box(one).top >= box(parts[i - 1]).bottom - 1);
    const rules = {
        mfrac: (above, below) => ordered(above, below),
        msup: (base, raised) => box(raised).bottom < box(base).bottom,
        msub: (base, lowered) => box(lowered).top > box(base).top,
        msubsup: (base, lowered, raised) => box(lowered).top > box(raised).top,
        munderover: (base, under, over) => box(under).top > box(over).bottom - 1,
        msqrt: ({parentElement: root}) => isTight(root)
            && box(root.firstElementChild).left > box(root).left + 3,
        mtable: ordered,
    };
    const wrong = Object.entries(rules).flatMap(([name, holds]) =>
        [...document.querySelectorAll(`article ${name}`)].filter(
            one => one.getClientRects().length && !holds(...one.children)));
    const family = one => one.family.replaceAll('"', "");
    const font = [...document.fonts].find(one => family(one) == "STIX Two Math");
    const bare = document.querySelector("article math") && font?.status != "loaded";
    return [...wrong.map(one => one.outerHTML), ...(bare ? ["The font is not loaded."] : [])];
}"""


def go_to(page, name):
    """Return an interactive figure as a reader finds it, ready."""
    page.wait_for_selector(f".interactive-{name}[data-ready]")
    return page.locator(f".interactive-{name}")


def sentence(figure):
    """Return what an interactive figure says of its state."""
    return figure.locator("[role=status]").inner_text()
