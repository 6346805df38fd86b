"""Faults on demand: the next matching requests fail in a chosen way."""

import re
from collections.abc import Iterator

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import (
    Choice,
    Integer,
    Shape,
    Text,
    check,
    validate_boolean,
    validate_mapping,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import wrap_list
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid

KIND = "sandbox_fault"
MAX_DELAY = 600
FAULT_TIMES = ("before", "after")
"""When a fault waits or cuts: before or after the request is applied."""

HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
# Setting these would break the framing of the response, not its content.
FRAMING_HEADERS = frozenset({"content-length", "transfer-encoding", "connection"})


def _validate_delay(value: object, param: str) -> Iterator[Detail]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield reasons.invalid_datatype(param)
    elif not 0 <= value <= MAX_DELAY:
        yield reasons.invalid_param(param)


def _validate_headers(value: object, param: str) -> Iterator[Detail]:
    yield from validate_mapping(value, param)
    if isinstance(value, dict):
        for name, text in value.items():
            if not isinstance(text, str):
                yield reasons.invalid_datatype(f"{param}.{name}")
            elif not _is_harmless(name, text):
                yield reasons.invalid_param(f"{param}.{name}")


def _is_harmless(name: str, text: str) -> bool:
    if name.lower() in FRAMING_HEADERS:
        return False
    return bool(HEADER_NAME.fullmatch(name) and HEADER_VALUE.fullmatch(text))


FAULT = Shape(
    optional={
        "count": Integer(1, 10_000),
        "status": Integer(200, 599),
        "headers": _validate_headers,
        "body": Text(at_least=0),
        "delay_seconds": _validate_delay,
        "delay": Choice(FAULT_TIMES),
        "cut": Choice((*FAULT_TIMES, "during")),
        "apply": validate_boolean,
        "method": Choice(("GET", "POST", "PUT", "DELETE", "PATCH")),
        "path_prefix": Text(pattern="^/"),
    },
    closed=True,
)
EFFECT_FIELDS = ("status", "headers", "body", "delay_seconds", "cut")


def create_fault(call: Call) -> Json:
    check(FAULT, call.body)
    if not any(effect in call.body for effect in EFFECT_FIELDS):
        raise Invalid(reasons.missing_param("status"))
    fault = {"object": KIND, "id": call.account.make_id("fault_"), "count": 1, **call.body}
    call.account.add(KIND, fault)
    return fault


def list_faults(call: Call) -> Json:
    return wrap_list(call.account.list_records(KIND))


def delete_faults(call: Call) -> Json:
    pending = call.account.list_records(KIND)
    for fault in pending:
        call.account.remove(KIND, fault["id"])
    return {**wrap_list(pending), "deleted": True}


def take_fault(account: Account, method: str, path: str) -> Json | None:
    for fault in account.list_records(KIND):
        if fault.get("method", method) == method and path.startswith(fault.get("path_prefix", "/")):
            _count_down(account, fault)
            return fault
    return None


def get_delay(fault: Json, when: str) -> float:
    """Return the seconds to wait before or after the request is applied; a fault's default is before."""
    return float(fault.get("delay_seconds", 0)) if fault.get("delay", "before") == when else 0.0


def _count_down(account: Account, fault: Json) -> None:
    if fault["count"] == 1:
        account.remove(KIND, fault["id"])
    else:
        account.save(KIND, {**fault, "count": fault["count"] - 1})


ENDPOINTS = (
    Endpoint("POST", "/_sandbox/faults", create_fault),
    Endpoint("GET", "/_sandbox/faults", list_faults),
    Endpoint("DELETE", "/_sandbox/faults", delete_faults),
)
