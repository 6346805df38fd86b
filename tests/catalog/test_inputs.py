"""Arguments are closed and strict: an invalid one is refused by name, and nothing is sent."""

import json
from contextlib import AsyncExitStack
from typing import Any

import pytest

from conekta_mcp.catalog import ChangeInput
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains import all_tools as whole
from tests.conftest import switched_on
from tests.one_test import all_in_one_test

pytestmark = pytest.mark.anyio
CODE = "conekta_mcp.errors.parameter_validation"
ALL = (*whole.ALL_TOOLS, *SANDBOX_TOOLS)
PAN = "4242424242424242"

every_tool = all_in_one_test("tool", ALL)


def pairs(*kinds: str) -> list[tuple[Any, str]]:
    """Every tool with every argument whose name ends with one of `kinds`."""
    return [(tool, name) for tool in ALL for name in tool.input.model_fields if name.endswith(kinds)]


def ids(*kinds: str) -> list[tuple[Any, str]]:
    """Every tool with every argument that is the id of one of `kinds`."""
    names = {f"{kind}_id" for kind in kinds}
    return [(tool, name) for tool in ALL for name in tool.input.model_fields if name in names]


PREFIXED = (
    "customer", "order", "payment_source", "shipping_contact", "fiscal_entity", "token", "subscription",
    "line_item", "tax_line", "discount_line", "shipping_line", "card", "chargeback", "file",
)  # fmt: skip
HEXADECIMAL = (
    "charge", "refund", "api_key", "event", "webhook", "webhook_key", "log", "transaction", "transfer",
    "company",
)  # fmt: skip
UUIDS = ("checkout", "payout_order")
OTHERS = {
    "plan": "merchants make their own up; the shape is checked below",
    "rule": "of two shapes; checked below",
    "reference": "a merchant's own text, no id of Conekta's",
    "national": "a CURP or the like",
    "tax": "an RFC",
    "default_payment_source": "the id of a payment source",
    "default_shipping_contact": "the id of a shipping contact",
}


def test_every_kind_of_id_is_known() -> None:
    known = {f"{kind}_id" for kind in (*PREFIXED, *HEXADECIMAL, *UUIDS, *OTHERS)}
    assert {name for tool in ALL for name in tool.input.model_fields if name.endswith("_id")} == known


@pytest.fixture
async def refused(client_for: Any, arguments: Any) -> Any:
    """Call `tool` with its least arguments and each of these, and give the errors; nothing may leave.

    A client serves all tools of a test that can be called with the same settings.
    """
    connected: dict[Any, Any] = {}
    async with AsyncExitStack() as ends:

        async def call(tool: Any, *changes: dict[str, Any], mode: str = "auto") -> list[dict[str, Any]]:
            on = {**switched_on(tool), "sandbox": True}
            wanted = (mode, tuple(on.items()))
            if wanted not in connected:
                connected[wanted] = await ends.enter_async_context(
                    client_for(AssertionError("sent"), mode=mode, **on)
                )
            client, sent = connected[wanted]
            results = [
                await client.call_tool(tool.name, {**arguments[tool.name], **change}) for change in changes
            ]
            shared = {
                "type": "parameter_validation_error",
                "retryable": False,
                **({"outcome": "not_applied"} if tool.changes else {}),
                "hint": "Nothing was sent to Conekta. Correct the arguments and call again.",
            }
            errors = [result.structured_content["error"] for result in results]
            told = [{name: error.get(name) for name in shared} for error in errors]
            assert (sent, [result.is_error for result in results]) == ([], [True] * len(changes))
            assert told == [shared] * len(changes)
            return errors

        yield call


@every_tool
async def test_an_unknown_argument_is_named(tool: Any, refused: Any, era: str) -> None:
    (error,) = await refused(tool, {"amuont": "echo-me"}, mode=era)
    assert (error["param"], error["code"]) == ("amuont", f"{CODE}.amuont.unknown_argument")
    assert error["message"].startswith("amuont: no es un argumento de esta herramienta")
    assert error["debug_message"].startswith("amuont: is not an argument of this tool")
    assert "echo-me" not in json.dumps(error)


@all_in_one_test("tool, name", ids(*PREFIXED, "default_payment_source", "default_shipping_contact"))
async def test_an_id_has_the_shape_of_its_kind(tool: Any, name: str, refused: Any) -> None:
    shapes = [
        "../orders/ord_1", "x?limit=1", " ", ".", "..", "cus_1/../x", "ord_1?x=1", "src_", "tok_%2e",
        "cus_1\n", "cus_" + "a" * 61, "ord_" + "a" * 61, "tok_é", "plan_1", "4242", "CUS_1",
    ]  # fmt: skip
    errors = await refused(tool, *({name: shape} for shape in shapes))
    assert [(error["param"], error["code"]) for error in errors] == [(name, f"{CODE}.{name}.invalid")] * 16
    assert not [shape for shape in shapes if len(shape) > 5 and shape in json.dumps(errors)]


