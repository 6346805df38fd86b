"""Generates valid arguments of a tool from its input model, up to the bounds."""

import re
import string
from base64 import b64encode
from functools import cache
from operator import itemgetter
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import BaseModel

from conekta_mcp.catalog import ChangeInput, Tool
from conekta_mcp.catalog.files import FileFields
from conekta_mcp.domains.antifraud.tools import CreateRuleInput
from conekta_mcp.domains.chargebacks.tools import SubmitChargebackEvidenceInput
from conekta_mcp.domains.charges.tools import CARD_ONLY, NewChargeInput
from conekta_mcp.domains.customers.tools import NewSource
from conekta_mcp.domains.orders.card_tools import CreateCardOrderInput
from conekta_mcp.domains.orders.change_tools import UpdateOrderInput
from conekta_mcp.domains.orders.fields import PayerInput
from conekta_mcp.domains.payment_links.fields import CreatePaymentLinkInput
from conekta_mcp.domains.simulation.tools import SimulatePaymentInput
from conekta_mcp.redaction import has_card_number
from conekta_mcp.server.tools.schema import flatten_schema
from tests.contract.fields import nested

Strategy = st.SearchStrategy[Any]

ALPHANUMERIC = string.ascii_letters + string.digits
LETTERS = st.characters(exclude_categories=["Cs"])
SECONDS = st.integers(1, 4_102_444_800)
WITH_LETTERS = st.builds("{} Sol {}".format, st.text(LETTERS, max_size=122), st.text(LETTERS, max_size=122))
HEX = st.text("0123456789abcdef", min_size=24, max_size=24)
EVENTS = st.lists(st.sampled_from(["order.paid", "charge.paid", "plan.created"]), min_size=1, max_size=3)
COUNTS = st.integers(1, 2_147_483_647)
CONTENTS = st.sampled_from([b"%PDF-1.7 nota", b"%PDF-2.0"]).map(lambda one: b64encode(one).decode())
METHODS = st.lists(st.sampled_from(["card", "cash", "bank_transfer", "bnpl", "pay_by_bank"]), min_size=1)
SCALARS = st.text(LETTERS, max_size=249) | st.integers(-(2**53), 2**53) | st.booleans()
METADATA = st.dictionaries(st.text(LETTERS, min_size=1, max_size=249), SCALARS, max_size=3)
SHAPES: dict[str, Strategy] = {
    "name": st.sampled_from(["Ana", "Ana Ruiz", "Ñandú Ünïcode 花子", "A. O'Neill-Díaz"]),
    "email": st.sampled_from(["ana@example.com", "a.b+c@mail.example.com", "x" * 242 + "@example.com"]),
    "phone": st.sampled_from(["+525555555555", "5555555555", "(55) 5555-5555", "+52 1 55 5555 5555"]),
    "date_of_birth": st.sampled_from(["24/07/1992", "01/01/1900"]),
    "country": st.sampled_from(["MX", "mx", "US"]),
    "city": WITH_LETTERS,
    "between_streets": WITH_LETTERS,
    "expires_at": SECONDS,
    "created_at_gte": SECONDS,
    "created_at_lte": SECONDS,
    "updated_at_gte": SECONDS,
    "updated_at_lte": SECONDS,
    "next": st.sampled_from(["cus_1", "ord_2rG", "a" * 64]),
    "previous": st.sampled_from(["cus_1", "ord_2rG"]),
    "return_url": st.sampled_from(["https://shop.example.com/back", "https://example.com/?a=1&b=ñ"]),
    "reference": st.sampled_from(["646180111802000138", "9300123456"]),
    **dict.fromkeys(
        ("charge_id", "refund_id", "api_key_id", "event_id", "webhook_id", "webhook_key_id", "log_id",
         "transaction_id", "transfer_id", "company_id", "rule_id"),
        HEX,
    ),
    **dict.fromkeys(("checkout_id", "payout_order_id"), st.uuids().map(str)),
    "plan_id": st.sampled_from(["gold-plan", "plan_1", "7"]),
    "tags": st.lists(st.text(LETTERS, min_size=2, max_size=249), min_size=1, max_size=3),
    "plan_ids": st.lists(st.sampled_from(["gold-plan", "plan_1"]), min_size=1, max_size=2),
    "trial_end": SECONDS,
    "webhooks_ids": st.lists(HEX, min_size=1, max_size=10),
    "subscribed_events": EVENTS,
    "base64": CONTENTS,
    "url": st.sampled_from(["https://shop.example.com/hook", "https://u:p@shop.example.com:8443/?a=1"]),
    "success_url": st.sampled_from(["https://shop.example.com/back", "https://example.com/?a=1&b=ñ"]),
    "redirection_time": COUNTS,
    "payments_limit_count": COUNTS,
    "allowed_payment_methods": METHODS,
    "excluded_payment_methods": METHODS,
    "exclude_card_networks": st.lists(st.sampled_from(["visa_master_card", "amex"]), min_size=1),
    "monthly_installments_options": st.lists(st.sampled_from([3, 6, 9, 12, 18, 24]), min_size=1),
    "type": st.sampled_from(["capture", "refund", "payout_reversal"]),
    "currency": st.sampled_from(["MXN", "USD"]),
    "bin": st.sampled_from(["424242", "55555555"]),
    "file_classification": st.sampled_from(["cfdi", "proof_of_address"]),
    "website": st.sampled_from(["https://example.com", "http://tienda.example.com/x"]),
    "mcc": st.sampled_from(["5411", "0742"]),
    "clabe": st.sampled_from(["646180111802000138", "646180111805034237"]),
    "merchant_support_email": st.just("ventas@example.com"),
    **dict.fromkeys(("merchant_support_phone", "business_phone"), st.just("5555555555")),
    "users": st.lists(st.sampled_from(["ana@example.com", "eva@example.com"]), min_size=1),
    **dict.fromkeys(("metadata", "antifraud_info"), METADATA),
}  # fmt: skip
"""Values of arguments whose shape the published schema leaves out."""
TOKENS = st.builds("tok_{}".format, st.text(ALPHANUMERIC, min_size=1, max_size=60))
NEW_SOURCES = st.fixed_dictionaries({"type": st.just("card"), "token_id": TOKENS}) | st.fixed_dictionaries(
    {"type": st.sampled_from(["spei_recurrent", "cash_recurrent"])}, optional={"expires_at": SECONDS}
)
"""Sources that Conekta takes; a card without a token passes our check and is left for Conekta to refuse."""
CHARGEBACK = ("charge_id", "chargeback_id")
RULES = {
    "email": st.sampled_from(["ana@example.com", "a.b+c@mail.example.com"]),
    "phone": st.sampled_from(["+525555555555", "5555555555"]),
    "card_token": TOKENS,
}
CHANGES = {
    "update_order": "currency",
    "update_line_item": "quantity",
    "update_tax_line": "amount",
    "update_discount_line": "amount",
    "update_customer": "name",
    "update_payment_source": "name",
    "update_shipping_contact": "receiver",
    "update_fiscal_entity": "tax_id",
    "update_webhook": "active",
    "update_plan": "name",
    "update_subscription": "plan_id",
    "update_customer_subscription": "plan_id",
    "update_api_key": "description",
}
"""Something that each can change."""
FILES = st.fixed_dictionaries({"base64": CONTENTS, "name": st.sampled_from(["nota.pdf", "Acta ñ.PDF"])})
KINDS = st.sampled_from(["contract", "order_details", "exhibit_8"])
EVIDENCE = st.lists(st.tuples(KINDS, FILES), min_size=1, max_size=3, unique_by=itemgetter(0)).map(
    lambda pairs: [{**file, "evidence_type": kind} for kind, file in pairs]
)


