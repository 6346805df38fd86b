"""Control routes of an account's clock and of its whole state."""

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.expiry import process_due_records
from conekta_mcp.sandbox.http.body_rules import Integer, Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.refusals.policies import MAX_TIMESTAMP


def read_clock(call: Call) -> Json:
    return {"object": "sandbox_clock", "now": call.account.now()}


def move_clock(call: Call) -> Json:
    """Move the clock forward by `advance_seconds` or to `now` (unix seconds), never back."""
    now = call.account.now()
    # A clock that is past the limit already may stay where it is.
    farthest = max(MAX_TIMESTAMP, now)
    moves = {"advance_seconds": Integer(0, farthest - now), "now": Integer(now, farthest)}
    check(Shape(optional=moves, closed=True), call.body)
    if len(call.body) != 1:
        raise Invalid(
            reasons.missing_param("advance_seconds") if not call.body else reasons.invalid_param("now")
        )
    call.account.advance_clock(call.body.get("advance_seconds", call.body.get("now", now) - now))
    process_due_records(call.account)
    return read_clock(call)


def reset_account(call: Call) -> Json:
    call.account.reset()
    return {"object": "sandbox_reset", "now": call.account.now()}


ENDPOINTS = (
    Endpoint("GET", "/_sandbox/clock", read_clock),
    Endpoint("POST", "/_sandbox/clock", move_clock),
    Endpoint("POST", "/_sandbox/reset", reset_account),
)
