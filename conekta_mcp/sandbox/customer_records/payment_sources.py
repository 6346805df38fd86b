"""/customers/{id}/payment_sources: cards and recurrent references (conekta-api.md 4.2)."""

from collections.abc import Iterator

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import (
    TIMESTAMP,
    Shape,
    Text,
    check,
    reject_change,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.instruments import clabe
from conekta_mcp.sandbox.instruments.cards import redeem_token
from conekta_mcp.sandbox.instruments.cash import make_barcode_url
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid
from conekta_mcp.sandbox.refusals.policies import BANK, CASH_LIFETIMES

KIND = owned.PAYMENT_SOURCE

CASH = ("cash_recurrent", "oxxo_recurrent")
RECURRENT = Shape(required={"type": Text()}, optional={"expires_at": TIMESTAMP}, closed=True)
SHAPES = {
    "card": Shape(required={"type": Text(), "token_id": Text()}, closed=True),
    "cash_recurrent": RECURRENT,
    "oxxo_recurrent": RECURRENT,
    "spei_recurrent": RECURRENT,
}
SOURCE_CHANGE = Shape(
    optional={"name": Text(), "expires_at": TIMESTAMP, "type": reject_change, "token_id": reject_change},
    closed=True,
)


def validate_source(value: object, param: str) -> Iterator[Detail]:
    kind = value.get("type") if isinstance(value, dict) else None
    if isinstance(kind, str) and kind not in SHAPES:
        yield reasons.invalid_param(f"{param}.type" if param else "type")
    else:
        yield from SHAPES.get(str(kind), RECURRENT)(value, param)


def add_source(account: Account, customer: Json, body: Json, param: str = "") -> Json:
    """Store a checked source and return it as served; `param` is the path of the body in its request.

    Cards are not verified with the bank here (inferred): a token that declines is stored and declines later.
    """
    _refuse_wrong_expiry(account, body, body["type"], param)
    makers = {
        "card": _make_card_source,
        "cash_recurrent": _make_cash_source,
        # The older name of the same (4.2); answered under the newer one (inferred).
        "oxxo_recurrent": _make_cash_source,
        "spei_recurrent": _make_clabe_source,
    }
    source = makers[body["type"]](account, body, param)
    source["parent_id"] = customer["id"]
    owned.add_child(account, KIND, customer, source)
    return render_source(customer, source)


def render_source(customer: Json, source: Json) -> Json:
    """Return the source without its token, cards with their default flag."""
    shown = {name: source[name] for name in source if name != "token_id"}
    return owned.add_default_flag(KIND, customer, shown) if source["type"] == "card" else shown


def find_reusable_reference(account: Account, customer_id: str, source_type: str) -> str | None:
    """Return the reference of the newest unexpired recurrent source of a type, or None.

    Several may exist, and an expired one counts as absent (both inferred, conekta-api.md 4.2).
    """
    for source in reversed(account.list_records(KIND, parent=customer_id)):
        if source["type"] == source_type and not _is_expired(source, account.now()):
            return str(source["reference"])
    return None


def list_sources(call: Call) -> Json:
    customer = owned.load_customer(call.account, call.path["id"])
    sources = call.account.list_records(KIND, parent=customer["id"])[::-1]
    needle = call.query.get("search", "")
    rows = [render_source(customer, source) for source in sources]
    listed = paginate(call, rows, lambda row: has_match(needle, _list_texts(row)))
    return {**listed, "total": len(listed["data"])}


def create_source(call: Call) -> Json:
    customer = owned.load_customer(call.account, call.path["id"])
    check(validate_source, call.body)
    return add_source(call.account, customer, call.body)


def update_source(call: Call) -> Json:
    """Change `name`, and `expires_at` (unix seconds) of a recurrent reference."""
    customer, source = _load_source(call)
    check(SOURCE_CHANGE, call.body)
    _refuse_wrong_expiry(call.account, call.body, source["type"], "")
    if "expires_at" in call.body and source["type"] == "card":
        raise Invalid(reasons.invalid_param("expires_at"))
    source.update(call.body)
    # The expiry of a CLABE is a text, that of a cash reference a number (conekta-api.md 1.4).
    if source["type"] == "spei_recurrent" and "expires_at" in source:
        source["expires_at"] = str(source["expires_at"])
    call.account.save(KIND, source)
    return render_source(customer, source)


def delete_source(call: Call) -> Json:
    """Return the source, without a `deleted` flag (1.2); orders on its reference stay payable."""
    customer, source = _load_source(call)
    shown = render_source(customer, source)
    owned.delete_child(call.account, KIND, customer, source["id"])
    return shown


def _make_card_source(account: Account, body: Json, param: str) -> Json:
    card = redeem_token(account, body["token_id"], f"{param}.token_id" if param else "token_id")
    return {
        "id": account.make_id("src_"),
        "object": "payment_source",
        "type": "card",
        "created_at": account.now(),
        "bin": card.bin,
        "card_type": card.card_type,
        **card.to_fields(),
        "visible_on_checkout": False,
        "payment_source_status": "active",
        "token_id": body["token_id"],
    }


def _make_cash_source(account: Account, body: Json, param: str) -> Json:  # noqa: ARG001  one call for all types
    reference = account.ledger.mint_reference(clabe.make_recurrent_reference)
    return {
        "id": account.make_id("off_ref_"),
        "object": "payment_source",
        "type": "cash_recurrent",
        "reference": reference,
        "barcode": reference,
        "barcode_url": make_barcode_url(reference),
        "expires_at": body.get("expires_at", 0),
        "provider": "Cash",
        "created_at": account.now(),
    }


def _make_clabe_source(account: Account, body: Json, param: str) -> Json:  # noqa: ARG001  one call for all types
    # expires_at is absent unless given (seed), and then a string (conekta-api.md 1.4).
    expiry = {"expires_at": str(body["expires_at"])} if "expires_at" in body else {}
    return {
        "id": account.make_id("off_ref_"),
        "object": "payment_source",
        "type": "spei_recurrent",
        "reference": account.ledger.mint_reference(clabe.make_clabe),
        "created_at": account.now(),
        "bank": BANK,
        **expiry,
    }


def _load_source(call: Call) -> tuple[Json, Json]:
    customer = owned.load_customer(call.account, call.path["id"])
    source_id = call.path["payment_method_id"]
    return customer, owned.load_child(call.account, KIND, customer["id"], source_id)


def _refuse_wrong_expiry(account: Account, body: Json, kind: str, param: str) -> None:
    if "expires_at" not in body:
        return
    left = body["expires_at"] - account.now()
    shortest, longest = CASH_LIFETIMES if kind in CASH else (1, left)
    if not shortest <= left <= longest:
        raise Invalid(reasons.invalid_param(f"{param}.expires_at" if param else "expires_at"))


def _is_expired(source: Json, now: int) -> bool:
    return 0 < int(source.get("expires_at", 0)) <= now


def _list_texts(row: Json) -> list[str]:
    return [str(row.get(name, "")) for name in ("type", "reference", "last4", "name")]


SOURCE_PATH = "/customers/{id}/payment_sources/{payment_method_id}"
ENDPOINTS = (
    Endpoint("GET", "/customers/{id}/payment_sources", list_sources),
    Endpoint("POST", "/customers/{id}/payment_sources", create_source),
    Endpoint("PUT", SOURCE_PATH, update_source),
    Endpoint("DELETE", SOURCE_PATH, delete_source),
)
