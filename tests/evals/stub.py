"""A model's endpoint on loopback that answers as it is told, in the words of both kinds."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Protocol

Kind = Literal["openai", "anthropic"]
Json = dict[str, Any]
PATHS = {"openai": "/v1/chat/completions", "anthropic": "/v1/messages"}


@dataclass(frozen=True)
class Told:
    """One answer: a text, calls of tools (arguments as an object, or as the text of something else)."""

    text: str = ""
    calls: tuple[tuple[str, Any], ...] = ()
    ending: Literal["answered", "refused", "cut off"] = "answered"
    status: int = 200
    raw: str | None = None
    """The body as it is, whatever it is."""


class Writer(Protocol):
    def __call__(self, told: Told, number: int) -> Json: ...


def write_openai(told: Told, number: int) -> Json:
    calls = [
        {
            "id": f"call_{number}_{place}",
            "type": "function",
            "function": {"name": tool, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for place, (tool, given) in enumerate(told.calls)
    ]
    message: Json = {"role": "assistant", "content": told.text or None}
    if told.ending == "refused":
        message.update(content=None, refusal=told.text)
    if calls:
        message["tool_calls"] = calls
    reason = {"cut off": "length"}.get(told.ending, "tool_calls" if calls else "stop")
    return {
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }


def write_anthropic(told: Told, number: int) -> Json:
    blocks: list[Json] = [{"type": "text", "text": told.text}] if told.text else []
    blocks += [
        {"type": "tool_use", "id": f"call_{number}_{place}", "name": tool, "input": given}
        for place, (tool, given) in enumerate(told.calls)
    ]
    reason = {"refused": "refusal", "cut off": "max_tokens"}.get(
        told.ending, "tool_use" if told.calls else "end_turn"
    )
    usage = {"input_tokens": 60, "cache_read_input_tokens": 40, "output_tokens": 10}
    return {"type": "message", "role": "assistant", "content": blocks, "stop_reason": reason, "usage": usage}


WRITERS: dict[str, Writer] = {"openai": write_openai, "anthropic": write_anthropic}


@dataclass
class Stub:
    """The last answer is given again and again."""

    kind: Kind
    answers: list[Told]
    url: str = ""
    requests: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str, body: Json) -> tuple[int, str]:
        assert path == PATHS[self.kind]
        number = len(self.requests)
        self.requests.append(body)
        told = self.answers[min(number, len(self.answers) - 1)]
        content = told.raw if told.raw is not None else json.dumps(WRITERS[self.kind](told, number))
        return told.status, content

    @property
    def base_url(self) -> str:
        return self.url + ("/v1" if self.kind == "openai" else "")


@contextmanager
def serve_stub(kind: Kind, *answers: Told) -> Iterator[Stub]:
    stub = Stub(kind, list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            stub.headers.append({name.lower(): value for name, value in self.headers.items()})
            status, content = stub.answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stub.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()
