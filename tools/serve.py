"""Serve the built site on this machine alone: ``python -m tools.serve [PORT]``."""

import contextlib
import gzip
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools import editions

SITE = editions.site()
USUAL_PORT = 8000
COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml"}


class Handler(SimpleHTTPRequestHandler):
    """Serve files as GitHub Pages does: text compressed, 404.html for what is missing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        status, path = (200, path) if path.exists() else (404, SITE / "404.html")
        content = path.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix in COMPRESSED:
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(content)

    def log_message(self, *arguments) -> None:
        """Leave the terminal to the address."""


def server(port: str) -> ThreadingHTTPServer:
    """Return a server of the site on loopback, or end with one sentence that says why not."""
    if not port.isdecimal() or not 0 <= int(port) < 2**16:
        sys.exit(f"\nmake: PORT={port} is no port; give a number from 1 to 65535.")
    try:
        return ThreadingHTTPServer(("127.0.0.1", int(port)), partial(Handler, directory=SITE))
    except OSError as error:
        sys.exit(
            f"\nmake: Nothing can be served at port {port} ({error.strerror}); choose another "
            f"one, such as: make serve PORT={int(port) % 60000 + 1001}"
        )


def main() -> None:
    with server(sys.argv[1] if len(sys.argv) > 1 else str(USUAL_PORT)) as site:
        print(f"The site is served at http://127.0.0.1:{site.server_port}; Ctrl-C ends it.")
        try:
            site.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
