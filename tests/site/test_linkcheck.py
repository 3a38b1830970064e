"""The check of links tells what answers from what does not, and stops nothing."""

import http.server
import threading
import time

import pytest

from tools.site import linkcheck
from tools.site.linkcheck import Answer

SLOW_S = 1.0


class Server(http.server.BaseHTTPRequestHandler):
    """A site on loopback with a page for each thing that can come of asking."""

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(SLOW_S)
        status = {"/gone": 404, "/moved": 301, "/found": 302, "/guarded": 403, "/loop": 302}
        self.send_response(status.get(self.path, 200))
        target = {"/moved": "/fine", "/found": "/fine", "/loop": "/loop"}
        if self.path in target:
            self.send_header("Location", target[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Keep the access log out of the test's output."""


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(linkcheck, "TIMEOUT_S", 0.5)


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/fine", "fine", ""),
        ("/found", "fine", ""),
        ("/gone", "broken", "answers 404"),
        ("/moved", "moved", "has moved to http://127.0.0.1"),
        ("/guarded", "guarded", "answers 403 to programs"),
        ("/loop", "broken", "redirects"),
        ("/slow", "silent", "no answer within 0.5 s"),
    ],
)
def test_what_a_server_answers_is_told(server, path, kind, says):
    answer = linkcheck.ask(server + path)
    assert answer.kind == kind
    assert says in answer.says


def test_a_host_that_is_not_there_is_told():
    # Port 9 of loopback discards what it gets, where anything listens at all.
    assert linkcheck.ask("http://127.0.0.1:9/").kind == "unreachable"


def write(site, name, *hrefs):
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f'<a href="{href}">text</a>' for href in hrefs))


def test_links_to_other_sites_are_collected_with_their_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(linkcheck, "site_address", lambda: "https://own.example/")
    write(tmp_path, "index.html", "https://a.example/#part", "chapters/one.html", "#top")
    write(tmp_path, "chapters/one.html", "https://a.example/", "https://own.example/x", "mailto:x")
    write(tmp_path, "_static/notes.html", "https://b.example/")
    assert linkcheck.links(tmp_path) == {"https://a.example/": ["chapters/one.html", "index.html"]}


def test_the_report_names_link_reason_and_pages():
    answers = [Answer("http://a", "fine"), Answer("http://b", "broken", "answers 404 Not Found")]
    text = linkcheck.report(answers, {"http://a": ["x.html"], "http://b": ["y.html", "z.html"]})
    assert text.splitlines() == [
        "http://b answers 404 Not Found (in y.html, z.html)",
        "2 links: 1 broken, 1 fine.",
    ]


def test_a_network_that_is_off_is_called_so():
    answers = [Answer("http://a", "unreachable", "x"), Answer("http://b", "silent", "y")]
    assert linkcheck.report(answers, {}).startswith("The network seems to be off: none of 2 links")


def test_broken_links_stop_nothing(tmp_path, monkeypatch, capsys, server):
    write(tmp_path, "index.html", f"{server}/gone", f"{server}/fine")
    monkeypatch.setattr(linkcheck, "SITE", tmp_path)
    linkcheck.main()
    assert f"{server}/gone answers 404" in capsys.readouterr().out


def test_without_a_site_it_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(linkcheck, "SITE", tmp_path)
    linkcheck.main()
    assert "run `make book` first" in capsys.readouterr().out
