"""Previews: if a client cannot ask, the model may repeat the call with a token."""

from typing import Any

import pytest
from mcp import Client

from conekta_mcp.catalog import ServerArguments
from conekta_mcp.domains.orders.tools import get_order
from conekta_mcp.domains.refunds.tools import refund_order
from conekta_mcp.errors import InvalidArguments
from conekta_mcp.server.tools.arguments import parse_arguments
from conekta_mcp.server.tools.client_habits import read_client_arguments
from conekta_mcp.server.tools.published_schemas import add_approval_argument, load_schemas
from tests.consent.till import (
    QUESTION,
    REFUND,
    SHARED,
    START,
    Person,
    Till,
    answered,
)
from tests.consent.told import (
    CHANGED,
    DECLINED,
    EXPIRED,
    INVALID,
    PREVIEWED,
    USED,
    refusal,
)

pytestmark = pytest.mark.anyio

PREVIEW_ES = {
    "question": f"Cuenta store-b, dinero REAL\n{QUESTION}\nSi dices que no, no se hace nada.",
    "expires_at": int(START) + 900,
    "note": "Más débil que preguntar: el modelo entrega el código, y nada prueba que una persona lo vio.",
}


async def test_a_preview_is_an_error_that_a_second_call_answers_once(era: str) -> None:
    till = Till()
    server = till.server(allow_preview=True)
    async with Client(server, mode=era) as client:
        result = await client.call_tool("refund_order", REFUND)
        shown = result.structured_content["error"]["preview"]
        again = {**REFUND, "approval": shown["token"]}
        made = (await client.call_tool("refund_order", again)).structured_content
        replayed = (await client.call_tool("refund_order", again)).structured_content
    assert result.is_error
    assert result.structured_content == {
        "error": {
            **refusal(
                "consent_preview",
                "consent_preview",
                PREVIEWED,
                "NOT done yet: this is a preview that a person has to see and approve. Nothing was sent.",
                "Show preview.question to the person word for word. Only if they say yes, repeat the same "
                "call with approval set to preview.token.",
            )["error"],
            "preview": {**PREVIEW_ES, "token": shown["token"]},
        }
    }
    assert result.content[0].text.splitlines()[0] == f"Error: {PREVIEWED}"
    assert (made, replayed) == ({"id": "ord_1", "status": "preview"}, USED)
    assert till.made == [(REFUND, "preview")]


@pytest.mark.parametrize(
    ("moved", "given", "told"),
    [
        ({}, {"amount": 50001}, INVALID),
        ({}, {"order_id": "ord_2"}, INVALID),
        ({"account": "fedcba9876543210"}, {}, INVALID),
        ({"profile": "store-c"}, {}, INVALID),
        ({"amount": 60000}, {}, CHANGED),
        ({"said": {"es": "¿Reembolsar MXN 500.00 a «Eva»?"}}, {}, CHANGED),
        ({"now": START + 900}, {}, EXPIRED),
    ],
    ids=str,
)
async def test_a_token_is_of_what_was_shown(moved: dict[str, Any], given: Any, told: Any) -> None:
    till = Till()
    server = till.server(allow_preview=True)
    token = (await answered(server, None))["error"]["preview"]["token"]
    for name, value in moved.items():
        setattr(till, name, value)
    assert await answered(server, None, **given, approval=token) == told
    assert till.made == []


@pytest.mark.parametrize("token", ["", "x", "ñ", "A" * 64, "A" * 63, "A" * 65, "=" * 64])
async def test_a_made_up_token_is_refused(token: str) -> None:
    till = Till()
    assert await answered(till.server(allow_preview=True), None, approval=token) == INVALID
    assert till.made == []


async def test_a_preview_is_for_clients_that_cannot_ask_only(era: str) -> None:
    till = Till()
    server = till.server(allow_preview=True)
    token = (await answered(server, None))["error"]["preview"]["token"]
    person = Person("decline", None)
    assert await answered(server, person, era, approval=token) == DECLINED
    assert (len(person.asked), till.made) == (1, [])


async def test_a_preview_of_one_worker_is_taken_by_another() -> None:
    till = Till()
    workers = [till.server(allow_preview=True, secrets=SHARED) for _ in range(2)]
    token = (await answered(workers[0], None))["error"]["preview"]["token"]
    assert (await answered(workers[1], None, approval=token))["status"] == "preview"
    assert await answered(workers[0], None, approval=token) == USED
    stranger = till.server(allow_preview=True)
    fresh = (await answered(workers[0], None))["error"]["preview"]["token"]
    assert await answered(stranger, None, approval=fresh) == INVALID
    assert len(till.made) == 1


def test_the_argument_for_the_token_is_published_of_what_writes_only() -> None:
    arguments = load_schemas(refund_order).input
    assert "approval" not in arguments["properties"]
    assert add_approval_argument(arguments, refund_order)["properties"] == {
        **arguments["properties"],
        "approval": {
            "type": "string",
            "description": "Token of a preview, once the person said yes to it",
        },
    }
    reading = load_schemas(get_order).input
    assert add_approval_argument(reading, get_order) == reading


@pytest.mark.parametrize("token", ["A" * 101, "with space", "ñ"])
def test_a_token_of_another_shape_is_refused_by_the_guard(token: str) -> None:
    with pytest.raises(InvalidArguments) as refused:
        parse(token)
    assert [detail.param for detail in refused.value.details] == ["approval"]
    assert (parse("A" * 64).approval, parse("").approval) == ("A" * 64, None)


def parse(token: str) -> ServerArguments:
    on = ("approval",)
    given = read_client_arguments(refund_order, {**REFUND, "approval": token}, on)
    return parse_arguments(refund_order, given, "es", on)[0]
