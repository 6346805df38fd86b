"""Binds the port of an HTTP server before its address is printed."""

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

REASONS = {
    errno.EADDRINUSE: "it is in use; choose another one, or 0 for one that is free",
    errno.EACCES: "this user may not listen on it; choose one above 1023, or 0 for one that is free",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
}


@contextmanager
def hold_listeners(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Listen on each address of `host`, and close the sockets at the end; see `open_listeners`."""
    listeners = open_listeners(host, port)
    try:
        yield listeners
    finally:
        for one in listeners:
            one.close()


def open_listeners(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on each address of `host`; port 0 means any free port.

    Raises:
        OSError: with a sentence that says why.
    """
    place = f"{format_host(host)}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise OSError(f"--host {host}: no address of that name") from None
    opened: list[socket.socket] = []
    try:
        for family, _, _, _, address in dict.fromkeys(found):
            chosen = get_port(opened) if opened and port == 0 else port
            opened.append(_listen(family, (address[0], chosen, *address[2:])))
    except OSError as problem:
        for one in opened:
            one.close()
        reason = REASONS.get(problem.errno or 0, problem.strerror or type(problem).__name__)
        raise OSError(f"--port: cannot listen on {place}: {reason}") from None
    return opened


def get_port(listeners: Sequence[socket.socket]) -> int:
    port: int = listeners[0].getsockname()[1]
    return port


def format_host(host: str) -> str:
    """Return `host` in the form it has in an address."""
    return f"[{host}]" if ":" in host else host


def _listen(family: int, address: tuple[object, ...]) -> socket.socket:
    listener = socket.create_server(
        address,
        family=socket.AddressFamily(family),
        backlog=2048,
    )
    # asyncio does this only for sockets that name their protocol. Without it a caller waits some 40 ms for
    # the second part of each answer, until it has acknowledged the first; what is accepted inherits it.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
