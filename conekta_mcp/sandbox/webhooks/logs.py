"""/logs: requests to the API and their answers (conekta-api.md 4.10).

A log shows what Conekta did: when a fault hides the answer from the caller, it has the true one; a request
cut off before it arrived has none. Bodies of /logs themselves are not kept, or each would hold all others.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.redaction import mask_headers, redact
from conekta_mcp.sandbox.http import history, payloads
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound, Refusal
from conekta_mcp.sandbox.refusals.policies import DEFAULT_VERSION, MAX_LOGGED_BYTES

LOGS_PATH = "/logs"


@dataclass(frozen=True)
class Exchange:
    """One request with its content and its answer; `moment` is in unix seconds."""

    request: Request
    content: bytes
    answer: Response
    moment: int

    def to_log(self, log_id: str) -> Json:
        answered = self._parse_answer()
        subject = _find_subject(answered)
        return {
            "id": log_id,
            "created_at": self.moment,
            "updated_at": datetime.fromtimestamp(self.moment, UTC).isoformat(timespec="milliseconds"),
            "livemode": False,
            "method": self.request.method,
            "url": redact(self.request.url.path),
            "query_string": redact(dict(self.request.query_params)),
            "status": str(self.answer.status_code),
            "version": self._parse_version(),
            "ip_address": _get_ip_address(self.request),
            "request_headers": mask_headers(dict(self.request.headers)),
            "request_body": redact(_parse_object(self.content)),
            "response_headers": mask_headers(dict(self.answer.headers)),
            "response_body": redact(answered),
            "loggable_type": subject.get("object"),
            "loggable_id": subject.get("id"),
            "searchable_tags": [subject["id"]] if subject else [],
            "oauth_token_id": None,
            "user_account_id": None,
        }

    def _parse_version(self) -> str:
        media_type = self.answer.headers.get("Conekta-Media-Type", f"conekta-v{DEFAULT_VERSION}")
        return media_type.removeprefix("conekta-v").partition(";")[0]

    def _parse_answer(self) -> Json:
        if self.request.url.path.startswith(LOGS_PATH) or len(self.answer.body) > MAX_LOGGED_BYTES:
            return {}
        return _parse_object(bytes(self.answer.body))


def list_logs(call: Call) -> Json:
    search = call.query.get("search", "")
    return paginate(call, history.list_logs(call.account), lambda log: has_match(search, _list_texts(log)))


def get_log(call: Call) -> Json:
    log = history.find_log(call.account, call.path["id"])
    if log is None:
        raise NotFound(reasons.entity_not_found("Log", call.path["id"]))
    return log


def _list_texts(log: Json) -> list[str]:
    return [log["id"], log["url"], log["method"], log["status"], *log["searchable_tags"]]


def _find_subject(answered: Json) -> Json:
    """Return what the answer is about: an object, or the order that a declined card left behind."""
    thing = answered.get("data") if answered.get("object") == "error" else answered
    if isinstance(thing, Mapping) and isinstance(thing.get("id"), str):
        return {"object": thing.get("object"), "id": thing["id"]}
    return {}


def _parse_object(content: bytes) -> Json:
    try:
        return payloads.read_object(content)
    except Refusal:
        return {}


def _get_ip_address(request: Request) -> str:
    host = request.client.host if request.client else ""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        # A client in this process may have a name in place of an address.
        return "127.0.0.1"


ENDPOINTS = (
    Endpoint("GET", LOGS_PATH, list_logs),
    Endpoint("GET", "/logs/{id}", get_log),
)
