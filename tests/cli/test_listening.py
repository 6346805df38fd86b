"""The sockets that a server over HTTP listens on."""

import socket
from contextlib import closing

from conekta_mcp.cli.starting.listening import get_port, hold_listeners


def test_no_answer_waits_for_an_acknowledgement() -> None:
    with hold_listeners("127.0.0.1", 0) as listeners:
        [listener] = listeners
        with closing(socket.create_connection(("127.0.0.1", get_port(listeners)), 10)):
            taken, _ = listener.accept()
            with closing(taken):
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
