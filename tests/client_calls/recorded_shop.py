"""The sandbox on a port, which records every request."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.app import create_sandbox

MARK = re.compile(rb"mcp_[0-9a-f]{8,}")
BOUNDARY = re.compile(r"boundary=(\S+)")


class Recorder:
    """Wraps an app; `requests` holds method, target and body of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.requests: list[tuple[str, str, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, messages = b"", []
        while True:
            messages.append(await receive())
            body += messages[-1].get("body", b"")
            if not messages[-1].get("more_body"):
                break
        target = scope["raw_path"].decode() + "?" + scope["query_string"].decode()
        self.requests.append((scope["method"], target, _hide_what_is_drawn(scope, body)))
        unread = iter(messages)

        async def replay() -> Message:
            return next(unread, None) or await receive()

        await self._app(scope, replay, send)


def _hide_what_is_drawn(scope: Scope, body: bytes) -> bytes:
    """Leave out the mark of an intent and the boundary of a form, which are new for each call."""
    headers = dict(scope["headers"])
    if found := BOUNDARY.search(headers.get(b"content-type", b"").decode()):
        body = body.replace(found[1].encode(), b"boundary")
    return MARK.sub(b"mark", body)


@contextmanager
def serve_recorded_shop() -> Iterator[tuple[str, Recorder]]:
    ledger = Ledger()
    recorder = Recorder(create_sandbox(ledger))
    config = uvicorn.Config(recorder, log_config=None, http="h11", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the sandbox does
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", recorder
        finally:
            server.should_exit = True
            thread.join()
            ledger.close()
