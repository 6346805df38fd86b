"""Checks that the answer of a write shows what the call asked for: status 200 alone proves nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from conekta_mcp.catalog import ObjectKind, Operation
from conekta_mcp.catalog.endpoint import PARENTS
from conekta_mcp.effects.comparison import OneOf, normalize_value
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.reading.inner_rows import EndedRow, NewRowOfSum, NoRowOf
from conekta_mcp.results.base import get_rows

Fields = Mapping[str, Any]
AnswerExpectation = Callable[[Any, Fields], Fields]
"""What an answer has to show, given the arguments and what was read before the call."""
COMPARED = (
    "amount", "currency", "unit_price", "quantity", "interval", "frequency", "plan_id", "card_id",
    "reference_id", "role", "active", "field", "type", "recurrent", "payments_limit_count", "expiry_count",
    "trial_end", "trial_period_days", "monthly_installments",
)  # fmt: skip
"""Fields of a body that are ids or amounts, and that Conekta returns unchanged."""
COMPARED_TEXTS = (
    "name",
    "email",
    "phone",
    "receiver",
    "tax_id",
    "custom_reference",
    "street1",
    "postal_code",
)
"""Who and where, also inside of an address: an answer that shows another one may be of before the call."""
ALWAYS_SHOWN = {
    "order": ("amount", "currency"),
    "payout_order": ("amount", "currency"),
    "plan": ("amount",),
    "subscription": ("plan_id",),
}
"""Fields without which an object is not believed to be the one that was asked for."""
ENDING = ("checkout", "payout_order")
"""Objects that show their end; a payment source may say "none" (conekta-api.md 1.4)."""
SPEAKABLE = re.compile(r"[a-z]+(_[a-z]+)*|[A-Z]{3}|[a-z_]+_[0-9A-Za-z]{17}|[0-9a-f]{24}|[0-9a-f-]{36}")
"""Texts that are nobody's data: Conekta's own words, currencies, ids."""
MAX_TEXT, DAY_SECONDS = 64, 86_400


@dataclass(frozen=True)
class IfShown:
    """A value that an answer may leave out, but not contradict."""

    value: Any


@dataclass(frozen=True)
class AtLeast:
    """The least that a sum has to be; other calls may have added to it."""

    value: int


@dataclass(frozen=True)
class NearTime:
    """Unix seconds that an answer may show up to a day off: Conekta may choose the end of a day."""

    value: int


@dataclass(frozen=True)
class EachRow:
    """Fields that every row of a list has to show; the list must have at least one row."""

    fields: Fields


@dataclass(frozen=True)
class AtLeastRows:
    """The least number of rows that a list has to show."""

    value: int


class NoneOf(tuple[str, ...]):
    """Values that a field must not have, such as the statuses of a failure."""

    __slots__ = ()


class Present:
    """Any value but null."""


PRESENT = Present()


def find_difference(answer: Fields, expected: Fields, path: str = "") -> str | None:
    """Return the first field that differs, with both values, such as `amount: 5, not 70000`; else None.

    An error envelope always counts as a difference, even where nothing is expected. Text that may be personal
    data is not quoted.
    """
    if not path and (not answer or answer.get("object") == "error"):
        return "object: error" if answer else "an empty object"
    for name, wanted in expected.items():
        if isinstance(wanted, NewRowOfSum):
            difference = wanted.find_difference(answer, path)
        else:
            difference = _compare(answer.get(name), wanted, f"{path}{name}")
        if difference:
            return difference
    return None


def expect_answer(
    tool: Operation[Any],
    new_row: NewRow | None = None,
    *,
    compares_body: bool = True,
    more: AnswerExpectation | Fields = MappingProxyType({}),
) -> AnswerExpectation:
    """Derive what an answer has to show from the tool: kind, id, parent, and amounts of the body.

    `new_row` converts the body to the row that a creation answers with. `compares_body` is False where the
    answer is an object with another amount than the body's, such as the order that a refund answers with.
    """
    kind = tool.output.KIND

    def expect(arguments: Any, raw: Fields) -> Fields:
        body: Fields = {}
        if compares_body:
            body = new_row.build_expected(arguments) if new_row else tool.build_request(arguments).body or {}
        own = kind.find_id({name: getattr(arguments, name) for name in tool.endpoint.path_fields})
        return {
            **_expect_kind(kind, own),
            **_expect_parent(tool, arguments, kind),
            **_expect_existence(tool),
            **_select_compared(body, kind),
            **(more(arguments, raw) if callable(more) else more),
        }

    return expect


def _expect_kind(kind: ObjectKind, own_id: str | None) -> dict[str, Any]:
    names = OneOf(kind.names)
    shown = {"object": names if "object" in kind.fields else IfShown(names)} if names else {}
    if kind.is_list or not (own_id or "id" in kind.fields):
        return shown
    return {**shown, "id": own_id or PRESENT}


def _expect_parent(tool: Operation[Any], arguments: Any, kind: ObjectKind) -> dict[str, Any]:
    """Expect the id of the parent, as parent_id or under its own name, if the answer shows it."""
    above = [name for name in tool.endpoint.path_fields if name in PARENTS and name not in kind.id_arguments]
    if kind.is_list or not above:
        return {}
    parent = IfShown(getattr(arguments, above[0]))
    return {"parent_id": parent, above[0]: parent}


def _expect_existence(tool: Operation[Any]) -> dict[str, Any]:
    """Expect `deleted` to be true after a deletion and false after any other call, if it is shown.

    Shipping contacts are left out: their `deleted` is whatever was sent (conekta-api.md 4.3).
    """
    if tool.output.KIND.is_list or "shipping_contact" in tool.output.KIND.names:
        return {}
    return {"deleted": IfShown(tool.endpoint.method == "DELETE")}


def _select_compared(body: Fields, kind: ObjectKind) -> dict[str, Any]:
    always = {name for one in kind.names for name in ALWAYS_SHOWN.get(one, ())}
    chosen: dict[str, Any] = {
        name: body[name] if name in always else IfShown(body[name])
        for name in COMPARED
        if body.get(name) is not None
    }
    chosen |= _select_texts(body)
    if isinstance(until := body.get("expires_at"), int) and {*kind.names} & {*ENDING}:
        chosen["expires_at"] = IfShown(NearTime(until))
    if isinstance(body.get("address"), Mapping):
        chosen["address"] = IfShown(_select_texts(body["address"]))
    if body.get("url"):
        # The address that gets buyers' data; a trailing slash makes no difference.
        bare = body["url"].rstrip("/")
        chosen["url"] = OneOf((bare, f"{bare}/"))
    payer = body.get("customer_info")
    named = {key: payer[key] for key in ("id", "customer_id") if payer.get(key)} if payer else {}
    if named:
        # One of the two is enough: Conekta names a payee by either (conekta-api.md 4.11).
        chosen["customer_info"] = OneOf({key: value} for key, value in named.items())
    elif payer and payer.get("email"):
        chosen["customer_info"] = {"email": IfShown(payer["email"])}
    return chosen


def _select_texts(body: Fields) -> dict[str, Any]:
    return {name: IfShown(body[name]) for name in COMPARED_TEXTS if isinstance(body.get(name), str)}


def _compare(seen: Any, wanted: Any, path: str) -> str | None:
    if isinstance(wanted, IfShown):
        return None if seen is None or seen == "" else _compare(seen, wanted.value, path)
    if isinstance(wanted, OneOf):
        found = [_compare(seen, one, path) for one in wanted]
        return found[0] if found and all(found) else None
    if isinstance(wanted, EachRow):
        rows = get_rows(seen)
        if not rows:
            return f"{path}: no rows"
        return next(filter(None, (find_difference(row, wanted.fields, f"{path}.") for row in rows)), None)
    if isinstance(wanted, AtLeastRows):
        shown = len(get_rows(seen) or ())
        return None if shown >= wanted.value else f"{path}: {shown} rows, not {wanted.value}"
    if isinstance(wanted, EndedRow | NoRowOf):
        return wanted.find_difference(seen, path)
    if isinstance(wanted, Mapping):
        return find_difference(seen if isinstance(seen, Mapping) else {}, wanted, f"{path}.")
    return None if _fits(seen, wanted) else f"{path}: {_describe(seen)}{_describe_wanted(wanted)}"


def _fits(seen: Any, wanted: Any) -> bool:
    if isinstance(wanted, Present):
        return seen is not None
    if isinstance(wanted, NoneOf):
        return normalize_value(seen) not in wanted
    if isinstance(wanted, NearTime):
        text = normalize_value(seen)
        return text.isdecimal() and abs(int(text) - wanted.value) <= DAY_SECONDS
    if isinstance(wanted, AtLeast):
        is_whole = isinstance(seen, int) or (isinstance(seen, float) and seen.is_integer())
        return is_whole and not isinstance(seen, bool) and seen >= wanted.value
    return seen is not None and normalize_value(seen) == normalize_value(wanted)


def _describe_wanted(wanted: Any) -> str:
    if isinstance(wanted, Present | NoneOf | NearTime):
        return ""
    return f", less than {wanted.value}" if isinstance(wanted, AtLeast) else f", not {_describe(wanted)}"


def _describe(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, int | float):
        return str(value)[:MAX_TEXT]
    text = value if isinstance(value, str) else ""
    return text if len(text) <= MAX_TEXT and SPEAKABLE.fullmatch(text) else "another value"
