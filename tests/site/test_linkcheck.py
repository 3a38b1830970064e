"""The check of links tells those that need a look from the others, as Sphinx reports them."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import book
from tools.site.linkcheck import needs_a_look, report

STATUS = {"/fine": 200, "/found": 302, "/moved": 301, "/gone": 404, "/guarded": 403, "/loop": 302}
LEADS_TO = {"/found": "/fine", "/moved": "/fine", "/loop": "/loop"}
# Port 9 of loopback discards what it gets, where anything listens at all.
NOWHERE = "http://127.0.0.1:9/nowhere"


class Server(BaseHTTPRequestHandler):
    """A site on loopback with a page for each thing that can come of asking."""

    def do_GET(self):
        self.send_response(STATUS[self.path])
        if self.path in LEADS_TO:
            self.send_header("Location", LEADS_TO[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *arguments):
        """Keep the access log out of the test's output."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Return what Sphinx, with the book's settings, finds of links on a page."""
    folder = tmp_path_factory.mktemp("links")
    settings = book.configuration()["sphinx"]["config"].items()
    lines = [f"{name} = {value!r}" for name, value in settings if name.startswith("linkcheck")]
    (folder / "conf.py").write_text("\n".join(lines))
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        links = [f"http://127.0.0.1:{server.server_port}{path}" for path in STATUS]
        (folder / "index.rst").write_text("\n".join(["Links", "=====", *links, NOWHERE]))
        asking = [sys.executable, "-m", "sphinx", "-Q", "-b", "linkcheck", folder, folder / "out"]
        subprocess.run(asking, check=False)
        server.shutdown()
    return [json.loads(line) for line in (folder / "out/output.json").read_text().splitlines()]


def ends(answers):
    return {answer["uri"].rsplit("/", 1)[1] for answer in answers}


def test_what_is_gone_or_has_moved_needs_a_look(answers):
    assert len(answers) == len(STATUS) + 1
    assert ends(filter(needs_a_look, answers)) == {"gone", "moved", "loop", "nowhere"}


def test_the_report_names_page_line_and_reason(answers):
    *lines, summary = report(answers).splitlines()
    assert any(line.startswith("index.rst:") and "404 Client Error" in line for line in lines)
    assert summary == "7 links, of which 4 need a look."


def test_a_network_that_is_off_is_called_so(answers):
    off = [answer for answer in answers if answer["uri"] == NOWHERE]
    assert report(off).startswith("The network seems to be off: none of 1 links")
