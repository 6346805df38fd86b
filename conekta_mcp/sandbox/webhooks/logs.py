"""/logs: what was asked of the API and what it said (conekta-api.md 4.10).

A log tells what Conekta did: when a fault hides the answer from the caller, it has the true one; a request
cut off before it arrived has none. Bodies of /logs themselves are not kept, or each would hold all others.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.redaction import masked, redacted
from conekta_mcp.sandbox.http import history, payloads
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import page
from conekta_mcp.sandbox.http.searches import mentions
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound, Refusal
from conekta_mcp.sandbox.refusals.policies import DEFAULT_VERSION, LOGGED_BODY

PATH = "/logs"


@dataclass(frozen=True)
class Exchange:
    """One request with its content, and what was answered, `moment` in unix seconds."""

    request: Request
    content: bytes
    answer: Response
    moment: int

    def log(self, log_id: str) -> Json:
        """The log as Conekta serves it, with its nulls."""
        answered = self._answered()
        subject = _subject(answered)
        return {
            "id": log_id,
            "created_at": self.moment,
            "updated_at": datetime.fromtimestamp(self.moment, UTC).isoformat(timespec="milliseconds"),
            "livemode": False,
            "method": self.request.method,
            "url": redacted(self.request.url.path),
            "query_string": redacted(dict(self.request.query_params)),
            "status": str(self.answer.status_code),
            "version": self._version(),
            "ip_address": _ip_address(self.request),
            "request_headers": masked(dict(self.request.headers)),
            "request_body": redacted(_object(self.content)),
            "response_headers": masked(dict(self.answer.headers)),
            "response_body": redacted(answered),
            "loggable_type": subject.get("object"),
            "loggable_id": subject.get("id"),
            "searchable_tags": [subject["id"]] if subject else [],
            "oauth_token_id": None,
            "user_account_id": None,
        }

    def _version(self) -> str:
        media_type = self.answer.headers.get("Conekta-Media-Type", f"conekta-v{DEFAULT_VERSION}")
        return media_type.removeprefix("conekta-v").partition(";")[0]

    def _answered(self) -> Json:
        if self.request.url.path.startswith(PATH) or len(self.answer.body) > LOGGED_BODY:
            return {}
        return _object(bytes(self.answer.body))


def list_logs(call: Call) -> Json:
    """GET /logs: newest first; `search` finds ids, addresses, methods and statuses."""
    search = call.query.get("search", "")
    return page(call, history.logs_of(call.account), lambda log: mentions(search, _searched(log)))


def get_log(call: Call) -> Json:
    """GET /logs/{id}."""
    log = history.log_of(call.account, call.path["id"])
    if log is None:
        raise NotFound(reasons.entity_not_found("Log", call.path["id"]))
    return log


def _searched(log: Json) -> list[str]:
    return [log["id"], log["url"], log["method"], log["status"], *log["searchable_tags"]]


def _subject(answered: Json) -> Json:
    """What the answer is about: an object, or the order that a declined card left behind."""
    thing = answered.get("data") if answered.get("object") == "error" else answered
    if isinstance(thing, Mapping) and isinstance(thing.get("id"), str):
        return {"object": thing.get("object"), "id": thing["id"]}
    return {}


def _object(content: bytes) -> Json:
    try:
        return payloads.read_object(content)
    except Refusal:
        return {}


def _ip_address(request: Request) -> str:
    host = request.client.host if request.client else ""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return "127.0.0.1"


ENDPOINTS = (
    Endpoint("GET", PATH, list_logs),
    Endpoint("GET", "/logs/{id}", get_log),
)
