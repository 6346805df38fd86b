"""Converts an answer of Conekta, or its absence, into the failure that an agent gets (conekta-api.md 2)."""

import math
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from conekta_mcp.catalog import Request
from conekta_mcp.errors import (
    Detail,
    Failure,
    ForeignRefusal,
    Outcome,
    RequestRefused,
    Unreachable,
    UnreadableAnswer,
)
from conekta_mcp.redaction import to_error_text
from conekta_mcp.settings import Settings

UNTRUSTED_CERTIFICATE = "conekta_mcp.errors.untrusted_certificate"
NO_ANSWER = "No answer from Conekta: "
SLOW = "it took longer than"
HTML_STARTS = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")
REFUSING_STATUSES = frozenset({401, 407, 411, 413, 414, 415, 417, 421, 426, 429, 431})
"""What says that a request was not let in, or not read. In nobody's words it is believed of a write once
reading shows nothing of it.

Any other refusal is believed in Conekta's own words only: a firewall also blocks what Conekta answered, and
a 402 stands for a decline, which leaves an order behind.
"""
DECLINED = 402
CONFLICT = 409
"""With an Idempotency-Key: an earlier request of the key exists, which may be under way or carried out."""
MAX_DETAILS = 10
MAX_RETRY_AFTER = 3600

TYPE_BY_STATUS = {
    400: "malformed_request_error",
    401: "authentication_error",
    402: "processing_error",
    403: "processing_error",
    404: "resource_not_found_error",
    409: "conflict_error",
    422: "parameter_validation_error",
    428: "precondition_required_error",
    429: "rate_limit_error",
}
"""The type of an answer that has none, by status; Conekta's list has no type for 429."""


def build_refusal(request: Request, status: int, headers: Mapping[str, str], body: object) -> Failure:
    """Return the failure for an error status, with any body."""
    # Imported here: the results are not needed to start.
    from conekta_mcp.results.declines import shows_decline

    envelope = body if isinstance(body, Mapping) else {}
    is_decline = request.writes and status == DECLINED and shows_decline(envelope.get("data"))
    created = _parse_created(envelope["data"]) if is_decline else {}
    known = bool(envelope)
    outcome = _derive_outcome(request, status, envelope, created)
    shared: dict[str, Any] = {
        "http_status": status,
        # A 429 was not carried out, so even a write can be repeated; a 5xx leaves that open.
        "retryable": (status == 429 and outcome != "unknown") or (status >= 500 and not request.writes),
        "retry_after_s": parse_retry_after(headers.get("retry-after")),
        "outcome": outcome,
        "refused_by_status": outcome == "unknown" and status in REFUSING_STATUSES,
    }
    kind = to_error_text(envelope.get("type")) or TYPE_BY_STATUS.get(
        status, "api_error" if status >= 500 else "http_error"
    )
    if not known:
        return UnreadableAnswer(type=kind, details=(_build_no_body_detail(status),), **shared)
    refusal = RequestRefused if _is_conektas_refusal(envelope) else ForeignRefusal
    return refusal(
        type=kind,
        details=_parse_details(envelope, status),
        log_id=to_error_text(envelope.get("log_id")),
        created=created,
        **shared,
    )


def build_unreadable(request: Request, status: int, content: bytes = b"") -> Failure:
    """Return the failure for a success whose body is not the list or object that was asked for."""
    detail = (
        _build_detail("html_answer", "A web page came instead of Conekta's answer.")
        if _is_html(content)
        else _build_detail(
            "unreadable_answer", f"Conekta answered {status} with something else than what was asked for."
        )
    )
    return UnreadableAnswer(
        type="unreadable_answer", details=(detail,), http_status=status, retryable=not request.writes,
        outcome=_get_lost_outcome(request),
    )  # fmt: skip


def build_unreachable(request: Request, what: str, *, sent: bool, cause: Detail | None = None) -> Failure:
    """Return the failure for a missing answer; `sent` means that Conekta may have got the request."""
    outcome = _get_lost_outcome(request) if sent else _get_not_applied_outcome(request)
    detail = cause if cause and not sent else _build_detail("no_answer", f"No answer from Conekta: {what}.")
    # A retry would see the same certificate.
    retryable = outcome != "unknown" and detail.code != UNTRUSTED_CERTIFICATE
    return Unreachable(type="connection_error", details=(detail,), retryable=retryable, outcome=outcome)


