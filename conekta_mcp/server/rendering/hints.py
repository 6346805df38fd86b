"""Chooses the next step after a failure: the tool's hints first, then those for all tools."""

from typing import Any

from conekta_mcp.catalog import Tool
from conekta_mcp.errors import Failure

HINTS_BY_CODE = {
    "authentication.missing_key": "Set CONEKTA_API_KEY, or over HTTP send Authorization: Bearer key_...",
    "authentication.unrecognized_key": "Conekta does not know this key: is it a private one, not revoked?",
    "invalid_whitelist_access": "This account lacks that service; the merchant can ask Conekta for it.",
    "resource_not_found.entity": "No such id for this key; search with a list tool. Test and live are apart.",
    "nonexistent_token": "Tokens live 10 minutes and work once; ask for a new one.",
    "incorrect_livemode_of_token": "Token and key differ in mode, test and live; use two of one mode.",
    "has_charge_paid": "The order is paid; it can no longer be changed or cancelled.",
    "has_charge": "The order already has a charge; read it with get_order.",
    "errors.dns_failed": "The operator checks the network's DNS, and CONEKTA_BASE_URL.",
    "errors.connection_refused": "The operator checks CONEKTA_BASE_URL, and firewalls on the way.",
    "errors.untrusted_certificate": (
        "Repeating does not help. Where a proxy inspects TLS, the operator names its CA with --ca-file."
    ),
    "errors.tls_failed": "The operator checks CONEKTA_BASE_URL, and proxies on the way.",
    "errors.proxy_failed": "The operator checks --proxy: its address, user and password.",
    "errors.html_answer": (
        "A proxy, a firewall or the sign-in page of a network answered: the operator opens that page in a "
        "browser."
    ),
    "parameter_validation.whitelist": "Conekta does not take this field here; leave it out.",
}

HINTS_BY_TYPE = {
    "connection_error": "Conekta could not be reached: check the network and CONEKTA_BASE_URL.",
    "rate_limit_error": "Too many requests: wait, then repeat the same call.",
}

APPLIED_HINT = (
    "{object} {id} exists (payment_status: {status}); it was not paid by this call. "
    "Do not create another: read it first."
)
REPEAT_HINT = (
    "Or repeat the same call with this idempotency_key, in two minutes: it is settled first, and made only "
    "if it was not applied."
)
UNKNOWN_OUTCOME_HINT = "Whether this was applied is not known. Do not repeat it before looking: {look}."


def find_hint(failure: Failure, tool: Tool[Any] | None) -> str | None:
    # Before any other hint: repeating a call that was applied would pay twice.
    if failure.outcome == "unknown" and tool is not None:
        look = UNKNOWN_OUTCOME_HINT.format(look=failure.look or tool.settled_by)
        return f"{look} {REPEAT_HINT}" if failure.idempotency_key else look
    known = failure.hint or _find_hint_by_code(failure, tool) or HINTS_BY_TYPE.get(failure.type)
    # Conekta keeps an order whose charge was declined (conekta-api.md 2.1); creating another would bill
    # twice.
    if failure.created:
        exists = APPLIED_HINT.format(
            object=failure.created.get("object", "order"),
            id=failure.created["id"],
            status=failure.created.get("payment_status", "none"),
        )
        return f"{exists} {known}" if known else exists
    if failure.retryable and not known:
        return "Safe to repeat."
    return known


def _find_hint_by_code(failure: Failure, tool: Tool[Any] | None) -> str | None:
    for detail in failure.details:
        for hints in (tool.hints if tool else {}, HINTS_BY_CODE):
            for ending, hint in hints.items():
                if detail.code and detail.code.endswith(ending):
                    return hint
    return None
