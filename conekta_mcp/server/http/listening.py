"""uvicorn with limits: number of connections, and time for a request to arrive or an answer to be read."""

import asyncio
import logging
from importlib import import_module
from typing import Any, cast

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from conekta_mcp.server.http.connections import Connections
from conekta_mcp.server.http.garbage import TimedCollection
from conekta_mcp.server.http.sessions.refusals import write_busy_response
from conekta_mcp.settings import Settings

FILES_OF_OUR_OWN = 200
"""Open files other than connections: store, logs, libraries."""
TICKS_PER_SWEEP = 5
"""uvicorn ticks ten times a second."""
IDLE_SECONDS = 75
"""How long a connection stays open between requests. Load balancers and proxies keep theirs for 60 seconds:
with less than theirs, a request that they send at that moment would meet a closed connection."""

log = logging.getLogger(__name__)


class BoundedProtocol(H11Protocol):
    """One connection, with a time limit while a request is incomplete or an answer is not read."""

    def __init__(self, *, connections: Connections, **given: Any) -> None:
        super().__init__(**given)
        self._all = connections
        self._state: object = None
        self._has_asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        if self._all.add(self):
            self._note_state()
        else:
            self.transport.write(write_busy_response(self._all.most))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._all.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._all.end_idling(self)
        super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        self._note_state()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._all.start_waiting(self)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._all.stop_waiting(self)
        self._state = None
        self._note_state()

    def shutdown(self) -> None:
        """Close at once at the end of the process, instead of waiting for half a request."""
        if self.conn.their_state is h11.SEND_BODY:
            self.close_late()
        else:
            super().shutdown()

    def close_late(self) -> None:
        # A client that takes no answer would not let close() finish.
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def _note_state(self) -> None:
        """Restart the time limit at each new state: head and body have one each.

        h11 calls a client idle before its first request, while a head is under way, and between requests.
        """
        state = self.conn.their_state
        if state is self._state:
            return
        self._state = state
        if state is h11.IDLE and self._has_asked:
            self._all.start_idling(self)
        elif state in (h11.IDLE, h11.SEND_BODY):
            self._all.start_waiting(self)
        else:
            self._all.stop_waiting(self)
        self._has_asked |= state is not h11.IDLE


LOCAL_PROXIES = ("127.0.0.1", "::1")
"""Whose X-Forwarded-For names the caller: a proxy on this machine."""


class BoundedServer(uvicorn.Server):
    """Closes late connections and collects garbage regularly."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self._all, self._garbage = connections, TimedCollection()

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_PER_SWEEP == 0:
            self._all.close_late_ones()
            self._garbage.collect_if_due()
        return await super().on_tick(counter)


def create_bounded_server(
    app: Starlette, settings: Settings, connections: Connections | None = None
) -> BoundedServer:
    most = raise_open_files(settings.max_connections)
    bounds = connections or Connections(most, settings.request_timeout)

    class Protocol(BoundedProtocol):
        def __init__(self, **given: Any) -> None:
            super().__init__(connections=bounds, **given)

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=Protocol,
        ws="none",
        # Logging is set up already, with redaction; uvicorn's own would bypass it.
        log_config=None,
        access_log=False,
        # Named, because platforms set FORWARDED_ALLOW_IPS to *: then anybody could choose their own address.
        forwarded_allow_ips=list(LOCAL_PROXIES),
        timeout_keep_alive=IDLE_SECONDS,
        # In seconds: an open SSE stream would keep the process from ending.
        timeout_graceful_shutdown=5,
    )
    return BoundedServer(config, bounds)


def raise_open_files(connections: int) -> int:
    """Raise the limit of open files for `connections`; return how many can be served.

    Each call needs two files: the connection of its client and one to Conekta.
    """
    try:
        resource: Any = import_module("resource")
    except ImportError:  # Windows, which has no such limit
        return connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * connections + FILES_OF_OUR_OWN
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    served: int = max(1, (soft - FILES_OF_OUR_OWN) // 2)
    log.warning("at most %d connections: the system allows %d open files (ulimit -n)", served, soft)
    return served
