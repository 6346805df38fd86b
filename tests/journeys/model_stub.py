"""The API of a model on a port of this machine: it makes one call until it has an answer, and then ends."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_CALLS = 40


@dataclass
class ModelStub:
    """Answers requests as a model would that is told to try again later, and does."""

    tool: str
    arguments: Mapping[str, Any]
    url: str = ""
    seen: list[str] = field(default_factory=list)
    """All that it was ever sent."""

    def choose_answer(self, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str]:
        """Return a block of content, its one delta, and why the answer stops."""
        results = [
            json.dumps(part)
            for message in request["messages"]
            if isinstance(message["content"], list)
            for part in message["content"]
            if part.get("type") == "tool_result"
        ]
        waits = not results or "consent_pending" in results[-1]
        if waits and len(results) < MOST_CALLS and self.tool in {one["name"] for one in request["tools"]}:
            call = {"type": "tool_use", "id": f"toolu_{len(results)}", "name": self.tool, "input": {}}
            given = json.dumps(self.arguments)
            return call, {"type": "input_json_delta", "partial_json": given}, "tool_use"
        return {"type": "text", "text": ""}, {"type": "text_delta", "text": "Listo."}, "end_turn"

    def stream_answer(self, request: Mapping[str, Any]) -> bytes:
        block, delta, stop = self.choose_answer(request)
        message = {
            "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"], "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
        }  # fmt: skip
        events: list[dict[str, Any]] = [
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": block},
            {"type": "content_block_delta", "index": 0, "delta": delta},
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": stop, "stop_sequence": None},
                "usage": {"output_tokens": 1},
            },
            {"type": "message_stop"},
        ]
        return "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events).encode()


@contextmanager
def serve_model(tool: str, arguments: Mapping[str, Any]) -> Iterator[ModelStub]:
    """Serve a model that calls `tool` with `arguments`."""
    model = ModelStub(tool, arguments)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            model.seen.append(body)
            request = json.loads(body)
            if self.path.partition("?")[0] == "/v1/messages" and request.get("stream"):
                self.answer(200, "text/event-stream", model.stream_answer(request))
            else:
                self.answer(404, "application/json", b"{}")

        def do_GET(self) -> None:
            self.answer(404, "application/json", b"{}")

        def do_HEAD(self) -> None:
            self.answer(404, "application/json", b"")

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
            """Say nothing on stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        model.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield model
        finally:
            server.shutdown()
