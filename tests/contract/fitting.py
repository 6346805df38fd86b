"""Makes arguments that fit a tool, from its input model: bounds are reached, options come and go."""

import re
import string
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from conekta_mcp.catalog import Tool
from conekta_mcp.operations.card_orders import CreateCardOrderInput
from conekta_mcp.operations.customers import NewSource
from conekta_mcp.operations.order_fields import PayerInput
from conekta_mcp.operations.sandbox_controls import SimulatePaymentInput
from conekta_mcp.server.schema import flat

from .fields import nested

Strategy = st.SearchStrategy[Any]

ALPHANUMERIC = string.ascii_letters + string.digits
LETTERS = st.characters(exclude_categories=["Cs"])
SECONDS = st.integers(1, 4_102_444_800)
WITH_LETTERS = st.builds("{} Sol {}".format, st.text(LETTERS, max_size=122), st.text(LETTERS, max_size=122))
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
}
"""Values of arguments whose shape the published schema leaves out."""
SCALARS = st.text(LETTERS, max_size=249) | st.integers(-(2**53), 2**53) | st.booleans()
METADATA = st.dictionaries(st.text(LETTERS, min_size=1, max_size=249), SCALARS, max_size=3)
TOKENS = st.builds("tok_{}".format, st.text(ALPHANUMERIC, min_size=1, max_size=60))
NEW_SOURCES = st.fixed_dictionaries({"type": st.just("card"), "token_id": TOKENS}) | st.fixed_dictionaries(
    {"type": st.sampled_from(["spei_recurrent", "cash_recurrent"])}, optional={"expires_at": SECONDS}
)
"""Sources that Conekta takes; a card without a token passes our check and is left for Conekta to refuse."""


@st.composite
def fitting(draw: st.DrawFn, tool: Tool[Any]) -> dict[str, Any]:
    """Arguments of `tool` that it accepts."""
    given: dict[str, Any] = draw(part(tool.input))
    if issubclass(tool.input, PayerInput):
        given = choose(draw, given, [["customer_id"], ["name", "email", "phone"]], tool)
    if issubclass(tool.input, CreateCardOrderInput):
        given.pop("payment_source_id", None)
        ways = [["token_id"], ["payment_source_id"]] if "customer_id" in given else [["token_id"]]
        given = choose(draw, given, ways, tool)
    if issubclass(tool.input, SimulatePaymentInput):
        given = choose(draw, given, [["order_id"], ["reference"], ["order_id", "reference"]], tool)
    return given


def choose(draw: st.DrawFn, given: dict[str, Any], ways: list[list[str]], tool: Tool[Any]) -> dict[str, Any]:
    """Arguments with exactly one of these ways of saying something."""
    chosen = draw(st.sampled_from(ways))
    rest = {name: value for name, value in given.items() if not any(name in way for way in ways)}
    schemas = flat(tool.input.model_json_schema())["properties"]
    return {**rest, **{name: draw(leaf(name, schemas[name])) for name in chosen}}


def part(model: type[BaseModel]) -> Strategy:
    """Objects that fit `model`: all that is required, and some of the rest."""
    if model is NewSource:
        return NEW_SOURCES
    schemas = flat(model.model_json_schema())["properties"]
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
    if kind == "object":
        return METADATA
    return st.text(LETTERS, min_size=schema.get("minLength", 0), max_size=schema["maxLength"])
