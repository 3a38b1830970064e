"""Each page once in Firefox, which takes orders by WebDriver BiDi.

Playwright drives a Firefox of its own only. https://w3c.github.io/webdriver-bidi/
"""

import asyncio
import itertools
import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.site.conftest import MISDRAWN
from tests.site.test_pages import ALL_PAGES
from tools import browser

NUMBERS = itertools.count()
# Formulas that are drawn where they do not belong, and figures to play with that do not come.
WRONG = f"""({MISDRAWN})().then(formulas => JSON.stringify([
    ...formulas,
    ...[...document.querySelectorAll(".interactive:not([data-ready])")].map(one => one.className),
]))"""


async def ask(socket: WebSocketClientConnection, told: list[dict], method: str, **params) -> dict:
    """Give Firefox an order and return its answer; keep what it tells meanwhile."""
    number = next(NUMBERS)
    await socket.write_message(json.dumps(dict(id=number, method=method, params=params)))
    while (answer := json.loads(await socket.read_message())).get("id") != number:
        told.append(answer["params"])
    assert answer["type"] == "success", answer
    return answer["result"]


async def address_of(process: asyncio.subprocess.Process) -> str:
    """Return where Firefox listens, as it says among other things."""
    async for line in process.stderr:
        if match := re.search(rb"ws://[\d.:]+", line):
            return match[0].decode()
    raise AssertionError("Firefox does not start.")


async def problems_of_all(ask_it, told: list[dict], addresses: list[str]) -> list[list[str]]:
    """Return what is wrong with each page: what its scripts and its formulas tell."""
    await ask_it("session.new", capabilities={})
    await ask_it("session.subscribe", events=["log.entryAdded"])
    tab = (await ask_it("browsingContext.getTree"))["contexts"][0]["context"]
    problems = []
    for address in addresses:
        told.clear()
        await ask_it("browsingContext.navigate", context=tab, url=address, wait="complete")
        run = {"expression": WRONG, "awaitPromise": True}
        answer = await ask_it("script.evaluate", target={"context": tab}, **run)
        errors = [entry["text"] for entry in told if entry["level"] == "error"]
        problems.append(errors + json.loads(answer["result"]["value"]))
    await ask_it("browser.close")
    return problems


async def visit_all(addresses: list[str]) -> list[list[str]]:
    """Visit pages in a Firefox that has no history and no settings; return their problems."""
    told = []
    with tempfile.TemporaryDirectory() as profile:
        command = [browser.firefox(), "--headless", "--profile", profile]
        process = await asyncio.create_subprocess_exec(
            *command, "--remote-debugging-port", "0", stderr=asyncio.subprocess.PIPE
        )
        socket = await websocket_connect(f"{await address_of(process)}/session")
        problems = await problems_of_all(partial(ask, socket, told), told, addresses)
        socket.close()
        await process.communicate()
    return problems


@pytest.fixture(scope="module")
def problems(site_address):
    """Visit all pages in a thread, since Playwright keeps this one's event loop."""
    addresses = [site_address + page for page in ALL_PAGES]
    with ThreadPoolExecutor() as pool:
        found = pool.submit(lambda: asyncio.run(visit_all(addresses))).result()
    return dict(zip(ALL_PAGES, found, strict=True))


@pytest.mark.parametrize("page", ALL_PAGES)
def test_firefox_draws_each_page_its_formulas_and_figures(page, problems):
    assert problems[page] == []
