"""The site on this machine: served on loopback, at a port that is free."""

import socket

import pytest

from tools import serve


def test_the_site_is_served_on_this_machine_alone():
    with serve.server("0") as site:
        assert site.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_one_sentence_with_another():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"at port {port} .* make serve PORT=\d+$"):
            serve.server(str(port))


@pytest.mark.parametrize("port", ["-1", "eight", "65536", "80.5"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(SystemExit, match="give a number from 1 to 65535"):
        serve.server(port)
