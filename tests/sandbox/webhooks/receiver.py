"""A merchant's system: a real HTTP server on loopback that records requests and answers as it is set to."""

import base64
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

PATIENCE = 10


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def event(self) -> Any:
        return json.loads(self.content)

    def signed_by(self, public_key: str) -> bool:
        """Return whether Digest is an RSA-SHA256 signature (PKCS#1 v1.5) of the raw body by this key."""
        key = serialization.load_pem_public_key(public_key.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        signature = base64.b64decode(self.headers["Digest"], validate=True)
        try:
            key.verify(signature, self.content, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


@dataclass
class Receiver:
    """What came in, and what will be answered: statuses in turn, 200 when none is left."""

    url: str
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    inbox: "queue.Queue[Received]" = field(default_factory=queue.Queue)
    hold: threading.Event | None = None

    def next(self) -> Received:
        """Wait for the next request."""
        return self.inbox.get(timeout=PATIENCE)

    def types(self) -> list[str]:
        return [self.inbox.get_nowait().event["type"] for _ in range(self.inbox.qsize())]

    def answer(self) -> tuple[int, bytes]:
        return self.answers.pop(0) if self.answers else (200, b"")


@contextmanager
def receiving(scheme: str = "http", wrap: Any = None) -> Iterator[Receiver]:
    """Run a receiver on a free port; `wrap` turns its socket into a TLS one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.inbox.put(Received(self.path, dict(self.headers), content))
            if receiver.hold:
                receiver.hold.wait(PATIENCE)
            status, body = receiver.answer()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if wrap:
            server.socket = wrap(server.socket)
        receiver = Receiver(f"{scheme}://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            if receiver.hold:
                receiver.hold.set()
            server.shutdown()
            thread.join()
