"""A server for one test, and a book of its own to keep what it serves."""

import hashlib
import shlex
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = "circles_data.hf5"
GOOD = bytes(range(256)) * 4096
OLD = b"the file that was there before"
BOOK = b"the book's own file"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Server(ThreadingHTTPServer):
    """Answers each path with its answers in turn, the last of them for ever."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.answers = {}
        self.requested = []

    def serve(self, *answers, path=f"/{NAME}"):
        self.answers[path] = list(answers)
        return self.url + path


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requested.append(self.path)
        answers = self.server.answers.get(self.path, [status(404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self)

    def log_message(self, *_):
        """Keep the tests' output clean."""


def whole(content, n_sent=None):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:n_sent])

    return answer


def truncated(content):
    return whole(content, n_sent=len(content) // 2)


def halting(content, is_halfway, may_go_on):
    """Send half of the content, and the rest when told so."""

    def answer(handler):
        truncated(content)(handler)
        handler.wfile.flush()
        is_halfway.set()
        if may_go_on.wait(timeout=30):
            handler.wfile.write(content[len(content) // 2 :])

    return answer


def status(code):
    return lambda handler: handler.send_error(code)


def redirect(address):
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


class Folders:
    """A book of its own for each test: checkout, packaged data and cache."""

    def __init__(self, top):
        self.checkout = top / "book" / "data"
        self.packaged = top / "book" / "helpers" / "_data"
        self.cache = top / "cache"
        for folder in (self.checkout, self.packaged, self.cache):
            folder.mkdir(parents=True)
        self.register({NAME: BOOK})

    def register(self, files):
        lines = [f"{shlex.quote(name)} {sha256(content)}\n" for name, content in files.items()]
        (self.checkout / "registry.txt").write_text("# SHA-256\n" + "".join(lines))


def names_in(folder):
    """Return the files in a folder, without the notes of where they came from."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".url")
