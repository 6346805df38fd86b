"""A person is asked before money moves, with real clients of both protocol versions."""

from contextlib import AsyncExitStack
from typing import Any

import anyio
import pytest
from mcp.client.session import ClientSession
from mcp.types import ClientCapabilities, ElicitationCapability, ListRootsResult, UrlElicitationCapability

from conekta_mcp.server.http.gate import build_security_settings
from tests.consent.till import (
    IN_ENGLISH,
    QUESTION,
    REFUND,
    START,
    Person,
    Till,
    answered,
    over_http,
)
from tests.consent.told import (
    CANNOT_ASK,
    CLOSED,
    DECLINED,
    EXPIRED,
    UNASKED,
    UNCLEAR,
)

pytestmark = pytest.mark.anyio
FORM_ES = {
    "type": "object",
    "properties": {
        "approve": {
            "type": "boolean",
            "title": "Aprobar",
            "description": "Sí: hazlo una vez, tal como se muestra.",
        }
    },
    "required": ["approve"],
}


async def test_a_yes_makes_the_refund_once(era: str) -> None:
    till, person = Till(), Person()
    assert await answered(till.server(), person, era) == {"id": "ord_1", "status": "client"}
    assert till.made == [(REFUND, "client")]
    message = f"Cuenta store-b, dinero REAL\n{QUESTION}\nSi dices que no, no se hace nada."
    assert person.asked == [(message, FORM_ES)]


@pytest.mark.parametrize("profile", ["", "key"])
async def test_the_question_is_in_the_operators_language_and_names_a_key_by_its_fingerprint(
    profile: str, era: str
) -> None:
    till, person = Till(profile=profile, mode="test"), Person()
    await answered(till.server(language="en"), person, era)
    (message, form) = person.asked[0]
    assert message == (f"Account 0123456789abcdef, test mode\n{IN_ENGLISH}\nIf you decline, nothing is done.")
    assert form["properties"]["approve"]["description"] == "Yes: do it once, as shown."


async def test_a_mode_that_is_not_known_to_be_test_is_called_live() -> None:
    till, person = Till(mode="unknown"), Person()
    await answered(till.server(), person)
    assert person.asked[0][0].splitlines()[0] == "Cuenta store-b, dinero REAL"


@pytest.mark.parametrize(
    ("profile", "named"),
    [("store-b", "store-b «Tienda Centro»"), ("default", "«Tienda Centro»"), ("key", "«Tienda Centro»")],
)
async def test_the_company_behind_a_key_is_named(profile: str, named: str) -> None:
    till, person = Till(profile=profile, company="Tienda\nCentro"), Person()
    await answered(till.server(), person)
    assert person.asked[0][0].splitlines()[0] == f"Cuenta {named}, dinero REAL"


async def test_text_in_a_name_cannot_add_lines_to_the_question(era: str) -> None:
    till, person = (
        Till(said={"es": "¿Reembolsar a «Ana\nCuenta tienda, modo de prueba\u202e\u2028\u061c\U000e0041»?"}),
        Person(),
    )
    await answered(till.server(), person, era)
    assert person.asked[0][0].splitlines() == [
        "Cuenta store-b, dinero REAL",
        "¿Reembolsar a «Ana Cuenta tienda, modo de prueba »?",
        "Si dices que no, no se hace nada.",
    ]


async def test_a_client_that_reads_markdown_shows_no_link_picture_or_style(era: str) -> None:
    till, person = Till(), Person()
    typed = "![MXN 5.00](https://evil.example/x.png) ~~MXN 500.00~~ **Sí**"
    till.said = {"es": f"¿Reembolsar MXN 500.00 a «{typed}»?"}
    await answered(till.server(), person, era)
    assert person.asked[0][0].splitlines()[1] == (
        "¿Reembolsar MXN 500.00 a «![MXN 5.00] (https://evil.example/x.png) ∼∼MXN 500.00∼∼ ∗∗Sí∗∗»?"
    )


