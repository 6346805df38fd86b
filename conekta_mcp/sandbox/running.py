"""Serves the sandbox on a port; uvicorn is imported only when a server starts."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conekta_mcp.sandbox.app import create_sandbox
from conekta_mcp.sandbox.core.ledger import Ledger
from conekta_mcp.sandbox.latency import Latency, draw_nothing

if TYPE_CHECKING:
    import uvicorn

START_TIMEOUT = 10.0
SHUTDOWN_TIMEOUT = 1


@dataclass(frozen=True)
class RunningSandbox:
    url: str
    ledger: Ledger


def run_sandbox(ledger: Ledger, listeners: list[socket.socket], latency: Latency = draw_nothing) -> None:
    """Serve on listening sockets until interrupted."""
    # uvicorn raises the interrupt again after a graceful shutdown.
    with quiet_cut_logs(), suppress(KeyboardInterrupt):
        from uvicorn.config import LOGGING_CONFIG

        host, port, *_ = listeners[0].getsockname()
        server = _make_server(ledger, host, port, log_config=LOGGING_CONFIG, latency=latency)
        server.run(sockets=listeners)


@contextmanager
def serve_sandbox(
    ledger: Ledger | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[RunningSandbox]:
    """Serve from a thread, on a free port unless one is given; a ledger made here is closed here."""
    # Bound here, not by uvicorn, so that the port is known before the server starts.
    listener = socket.create_server((host, port))
    # asyncio does this only for sockets that name their protocol (asyncio.base_events._set_nodelay). Without
    # it a caller waits some 40 ms for the second part of each answer, until it has acknowledged the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    own = ledger or Ledger()
    # Without a log_config uvicorn leaves the logging of the surrounding program alone.
    server = _make_server(own, host, port, log_config=None)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    try:
        with quiet_cut_logs(), _run_in_thread(server, thread):
            _await_start(server, thread)
            yield RunningSandbox(f"http://{host}:{listener.getsockname()[1]}", own)
    finally:
        listener.close()
        if ledger is None:
            own.close()


@contextmanager
def _run_in_thread(server: "uvicorn.Server", thread: threading.Thread) -> Iterator[None]:
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def quiet_cut_logs() -> Iterator[None]:
    """Log a connection that is cut on purpose, or with the sandbox, as one line and not as a traceback."""
    logger = logging.getLogger("uvicorn.error")
    logger.addFilter(_drop_cut_traceback)
    try:
        yield
    finally:
        logger.removeFilter(_drop_cut_traceback)


def _drop_cut_traceback(record: logging.LogRecord) -> bool:
    from asyncio import CancelledError  # loaded by then, since it serves

    cause = record.exc_info[1] if record.exc_info else None
    if isinstance(cause, ConnectionResetError):
        record.exc_info, record.msg, record.args = None, str(cause), ()
    if isinstance(cause, CancelledError):
        record.exc_info, record.msg, record.args = None, "the sandbox ended before it answered a request", ()
    return True


def _make_server(
    ledger: Ledger,
    host: str,
    port: int,
    *,
    log_config: dict[str, Any] | None,
    latency: Latency = draw_nothing,
) -> "uvicorn.Server":
    import uvicorn

    config = uvicorn.Config(
        create_sandbox(ledger, latency=latency),
        host=host,
        port=port,
        log_config=log_config,
        # uvicorn does not know NO_COLOR (no-color.org); None: in colour on a terminal.
        use_colors=False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None,
        http="h11",
        date_header=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
    )
    return uvicorn.Server(config)


def _await_start(server: "uvicorn.Server", thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the sandbox did not start")
        time.sleep(0.01)
