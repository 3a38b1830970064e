"""Refuse and record every connection that leaves this machine.

Python imports this module at its start in each process whose PYTHONPATH names this
folder: the tests themselves, the kernels and the builds that they start.
"""

import os
import sys

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
LOG = "BOOK_NETWORK_LOG"


def _refuse(host):
    with open(os.environ[LOG], "a") as log:
        log.write(f"{host} by {' '.join(sys.orig_argv)}\n")
    raise OSError(f"The network is switched off in tests; something asked for {host}.")


def _guard(event, arguments):
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host and not str(host).startswith(LOOPBACK):
        _refuse(host)


if LOG in os.environ:
    sys.addaudithook(_guard)
    # WITHOUT=fcntl hides a module from all tests, as on a system that has none.
    sys.modules.update(dict.fromkeys(os.environ.get("WITHOUT", "").split()))