@all_in_one_test("tool, name", ids(*HEXADECIMAL, *UUIDS, "plan", "rule"))
async def test_an_id_without_a_prefix_has_the_shape_of_its_kind(tool: Any, name: str, refused: Any) -> None:
    shapes = [
        "../orders/ord_1", "x?limit=1", " ", ".", "..", "a/../x", "a%2e%2e",
        "6a00000000000000000000/x", "6a000000000000000000001\n", "a" * 23 + "é", "-", "_a",
    ]  # fmt: skip
    errors = await refused(tool, *({name: shape} for shape in shapes))
    assert [(error["param"], error["code"]) for error in errors] == [(name, f"{CODE}.{name}.invalid")] * 12
    (longer,) = await refused(tool, {name: "a" * 65})
    assert (longer["param"], longer["code"]) == (name, f"{CODE}.{name}.too_long")


@all_in_one_test("tool, name", ids(*HEXADECIMAL, *UUIDS))
async def test_an_id_of_hexadecimal_digits_is_whole_and_lower_case(
    tool: Any, name: str, refused: Any
) -> None:
    errors = await refused(
        tool, *({name: shape} for shape in ("6a" * 11, "6A" * 12, "6g" * 12, "cus_1", "tok_test", "4242"))
    )
    assert [(error["param"], error["code"]) for error in errors] == [(name, f"{CODE}.{name}.invalid")] * 6


@all_in_one_test(
    "tool, name", ids(*PREFIXED, *HEXADECIMAL, *UUIDS, *(set(OTHERS) - {"national", "tax", "reference"}))
)
async def test_an_id_is_a_text(tool: Any, name: str, refused: Any) -> None:
    errors = await refused(tool, {name: 7}, {name: True}, {name: ["cus_1"]}, {name: {"id": 1}})
    assert [(error["param"], error["code"]) for error in errors] == [
        (name, f"{CODE}.{name}.invalid_datatype")
    ] * 4


@every_tool
async def test_what_is_required_is_missing_where_it_is_null_or_empty(tool: Any, refused: Any) -> None:
    names = [name for name, field in tool.input.model_fields.items() if field.is_required()]
    errors = await refused(tool, *({name: nothing} for name in names for nothing in (None, "")))
    assert [(error["param"], error["code"]) for error in errors] == [
        (name, f"{CODE}.{name}.missing") for name in names for _ in range(2)
    ]


@all_in_one_test("tool, name", pairs("expires_at", "_gte", "_lte"))
async def test_a_moment_is_unix_seconds(tool: Any, name: str, refused: Any) -> None:
    whole = "se esperaba un número entero"
    told = {
        1776340962000: ("invalid", "se esperaban segundos unix, no milisegundos"),
        0: ("invalid", "se esperaba 1 o más"),
        -5: ("invalid", "se esperaba 1 o más"),
        1.5: ("invalid_datatype", whole),
        "1776340962": ("invalid_datatype", f"{whole} de segundos unix, como 1798696800"),
        "2026-04-16": ("invalid_datatype", f"{whole} de segundos unix, como 1798696800"),
        "500.00": ("invalid_datatype", f"{whole} de segundos unix, como 1798696800"),
    }
    errors = await refused(tool, *({name: value} for value in told), {name: True})
    assert [(error["param"], error["code"], error["message"]) for error in errors] == [
        (name, f"{CODE}.{name}.{code}", f"{name}: {message}.")
        for code, message in [*told.values(), ("invalid_datatype", whole)]
    ]


@pytest.mark.parametrize("name", ["unit_price", "quantity"])
@all_in_one_test("tool", [tool for tool, _ in pairs("line_items")])
async def test_money_and_quantity_are_whole_numbers(tool: Any, name: str, refused: Any) -> None:
    values = [None, "", "500.00", "50000", True, 500.5, float("1e300"), -5, -5.0, 2**31]
    line = {"name": "Plan anual", "unit_price": 50000, "quantity": 1}
    errors = await refused(tool, *({"line_items": [{**line, name: value}]} for value in values))
    assert [(error["param"], error["code"]) for error in errors] == [
        (f"line_items.0.{name}", f"{CODE}.line_items.{name}.{code}")
        for code in ["missing"] * 2 + ["invalid_datatype"] * 5 + ["invalid"] * 3
    ]


@all_in_one_test("tool", [tool for tool, _ in pairs("amount")])
async def test_an_amount_is_whole_centavos(tool: Any, refused: Any) -> None:
    values = ["500.00", True, 500.5, "50000", -5, 2**31]
    errors = await refused(tool, *({"amount": value} for value in values))
    assert [(error["param"], error["code"]) for error in errors] == [
        ("amount", f"{CODE}.amount.{code}") for code in ["invalid_datatype"] * 4 + ["invalid"] * 2
    ]


