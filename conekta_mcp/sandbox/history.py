"""The last API requests of an account, for the person testing."""

from conekta_mcp.sandbox.account import Account, Json
from conekta_mcp.sandbox.endpoints import Call, Endpoint
from conekta_mcp.sandbox.envelopes import limit_of
from conekta_mcp.sandbox.policies import REQUESTS_KEPT
from conekta_mcp.sandbox.redaction import redacted

KIND = "sandbox_request"


def remember(account: Account, entry: Json) -> None:
    """Add one request to the history, without card data."""
    kept = {name: redacted(value) for name, value in entry.items()}
    account.add(KIND, {**kept, "object": KIND, "id": entry["log_id"], "log_id": entry["log_id"]})
    account.keep_last(KIND, REQUESTS_KEPT)


def list_requests(call: Call) -> Json:
    """GET /_sandbox/requests: newest first."""
    newest_first = call.account.oldest_first(KIND)[::-1][: limit_of(call.query)]
    shown = [{name: entry[name] for name in entry if name != "id"} for entry in newest_first]
    return {"object": "list", "total": len(shown), "data": shown}


ENDPOINTS = (Endpoint("GET", "/_sandbox/requests", list_requests),)
