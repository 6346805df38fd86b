"""Responses: JSON answers, injected faults, and broken connections."""

import json
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.refusals import reasons

BODILESS_STATUSES = (204, 205, 304)


def make_json_response(status: int, body: Json | list[Json], headers: dict[str, str]) -> Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, headers, media_type="application/json")


def apply_fault(fault: Json, answer: Response, log_id: str) -> Response:
    if "cut" in fault:
        return CutConnection(answer if fault["cut"] == "during" else None)
    if "status" in fault or "body" in fault:
        return _make_replacement(fault, answer, log_id)
    answer.headers.update(fault.get("headers", {}))
    return answer


def has_replacement(fault: Json) -> bool:
    return "cut" in fault or "status" in fault or "body" in fault


def is_applied(fault: Json) -> bool:
    """Tell whether the request is carried out in spite of the fault."""
    if "cut" in fault:
        return bool(fault["cut"] != "before")
    return not has_replacement(fault) or bool(fault.get("apply", False))


class CutConnection(Response):
    """Drops the connection: without a byte, or in the middle of `answer`."""

    def __init__(self, answer: Response | None = None) -> None:
        super().__init__()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI
        if self._answer is not None:
            await _send_half(self._answer, send)
        elif transport := _find_transport(receive):
            transport.abort()
            # Returns when uvicorn has noticed that the connection is gone.
            await receive()
        # In process nothing can be cut: there the client's transport turns this into a broken connection.
        raise ConnectionResetError("the sandbox cut this connection as it was asked to")


async def _send_half(answer: Response, send: Send) -> None:
    body = bytes(answer.body)[: len(answer.body) // 2]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _find_transport(receive: Receive) -> Any:
    """Return uvicorn's connection, else None; uvicorn cannot hang up without an answer in any other way."""
    return getattr(getattr(receive, "__self__", None), "transport", None)


def _make_replacement(fault: Json, answer: Response, log_id: str) -> Response:
    status = fault.get("status", 200)
    if status in BODILESS_STATUSES:
        return Response(b"", status, fault.get("headers"))
    headers = {"Content-Type": "application/json", **fault.get("headers", {})}
    if "body" in fault:
        return Response(fault["body"], status, headers)
    detail = reasons.general_failure().to_json("es")
    body = {"details": [detail], "object": "error", "type": "api_error", "log_id": log_id}
    media = {"Conekta-Media-Type": answer.headers["Conekta-Media-Type"]}
    return make_json_response(status, body, {**media, **headers})
