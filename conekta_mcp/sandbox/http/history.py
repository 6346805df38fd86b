"""The latest API requests of an account, for the tester and for /logs."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.redaction import redact
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import parse_limit
from conekta_mcp.sandbox.refusals.policies import MAX_KEPT_REQUESTS

KIND = "sandbox_request"


def record_request(account: Account, entry: Json, log: Json | None) -> None:
    """Store a request without card data, and its log unless it never reached Conekta."""
    kept = {name: redact(value) for name, value in entry.items()}
    request = {**kept, "object": KIND, "log_id": entry["log_id"]}
    account.add(KIND, {"id": entry["log_id"], "request": request, "log": log})
    account.keep_last(KIND, MAX_KEPT_REQUESTS)


def list_logs(account: Account) -> list[Json]:
    kept = account.list_records(KIND)[::-1]
    return [entry["log"] for entry in kept if entry["log"] is not None]


def find_log(account: Account, log_id: str) -> Json | None:
    entry = account.find(KIND, log_id)
    return entry["log"] if entry else None


def list_requests(call: Call) -> Json:
    newest_first = call.account.list_records(KIND)[::-1][: parse_limit(call.query)]
    shown = [entry["request"] for entry in newest_first]
    return {"object": "list", "total": len(shown), "data": shown}


ENDPOINTS = (Endpoint("GET", "/_sandbox/requests", list_requests),)
