"""Each page once in Firefox, which takes orders by WebDriver BiDi.

Playwright drives a Firefox of its own only. https://w3c.github.io/webdriver-bidi/
"""

import asyncio
import io
import itertools
import json
import re
import tempfile
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.site.conftest import MISDRAWN
from tests.site.test_pages import ALL_PAGES
from tools import browser

LARGEST_PICTURE = 2**28


class Firefox:
    """A Firefox at the other end of a socket, with one tab, and what it told unasked."""

    def __init__(self, socket: WebSocketClientConnection):
        self.socket = socket
        self.told: list[dict] = []
        self.numbers = itertools.count()

    async def ask(self, method: str, **params) -> dict:
        number = next(self.numbers)
        await self.socket.write_message(json.dumps(dict(id=number, method=method, params=params)))
        while (answer := json.loads(await self.socket.read_message())).get("id") != number:
            self.told.append(answer["params"])
        assert answer["type"] == "success", answer
        return answer["result"]

    async def begin(self) -> None:
        await self.ask("session.new", capabilities={})
        await self.ask("session.subscribe", events=["log.entryAdded"])
        tree = await self.ask("browsingContext.getTree")
        self.tab = tree["contexts"][0]["context"]

    async def problems(self, address: str) -> list[str]:
        """Return what is wrong with a page: what its scripts, its formulas and its picture tell."""
        self.told.clear()
        await self.ask("browsingContext.navigate", context=self.tab, url=address, wait="complete")
        expression = f"({MISDRAWN})().then(JSON.stringify)"
        answer = await self.ask(
            "script.evaluate",
            expression=expression,
            target={"context": self.tab},
            awaitPromise=True,
        )
        picture = await self.ask("browsingContext.captureScreenshot", context=self.tab)
        shades = Image.open(io.BytesIO(b64decode(picture["data"]))).convert("L").getextrema()
        blank = [] if shades[1] - shades[0] > 100 else ["The page is blank."]
        errors = [entry["text"] for entry in self.told if entry["level"] == "error"]
        return errors + json.loads(answer["result"]["value"]) + blank


async def address_of(process: asyncio.subprocess.Process) -> str:
    """Return where Firefox listens, as it says among other things."""
    async for line in process.stderr:
        if match := re.search(rb"ws://[\d.:]+", line):
            return match[0].decode()
    raise AssertionError("Firefox does not start.")


async def visit_all(addresses: list[str]) -> list[list[str]]:
    """Return the problems of each page, in a Firefox that has no history and no settings."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser.firefox(), "--headless", "--profile", profile]
        process = await asyncio.create_subprocess_exec(
            *command, "--remote-debugging-port", "0", stderr=asyncio.subprocess.PIPE
        )
        socket = await websocket_connect(
            f"{await address_of(process)}/session", max_message_size=LARGEST_PICTURE
        )
        firefox = Firefox(socket)
        await firefox.begin()
        problems = [await firefox.problems(address) for address in addresses]
        await firefox.ask("browser.close")
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
def test_firefox_draws_each_page_and_its_formulas(page, problems):
    assert problems[page] == []
