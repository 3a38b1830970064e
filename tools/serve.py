"""Serve the built site on this machine alone: ``python -m tools.serve [PORT]``."""

import functools
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from tools.book import ROOT

SITE = ROOT / "_build" / "html"
USUAL_PORT = 8000


def server(port: str) -> ThreadingHTTPServer:
    """Return a server of the site on loopback, or end with one sentence that says why not."""
    if not port.isdecimal() or not 0 <= int(port) < 2**16:
        sys.exit(f"\nmake: PORT={port} is no port; give a number from 1 to 65535.")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=SITE)
    try:
        return ThreadingHTTPServer(("127.0.0.1", int(port)), handler)
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