@st.composite
def fitting(draw: st.DrawFn, tool: Tool[Any]) -> dict[str, Any]:
    """Arguments of `tool` that it accepts."""
    given: dict[str, Any] = draw(part(tool.input))
    if issubclass(tool.input, FileFields):
        given = {name: value for name, value in given.items() if name not in FileFields.model_fields}
        given.update(draw(FILES))
    if issubclass(tool.input, PayerInput):
        given = choose(draw, given, [["customer_id"], ["name", "email", "phone"]], tool)
    if issubclass(tool.input, CreateCardOrderInput):
        given.pop("payment_source_id", None)
        ways = [["token_id"], ["payment_source_id"]] if "customer_id" in given else [["token_id"]]
        given = choose(draw, given, ways, tool)
    if issubclass(tool.input, SimulatePaymentInput):
        given = choose(draw, given, [["order_id"], ["reference"], ["order_id", "reference"]], tool)
    if issubclass(tool.input, UpdateOrderInput):
        given = choose(draw, given, [[], ["customer_id"], ["name", "email", "phone"]], tool)
    if issubclass(tool.input, ChangeInput):
        given = changed(draw, given, tool)
    if issubclass(tool.input, NewChargeInput):
        given = charge(draw, given, tool)
    if issubclass(tool.input, CreatePaymentLinkInput):
        given = link(draw, given)
    if issubclass(tool.input, CreateRuleInput):
        given["value"] = draw(RULES[given["field"]])
    # hypothesis also draws the texts that it finds in the code, test cards among them; no tool takes those.
    assume(not has_card_number(given))
    return given