def find_cause(failure: BaseException, settings: Settings) -> Detail | None:
    """Return why no connection was made, because each cause is fixed differently; None if not known."""
    chain = list(_list_causes(failure))
    host, proxied = urlsplit(settings.base_url).hostname, settings.proxy is not None
    where = "the proxy" if proxied else host
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return _build_detail(
            "untrusted_certificate",
            f"{NO_ANSWER}the certificate of {host} is not trusted.",
        )
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return _build_detail("tls_failed", f"{NO_ANSWER}{host} does not speak TLS as expected.")
    if any(type(one).__name__ == "ProxyError" for one in chain):
        return _build_detail("proxy_failed", f"{NO_ANSWER}the proxy did not pass the connection on.")
    if any(isinstance(one, socket.gaierror) for one in chain):
        return _build_detail("dns_failed", f"{NO_ANSWER}DNS knows no address of {where}.")
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        if proxied:
            return _build_detail("proxy_failed", f"{NO_ANSWER}the proxy refused the connection.")
        return _build_detail("connection_refused", f"{NO_ANSWER}{host} refused the connection.")
    return None


def parse_retry_after(header: str | None) -> int | None:
    """Return whole seconds, at most an hour; None for a date or an invalid value."""
    try:
        return max(0, min(MAX_RETRY_AFTER, math.ceil(float(header)))) if header else None
    except (ValueError, OverflowError):
        return None


def _parse_details(envelope: Mapping[str, Any], status: int) -> tuple[Detail, ...]:
    found = envelope.get("details")
    listed = [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
    flattened = [inner for item in listed for inner in _open_nested_details(item)][:MAX_DETAILS]
    told = [detail for detail in map(_parse_detail, flattened) if _has_text(detail)]
    return tuple(told) or (_parse_bare_envelope(envelope, status),)


def _has_text(detail: Detail) -> bool:
    return bool(detail.code or detail.message or detail.debug_message)


def _open_nested_details(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Flatten the older format with details inside a detail (conekta-api.md 2.1)."""
    nested = item.get("details")
    opened = [one for one in nested if isinstance(one, Mapping)] if isinstance(nested, list) else []
    return opened or [item]


def _parse_detail(item: Mapping[str, Any]) -> Detail:
    return Detail(
        code=to_error_text(item.get("code")),
        message=to_error_text(item.get("message") or item.get("message_to_purchaser")),
        debug_message=to_error_text(item.get("debug_message")),
        param=to_error_text(item.get("param")),
    )


def _parse_bare_envelope(envelope: Mapping[str, Any], status: int) -> Detail:
    text = to_error_text(envelope.get("message")) or to_error_text(envelope.get("message_to_purchaser"))
    return (
        Detail(code=to_error_text(envelope.get("code")), message=text)
        if text
        else _build_no_body_detail(status)
    )


def _build_no_body_detail(status: int) -> Detail:
    return _build_detail(f"http_{status}", f"Conekta answered {status} without an explanation.")


def _build_detail(code: str, message: str) -> Detail:
    return Detail(code=f"conekta_mcp.errors.{code}", message=message)


def _parse_created(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order that was created although the request was refused (conekta-api.md 2.1)."""
    named = {key: data.get(key) for key in ("object", "id", "payment_status", "amount", "currency")}
    shown = {key: to_error_text(value) if isinstance(value, str) else value for key, value in named.items()}
    return {key: value for key, value in shown.items() if isinstance(value, int | str)}


def _derive_outcome(
    request: Request, status: int, envelope: Mapping[str, Any], created: Mapping[str, Any]
) -> Outcome | None:
    # A declined card answers 402 and leaves its order behind: repeating the call would make a second one.
    if created:
        return "applied"
    # A redirect, a timeout or a failure of the server leaves open whether the write was applied.
    if status >= 500 or status in {408, 499} or status < 400:
        return _get_lost_outcome(request)
    data = envelope.get("data")
    if data and (status == DECLINED or (isinstance(data, Mapping) and data.get("id"))):
        # Something was made, and is not shown to be declined: it may have been paid.
        return _get_lost_outcome(request)
    if _is_conektas_refusal(envelope) and not _is_key_conflict(request, status, envelope):
        return _get_not_applied_outcome(request)
    return _get_lost_outcome(request)


def _is_key_conflict(request: Request, status: int, envelope: Mapping[str, Any]) -> bool:
    """Tell whether the key of a write is known already; the other conflict is of the API's version."""
    has_key = request.writes and request.idempotency_key is not None
    is_of_version = any("version" in (one.code or "") for one in _parse_details(envelope, status))
    return status == CONFLICT and has_key and not is_of_version


def _is_conektas_refusal(envelope: Mapping[str, Any]) -> bool:
    return envelope.get("object") == "error" or isinstance(envelope.get("details"), list)


def _get_lost_outcome(request: Request) -> Outcome | None:
    return "unknown" if request.writes else None


def _get_not_applied_outcome(request: Request) -> Outcome | None:
    return "not_applied" if request.writes else None


def _is_html(content: bytes) -> bool:
    """Tell whether an answer is an HTML page, as captive portals and firewalls send it."""
    return content.lstrip()[:20].lower().startswith(HTML_STARTS)


def _list_causes(cause: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and its causes; several failed addresses are an exception group."""
    seen: set[int] = set()
    waiting = [cause]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        waiting += getattr(one, "exceptions", ())