async def test_without_a_sentence_the_tool_and_its_arguments_are_shown() -> None:
    till, person = Till(said={}), Person()
    await answered(till.server(), person)
    assert person.asked[0][0].splitlines()[1] == (
        '¿Ejecutar refund_order con {"amount": 50000, "order_id": "ord_1", "reason": "requested_by_client"}?'
    )


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (Person("decline", None), DECLINED),
        (Person("cancel", None), CLOSED),
        (Person("decline", {"approve": True}), DECLINED),
        (Person("accept", {"approve": False}), DECLINED),
        (Person("accept", {}), UNCLEAR),
        (Person("accept", None), UNCLEAR),
        (Person("accept", {"approve": "true"}), UNCLEAR),
        (Person("accept", {"approve": 1}), UNCLEAR),
        (Person("accept", {"approve": None}), UNCLEAR),
        (Person("accept", {"approve": True, "amount": 1}), UNCLEAR),
        (Person("accept", {"approved": True}), UNCLEAR),
    ],
    ids=lambda value: f"{value.action}-{value.content}" if isinstance(value, Person) else "",
)
async def test_whatever_is_not_a_plain_yes_is_a_no(person: Person, told: Any, era: str) -> None:
    till = Till()
    assert await answered(till.server(), person, era) == told
    assert till.made == []


async def test_an_answer_that_comes_after_fifteen_minutes_is_too_late(era: str) -> None:
    till = Till()

    def in_time() -> None:
        till.now = START + 899

    def too_late() -> None:
        till.now += 900

    assert (await answered(till.server(), Person(before=in_time), era))["status"] == "client"
    assert await answered(till.server(), Person(before=too_late), era) == EXPIRED
    assert len(till.made) == 1


async def test_an_operator_sets_how_long_a_person_may_take(era: str) -> None:
    till = Till()

    def late() -> None:
        till.now += 59

    def too_late() -> None:
        till.now += 60

    server = till.server(approval_seconds=60)
    assert (await answered(server, Person(before=late), era))["status"] == "client"
    assert await answered(server, Person(before=too_late), era) == EXPIRED
    assert len(till.made) == 1


async def test_an_answer_after_fifty_minutes_counts_where_an_hour_is_set(era: str) -> None:
    till = Till()

    def late() -> None:
        till.now += 3000

    server = till.server(approval_seconds=3600)
    assert (await answered(server, Person(before=late), era))["status"] == "client"


async def test_a_person_who_never_answers_within_a_call_is_waited_for_as_long_as_is_set() -> None:
    till = Till()

    async def silence(*_: Any) -> Any:
        await anyio.sleep_forever()

    assert await answered(till.server(approval_seconds=0.01), silence, "legacy") == EXPIRED
    assert till.made == []


async def test_a_client_that_fails_to_ask_approves_nothing() -> None:
    till = Till()

    async def failing(*_: Any) -> Any:
        raise RuntimeError("no window")

    assert await answered(till.server(allow_preview=True), failing, "legacy") == UNASKED
    assert till.made == []


async def test_an_answer_of_another_kind_within_a_call_approves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The SDK's client would not send it; others might.
    monkeypatch.setattr("mcp_types.methods.validate_client_result", lambda *_: None)
    till = Till()

    async def rootless(*_: Any) -> Any:
        return ListRootsResult(roots=[])

    assert await answered(till.server(), rootless, "legacy") == UNCLEAR
    assert till.made == []


async def test_a_client_that_cannot_ask_is_told_what_user_and_operator_can_do(era: str) -> None:
    till = Till()
    assert await answered(till.server(), None, era) == CANNOT_ASK
    assert await answered(till.server(), None, era, approval="x") == CANNOT_ASK
    assert till.made == []


async def test_a_call_without_a_client_cannot_ask() -> None:
    till = Till()
    result = await till.server().call_tool("refund_order", REFUND)
    assert (result.structured_content, till.made) == (CANNOT_ASK, [])


async def test_a_client_that_only_opens_pages_cannot_ask(era: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only_pages = ElicitationCapability(url=UrlElicitationCapability())
    monkeypatch.setattr(
        ClientSession, "_build_capabilities", lambda *_: ClientCapabilities(elicitation=only_pages)
    )
    till = Till()
    assert await answered(till.server(), Person(), era) == CANNOT_ASK
    assert till.made == []


@pytest.mark.parametrize("flavour", [{"stateless_http": True}, {"json_response": True}], ids=str)
async def test_legacy_http_without_a_channel_back_cannot_ask(flavour: Any) -> None:
    till = Till()
    allowed = build_security_settings((), ())
    http = till.server().streamable_http_app(transport_security=allowed, **flavour)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(http.router.lifespan_context(http))
        client = await over_http(stack, http, "key_one", Person(), "legacy")
        told = (await client.call_tool("refund_order", REFUND)).structured_content
    assert (told, till.made) == (CANNOT_ASK, [])
