"""Approvals on the path of a write: records, and other calls while a person decides."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import ElicitRequestFormParams, ElicitResult

from tests.writes.wire import (
    ORDER,
    PERSON,
    Scene,
    ask,
    paid_order,
    refund,
    refunded,
    scene,
)

pytestmark = pytest.mark.anyio
SECRET = {"toolsets": ("api_keys",), "confirm": "destructive"}


class Person:
    """Whoever sits at the client; before they answer something else may happen."""

    def __init__(
        self, action: Any = "accept", meanwhile: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        self.action, self.meanwhile = action, meanwhile
        self.asked: list[str] = []

    async def __call__(self, _: Any, params: ElicitRequestFormParams) -> ElicitResult:
        self.asked.append(params.message)
        if self.meanwhile:
            await self.meanwhile()
        return ElicitResult(action=self.action, content={"approve": True})


async def asking(app: Any, person: Person, era: Any, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """What a client of `person` is answered."""
    async with Client(app.server, mode=era, elicitation_callback=person) as client:
        listed = [one.name for one in (await client.list_tools()).tools]
        if tool in listed:
            return (await client.call_tool(tool, arguments)).structured_content or {}
        named = {"name": tool, "arguments": arguments}
        return (await client.call_tool("call_write_operation", named)).structured_content or {}


async def consents(one: Scene) -> list[tuple[str, str | None]]:
    kept = await one.apps[0].store.read_records()
    return [
        (record["event"], record.get("consent")) for record in kept if record["tool"] != "create_card_order"
    ]


async def test_a_yes_is_recorded_and_acts_once(era: str) -> None:
    async with scene("memory") as one:
        free, app, person = one.server(), one.server(confirm="money"), Person()
        app.store = free.store
        order_id = await paid_order(free)
        made = await asking(app, person, era, "refund_order", refund(order_id))
        assert (made["amount_refunded"], len(person.asked)) == (50000, 1)
        assert await consents(one) == [("intent", "approved"), ("result", "approved")]


@pytest.mark.parametrize(
    ("toolsets", "tool", "arguments"),
    [
        ("api_keys", "list_api_keys", {}),
        ("webhooks", "list_webhooks", {}),
    ],
)
async def test_a_yes_to_showing_a_secret_is_recorded_before_it_is_shown(
    era: str, toolsets: str, tool: str, arguments: dict[str, Any]
) -> None:
    async with scene("memory") as one:
        app, person = one.server(toolsets=(toolsets,), confirm="destructive"), Person()
        shown = await asking(app, person, era, tool, arguments)
        assert "error" not in shown
        (record,) = await app.store.read_records()
        assert (record["event"], record["tool"], record["consent"], record["outcome"]) == (
            "decision",
            tool,
            "approved",
            "approved",
        )


@pytest.mark.parametrize("tool", ["create_api_key", "create_webhook_key"])
async def test_a_yes_to_making_a_secret_is_recorded_with_its_write(era: str, tool: str) -> None:
    async with scene("memory") as one:
        app, person = one.server(toolsets=("api_keys", "webhooks"), confirm="destructive"), Person()
        made = await asking(app, person, era, tool, {"role": "private"} if tool == "create_api_key" else {})
        assert "error" not in made, made
        kept = [one for one in await app.store.read_records() if one["tool"] == tool]
        assert [(one["event"], one["consent"]) for one in kept] == [
            ("intent", "approved"),
            ("result", "approved"),
        ]


async def test_a_no_is_recorded_and_nothing_is_sent(era: str) -> None:
    async with scene("memory") as one:
        free, app = one.server(), one.server(confirm="money")
        app.store = free.store
        order_id = await paid_order(free)
        refused = await asking(app, Person("decline"), era, "refund_order", refund(order_id))
        assert refused["error"]["type"] == "consent_declined"
        assert await consents(one) == [("refusal", "declined (client: mcp 0.1.0)")]
        assert one.wire.posts() == ["/orders"]


@pytest.mark.parametrize("key", [{}, {"idempotency_key": "another"}], ids=["no key", "another key"])
async def test_whoever_is_asked_is_told_of_an_equal_bill_with_its_time_and_order(
    era: str, key: dict[str, str]
) -> None:
    async with scene("memory") as one:
        one.clock.now = 1_772_467_200  # 2 Mar 2026, 10:00:00
        app, person = one.server(confirm="money"), Person()
        first = await asking(app, person, era, "create_order", ORDER)
        one.clock.now += 5
        await asking(app, person, era, "create_order", {**ORDER, **key})
        told = "NOTE: an equal one was made on 2 Mar 2026, 10:00:00 (Mexico City): order {}."
        assert [told.format(first["id"]) in question for question in person.asked] == [False, True]


async def test_what_an_equal_call_of_another_day_made_is_not_told(era: str) -> None:
    async with scene("memory") as one:
        app, person = one.server(confirm="money"), Person()
        await asking(app, person, era, "create_order", ORDER)
        one.clock.now += 86_401
        await asking(app, person, era, "create_order", ORDER)
        assert ["an equal one" in question for question in person.asked] == [False, False]


async def test_after_five_noes_nobody_is_asked_for_a_while(era: str) -> None:
    async with scene("memory") as one:
        free, app, person = one.server(), one.server(confirm="money"), Person("decline")
        app.store = free.store
        order_id = await paid_order(free)
        for amount in range(1, 6):
            await asking(app, person, era, "refund_order", refund(order_id, amount))
        paused = await asking(app, person, era, "refund_order", refund(order_id, 6))
        assert (paused["error"]["type"], len(person.asked)) == ("consent_paused", 5)
        one.clock.now += 600
        person.action = "accept"
        assert (await asking(app, person, era, "refund_order", refund(order_id, 6)))["amount_refunded"] == 6


async def test_nobody_is_asked_for_what_a_daily_limit_would_refuse(era: str) -> None:
    async with scene("memory") as one:
        free, person = one.server(max_daily_refunds=60_000), Person()
        app = one.server(confirm="money", max_daily_refunds=60_000)
        app.store = free.store
        order_id, other = await paid_order(free), await paid_order(free)
        await ask(free, "refund_order", refund(order_id))
        told = await asking(app, person, era, "refund_order", refund(other))
        assert (told["error"]["type"], person.asked) == ("limit_exceeded", [])
        assert (await asking(app, person, era, "refund_order", refund(other, 10_000)))[
            "amount_refunded"
        ] == 10_000
        assert len(person.asked) == 1


async def test_what_others_use_up_of_a_limit_leaves_a_yes_for_later(tmp_path: Path) -> None:
    async with scene(str(tmp_path / "store.db")) as one:
        limits: dict[str, Any] = {"max_daily_refunds": 60_000}
        terminal = {"approval_channels": ("terminal",), "approval_wait": 0.0}
        free, app = one.server(**limits), one.server(confirm="money", **terminal, **limits)
        order_id, other = await paid_order(free), await paid_order(free)
        assert (await ask(app, "refund_order", refund(other)))["error"]["type"] == "consent_pending"
        [approval] = await app.consent.pending.list_open()
        await app.consent.pending.decide(approval.id, approved=True, by="luis", channel="terminal")
        await ask(free, "refund_order", refund(order_id))
        assert (await ask(app, "refund_order", refund(other)))["error"]["type"] == "limit_exceeded"
        assert await refunded(app, other) == 0
        # With more room the same yes still counts, once.
        wider = one.server(confirm="money", **terminal, max_daily_refunds=200_000)
        assert (await ask(wider, "refund_order", refund(other)))["amount_refunded"] == 50_000
        assert await wider.consent.pending.list_open() == []


async def test_a_no_counts_though_a_limit_is_used_up_meanwhile(era: str) -> None:
    async with scene("memory") as one:
        limits: dict[str, Any] = {"max_daily_refunds": 60_000}
        free, app = one.server(**limits), one.server(confirm="money", **limits)
        app.store = free.store
        order_id, other = await paid_order(free), await paid_order(free)
        person = Person("decline", lambda: ask(free, "refund_order", refund(order_id)))
        told = await asking(app, person, era, "refund_order", refund(other))
        assert told["error"]["type"] == "consent_declined"


async def test_a_repeat_asks_nobody(era: str) -> None:
    async with scene("memory") as one:
        free, app, person = one.server(), one.server(confirm="money"), Person()
        app.store = free.store
        call = refund(await paid_order(free), idempotency_key="k")
        made = await asking(app, person, era, "refund_order", call)
        assert await asking(app, person, era, "refund_order", call) == {**made, "repeated": True}
        assert len(person.asked) == 1


async def test_what_the_same_intent_did_while_the_person_thought_is_the_answer(era: str) -> None:
    async with scene("memory") as one:
        free, app = one.server(), one.server(confirm="money")
        app.store = free.store
        order_id = await paid_order(free)
        call = refund(order_id, 125000, idempotency_key="k")
        person = Person(meanwhile=lambda: ask(free, "refund_order", call))
        made = await asking(app, person, era, "refund_order", call)
        assert (made.get("amount_refunded"), len(person.asked)) == (125000, 1)
        assert await refunded(free, order_id) == 125000
        assert len(one.wire.posts()) == 2


async def test_what_another_intent_did_while_the_person_thought_makes_their_yes_void(era: str) -> None:
    async with scene("memory") as one:
        free, app = one.server(), one.server(confirm="money")
        app.store = free.store
        order_id = await paid_order(free)
        person = Person(meanwhile=lambda: ask(free, "refund_order", refund(order_id, 10000)))
        refused = await asking(app, person, era, "refund_order", refund(order_id))
        assert refused["error"]["code"] == "conekta_mcp.errors.consent_changed"
        assert await refunded(free, order_id) == 10000


async def test_what_shows_secrets_is_asked_about_although_it_changes_nothing(era: str) -> None:
    async with scene("memory") as one:
        app, person = one.server(**SECRET), Person()
        made = await asking(app, person, era, "create_api_key", {"role": "private"})
        shown = await asking(app, person, era, "get_api_key", {"api_key_id": made["id"]})
        assert (shown["id"], len(person.asked)) == (made["id"], 2)
        person.action = "decline"
        refused = await asking(app, person, era, "get_api_key", {"api_key_id": made["id"]})
        assert refused["error"]["type"] == "consent_declined"
        kept = (await app.store.read_records())[-1]
        assert (kept["tool"], kept["event"], kept["consent"]) == (
            "get_api_key",
            "refusal",
            "declined (client: mcp 0.1.0)",
        )
        person.action = "accept"
        missing = await asking(app, person, era, "get_api_key", {"api_key_id": "6a" + "0" * 22})
        assert missing["error"]["type"] == "resource_not_found_error"
        kept = (await app.store.read_records())[-1]
        assert (kept["tool"], kept["event"], kept["consent"]) == ("get_api_key", "decision", "approved")


async def test_what_shows_secrets_is_shown_at_once_where_the_operator_asks_nobody() -> None:
    async with scene("memory") as one:
        app, person = one.server(toolsets=("api_keys",)), Person()
        made = await asking(app, person, "auto", "create_api_key", {"role": "private"})
        shown = await asking(app, person, "auto", "get_api_key", {"api_key_id": made["id"]})
        assert (shown["id"], person.asked) == (made["id"], [])


async def test_a_claim_that_vanishes_while_it_is_looked_at_is_made_by_who_looked() -> None:
    async with scene("memory") as one:
        app = one.server()
        claim = app.store.claim

        async def beaten(wanted: Any, *_: Any, **__: Any) -> Any:
            app.store.claim = claim  # type: ignore[method-assign]  # once
            return wanted

        app.store.claim = beaten  # type: ignore[method-assign]  # another's claim that is given up at once
        made = await ask(app, "create_customer", {**PERSON, "idempotency_key": "k"})
        assert made["id"].startswith("cus_")
        assert one.wire.posts() == ["/customers"]