@all_in_one_test("tool, name", pairs("limit"))
async def test_a_limit_is_1_to_250(tool: Any, name: str, refused: Any) -> None:
    errors = await refused(tool, *({name: value} for value in ["20", 20.5, True, 0, -5, 251]))
    assert [(error["param"], error["code"]) for error in errors] == [
        ("limit", f"{CODE}.limit.{code}") for code in ["invalid_datatype"] * 3 + ["invalid"] * 3
    ]


@all_in_one_test("tool, name", pairs("next", "previous"))
async def test_a_cursor_is_one_from_an_earlier_answer(tool: Any, name: str, refused: Any) -> None:
    errors = await refused(tool, *({name: value} for value in ["x?limit=1", " ", "../x", "a" * 65, 7]))
    assert [(error["param"], error["code"]) for error in errors] == [
        (name, f"{CODE}.{name}.{code}")
        for code in ["invalid", "invalid", "invalid", "too_long", "invalid_datatype"]
    ]


@every_tool
async def test_a_card_number_is_refused_wherever_it_stands(tool: Any, refused: Any) -> None:
    numbers = [
        PAN,
        "4242 4242 4242 4242",
        "5555-5555-5555-4444",
        "pay\n378282246310005",
        int(PAN),
        float(PAN),
    ]
    places = [*tool.input.model_fields, "unheard_of"]
    nested = [{place: {"a": [{"b": PAN}]}} for place in places]
    given = [{place: number} for place in places for number in numbers]
    errors = await refused(tool, *given, *nested, {PAN: 1})
    assert [(error["code"], error["message"], error["debug_message"]) for error in errors] == [
        (
            f"{CODE}.card_number.not_allowed",
            "Aquí nunca se aceptan números de tarjeta; usa un token (tok_) o una tarjeta guardada (src_).",
            "Card numbers are never accepted here; use a token (tok_) or a stored card (src_).",
        )
    ] * len([*given, *nested, PAN])
    assert not any("param" in error for error in errors)


@every_tool
async def test_a_key_as_the_name_of_an_argument_is_not_echoed(tool: Any, refused: Any) -> None:
    (error,) = await refused(tool, {"key_live_abc-def": 1})
    assert (error["param"], "live_abc" in json.dumps(error)) == ("key_[redacted]", False)


@every_tool
async def test_at_most_ten_problems_are_told(tool: Any, refused: Any) -> None:
    (error,) = await refused(tool, {f"x{number}": 1 for number in range(30)})
    assert [detail["param"] for detail in error["details"]] == [f"x{number}" for number in range(10)]


CHANGING = [tool for tool in ALL if issubclass(tool.input, ChangeInput)]


@all_in_one_test("tool", CHANGING)
async def test_what_changes_nothing_is_no_change(tool: Any, client_for: Any, arguments: Any) -> None:
    needed = {name for name, field in tool.input.model_fields.items() if field.is_required()}
    given = {name: value for name, value in arguments[tool.name].items() if name in needed}
    async with client_for(AssertionError("sent"), sandbox=True, **switched_on(tool)) as (client, sent):
        error = (await client.call_tool(tool.name, given)).structured_content["error"]
    assert (error["code"], error["message"], sent) == (f"{CODE}.missing", "arguments: di qué cambiar.", [])


def test_every_update_whose_changes_can_all_be_left_out_is_one_that_needs_a_change() -> None:
    named = {
        tool.name
        for tool in ALL
        if tool.name.startswith("update_")
        and all(
            name.endswith("_id") for name, field in tool.input.model_fields.items() if field.is_required()
        )
    }
    assert {tool.name for tool in CHANGING} == named - {"update_charge"}, "a charge's change is required"


@all_in_one_test("tool, name", [one for one in pairs("email") if one[0].changes])
async def test_an_email_has_no_character_that_a_question_would_leave_out(
    tool: Any, name: str, refused: Any
) -> None:
    values = [
        "ana@ex\u200bample.com", "ana\u202e@example.com", "a\u00bb@example.com", "<ana@example.com>",
        'ana"@example.com', "ana@example.com;eva", "ana@example.com,eva",
    ]  # fmt: skip
    errors = await refused(tool, *({name: value} for value in values))
    assert [(error["param"], error["code"]) for error in errors] == [(name, f"{CODE}.{name}.invalid")] * 7


@pytest.mark.parametrize("name", ["create_webhook", "update_webhook"])
async def test_an_address_of_a_webhook_has_one_host_for_everybody(name: str, refused: Any) -> None:
    tool = next(one for one in ALL if one.name == name)
    values = ["https://evil.example\\@shop.example.com/in", "https://shop.example.com#@evil.example/in"]
    errors = await refused(tool, *({"url": value} for value in values))
    assert [(error["param"], error["code"]) for error in errors] == [("url", f"{CODE}.url.invalid")] * 2
