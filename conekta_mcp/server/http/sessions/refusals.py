"""Answers without a session: no room for another session, and errors of requests that opened none."""

import json
from http import HTTPStatus

from starlette.responses import JSONResponse
from starlette.types import Message, Send

from conekta_mcp.server.http.sessions.bounds import Bound, Refusal
from conekta_mcp.settings import Settings

SESSION_HEADER = "mcp-session-id"
RETRY_SECONDS = 30
JSONRPC_CODE = -32000
"""A code from the range that JSON-RPC leaves to servers."""

STATUSES: dict[Bound, HTTPStatus] = {
    "key": HTTPStatus.TOO_MANY_REQUESTS,
    "address": HTTPStatus.TOO_MANY_REQUESTS,
    "unproven": HTTPStatus.SERVICE_UNAVAILABLE,
    "all": HTTPStatus.SERVICE_UNAVAILABLE,
}
WHAT: dict[Bound, str] = {
    "key": "{most} sessions of this key are open, the most for one key (--max-sessions-per-key)",
    "address": "{most} sessions of this address are open, the most for one (--max-sessions-per-address)",
    "unproven": (
        "{most} sessions of keys that Conekta has not accepted yet are open, the most for this caller or "
        "for all together (--max-unproven-sessions). A key counts as accepted after its first successful "
        "call"
    ),
    "all": "{most} sessions are open, the most that this server allows (--max-sessions)",
}
WHAT_TO_DO = (
    "End sessions that are not used any more with DELETE and their Mcp-Session-Id, or try again in "
    "{retry} seconds; an unused session ends after {idle:g} minutes."
)


def build_refusal_response(refusal: Refusal, settings: Settings) -> JSONResponse:
    what = WHAT[refusal.bound].format(most=refusal.most)
    advice = WHAT_TO_DO.format(retry=RETRY_SECONDS, idle=settings.session_idle)
    return JSONResponse(
        build_error(f"No new session: {what}. {advice}"),
        status_code=STATUSES[refusal.bound],
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def write_busy_response(most: int) -> bytes:
    """Return a complete HTTP answer for a connection beyond the limit, whose request is not read."""
    text = f"{most} connections are open, the most that this server allows (--max-connections)"
    error = build_error(f"Not read: {text}. Try again in {RETRY_SECONDS} seconds.")
    body = json.dumps(error, separators=(",", ":")).encode()
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Retry-After: {RETRY_SECONDS}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def build_error(message: str) -> dict[str, object]:
    """Return a JSON-RPC error without an id, because the request was not read."""
    return {"jsonrpc": "2.0", "id": None, "error": {"code": JSONRPC_CODE, "message": message}}


async def send_without_session(send: Send, message: Message) -> None:
    """Send an answer without the session header that the SDK adds for a session it did not open."""
    if message["type"] == "http.response.start" and message["status"] >= 400:
        named = SESSION_HEADER.encode()
        kept = [(name, value) for name, value in message["headers"] if name.lower() != named]
        message = {**message, "headers": kept}
    await send(message)