def changed(draw: st.DrawFn, given: dict[str, Any], tool: Tool[Any]) -> dict[str, Any]:
    """Arguments that say at least one thing to change."""
    fields = tool.input.model_fields
    if any(not fields[name].is_required() for name in given):
        return given
    name = CHANGES[tool.name]
    return {**given, name: draw(leaf(name, list_properties(tool.input)[name]))}


def charge(draw: st.DrawFn, given: dict[str, Any], tool: Tool[Any]) -> dict[str, Any]:
    """Arguments of which each belongs to the payment method."""
    if given["payment_method"] == "card":
        given.pop("expires_at", None)
        return choose(draw, given, [["token_id"], ["payment_source_id"]], tool)
    return {name: value for name, value in given.items() if name not in CARD_ONLY}


def link(draw: st.DrawFn, given: dict[str, Any]) -> dict[str, Any]:
    """Arguments of a link that do not contradict each other."""
    for one in draw(st.sampled_from([["customer"], ["customer_id"], ["customer", "customer_id"]])):
        given.pop(one, None)
    given.pop(draw(st.sampled_from(["allowed_payment_methods", "excluded_payment_methods"])), None)
    if "plan_ids" in given and "allowed_payment_methods" in given:
        given["allowed_payment_methods"] = ["card"]
    if not given.get("recurrent"):
        given.pop("payments_limit_count", None)
    return given


def choose(draw: st.DrawFn, given: dict[str, Any], ways: list[list[str]], tool: Tool[Any]) -> dict[str, Any]:
    """Arguments with exactly one of these ways of saying something."""
    chosen = draw(st.sampled_from(ways))
    rest = {name: value for name, value in given.items() if not any(name in way for way in ways)}
    schemas = list_properties(tool.input)
    return {**rest, **{name: draw(leaf(name, schemas[name])) for name in chosen}}


@cache
def list_properties(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of each field of `model`, made once a process."""
    properties: dict[str, Any] = flatten_schema(model.model_json_schema())["properties"]
    return properties


@cache
def part(model: type[BaseModel]) -> Strategy:
    """Objects that fit `model`: all that is required, and some of the rest."""
    if model is NewSource:
        return NEW_SOURCES
    if model is SubmitChargebackEvidenceInput:
        ids = {name: leaf(name, list_properties(model)[name]) for name in CHARGEBACK}
        return st.fixed_dictionaries({**ids, "files": EVIDENCE})
    schemas = list_properties(model)
    required, optional = {}, {}
    for name, field in model.model_fields.items():
        inner = nested(field.annotation)
        one = leaf(name, schemas[name]) if inner is None else part(inner.model)
        if inner is not None and inner.many:
            one = st.lists(one, min_size=1, max_size=3)
        (required if field.is_required() else optional)[name] = one
    return st.fixed_dictionaries(required, optional=optional)


def leaf(name: str, schema: dict[str, Any]) -> Strategy:
    """Values that fit one argument."""
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    prefixes = re.fullmatch(r"\^\(?([a-z_|]+?)\)?_", schema.get("pattern", ""))
    if prefixes:
        tail = st.text(ALPHANUMERIC, min_size=1, max_size=60)
        return st.builds("{}_{}".format, st.sampled_from(prefixes[1].split("|")), tail)
    return SHAPES[name] if name in SHAPES else plain(schema)


def plain(schema: dict[str, Any]) -> Strategy:
    """Values of a type within its bounds."""
    kind = schema["type"]
    if kind == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if kind == "boolean":
        return st.booleans()
    return st.text(LETTERS, min_size=max(1, schema.get("minLength", 1)), max_size=schema["maxLength"])
