"""The tools that only buttons of cards call: their use of the secret, and their hiding without it."""

import json
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import jsonschema
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from conekta_mcp.app import App
from conekta_mcp.domains.plans.tools import create_plan
from conekta_mcp.server.cards.listing import APP_ONLY_TOOLS
from conekta_mcp.server.tools.published_schemas import SNAPSHOTS_FOLDER
from conekta_mcp.settings import Settings
from conekta_mcp.storage.sqlite import SqliteStore
from tests.server.cards.shop import (
    APPS,
    ASKS,
    MovableTime,
    bill,
    connect,
    count_orders,
    read_card_meta,
    read_card_only,
)

pytestmark = pytest.mark.anyio


async def ask(client: Client, tool: str, meta: dict[str, Any]) -> dict[str, Any]:
    answered = await client.call_tool(tool, meta)
    assert not answered.is_error
    found: dict[str, Any] = answered.structured_content or {}
    return found


async def assert_unknown(client: Client, name: str, arguments: dict[str, Any]) -> None:
    """As on a server that has no such tool: not even the wording differs."""
    async with connect(approval_channels=("terminal",)) as other:
        without = await other.call_tool(name, arguments)
    answered = await client.call_tool(name, arguments)
    assert answered.model_dump(exclude={"meta"}) == without.model_dump(exclude={"meta"})
    assert (answered.structured_content or {})["error"]["type"] == "unknown_tool"


async def test_a_question_on_a_card_is_no_error_and_says_what_to_do(era: str) -> None:
    async with connect(era, language="en") as client:
        asked = await bill(client)
        meta = read_card_meta(asked)
        assert await count_orders(client) == 0
    assert asked.is_error is False
    assert asked.structured_content == {
        "status": "consent_pending",
        "outcome": "not_applied",
        "message": (
            "A person has to approve this and has not answered yet. NOTHING was done. "
            "On the card in this conversation."
        ),
        "retry_after_s": 15,
        "hint": (
            "Tell the person where to answer. After retry_after_s make the very same call again: it joins "
            "this question and acts once it is approved. Do not change its arguments or call another tool "
            "for it."
        ),
    }
    [text] = asked.content
    assert json.loads(text.text) == asked.structured_content  # type: ignore[union-attr]
    assert set(read_card_only(asked)) == {"id", "secret", "views"}
    read = asked.model_dump(mode="json", by_alias=True, exclude={"meta"})
    # Neither what the card answers with, nor the question itself, is where a model reads.
    for hidden in (meta["secret"], meta["id"], "Ana Ruiz", "500.00"):
        assert hidden not in json.dumps(read, ensure_ascii=False)


async def test_the_whole_question_is_in_what_only_the_card_gets(era: str) -> None:
    async with connect(era, clock=MovableTime()) as client:
        asked = await bill(client)
        told = read_card_only(asked)["views"]
        drawn = await ask(client, "approval_state", read_card_meta(asked))
    assert {"text": "«Ana Ruiz»", "is_typed": True} in told["es"]["question"]
    assert (told["en"]["amount"], told["en"]["left_ms"]) == ("MXN 500.00", 900_000)
    # What the server says later is the same question, which has been shown by then.
    for views in (told, drawn["views"]):
        for view in views.values():
            view["stage"] = None
    assert told == drawn["views"]


@pytest.mark.parametrize("pii", ["masked", "minimal"])
async def test_under_masking_the_question_is_told_to_the_card_alone(era: str, pii: str) -> None:
    async with connect(era, pii=pii) as client:
        asked = await bill(client)
        assert set(read_card_only(asked)) == {"id", "secret"}
        assert "Ana" not in asked.model_dump_json()
        drawn = await ask(client, "approval_state", read_card_meta(asked))
    # As in a form of the client: who says yes has to know to whom.
    assert {"text": "«Ana Ruiz»", "is_typed": True} in drawn["views"]["es"]["question"]


async def test_the_question_fits_every_published_output_schema(era: str) -> None:
    async with connect(era) as client:
        asked = (await bill(client)).structured_content
    for file in SNAPSHOTS_FOLDER.glob("*.json"):
        jsonschema.validate(asked, json.loads(file.read_bytes())["outputSchema"])


async def test_a_yes_on_the_card_makes_the_bill_once(era: str) -> None:
    async with connect(era) as client:
        meta = read_card_meta(await bill(client))
        drawn = await ask(client, "approval_state", meta)
        assert (drawn["state"], drawn["channel"]) == ("shown", None)
        view = drawn["views"]["es"]
        assert (view["amount"], view["is_live"]) == ("MXN 500.00", False)
        assert {"text": "«Ana Ruiz»", "is_typed": True} in view["question"]
        assert drawn["views"]["en"]["amount"] == "MXN 500.00"
        said = await ask(client, "approve_pending", meta)
        assert (said["state"], said["channel"], await count_orders(client)) == ("approved", "card", 0)
        made = await bill(client)
        assert (made.structured_content or {})["payment_status"] == "pending_payment"
        assert (await ask(client, "approval_state", meta))["state"] == "spent"
        # The button once more, or the other one, changes nothing now.
        for tool in ("approve_pending", "decline_pending"):
            assert (await ask(client, tool, meta))["state"] == "spent"
        assert await count_orders(client) == 1
        # The next equal bill is another question, which the old card cannot answer.
        again = read_card_meta(await bill(client))
        assert again["id"] != meta["id"]
        await assert_unknown(client, "approve_pending", {"id": again["id"], "secret": meta["secret"]})


async def test_a_no_on_the_card_is_told_and_nothing_is_made(era: str) -> None:
    async with connect(era) as client:
        meta = read_card_meta(await bill(client))
        assert (await ask(client, "decline_pending", meta))["state"] == "declined"
        told = await bill(client)
        assert told.is_error
        assert (told.structured_content or {})["error"]["type"] == "consent_declined"
        assert (await ask(client, "approve_pending", meta))["state"] == "declined"
        assert await count_orders(client) == 0


async def test_an_answer_is_in_the_audit_under_its_profile_as_its_call_is(era: str) -> None:
    app = App(Settings(**ASKS, audit="store"))  # type: ignore[arg-type]  # as declared
    try:
        async with Client(app.server, mode=era, extensions=APPS) as client:
            await ask(client, "approve_pending", read_card_meta(await bill(client)))
            await bill(client)
        kept = [(one["event"], one["profile"]) for one in await app.store.read_records()]
    finally:
        await app.close()
    assert kept == [(event, "default") for event in ("decision", "intent", "result")]


async def test_each_card_of_one_question_can_answer_it(era: str) -> None:
    async with connect(era) as client:
        first, second = read_card_meta(await bill(client)), read_card_meta(await bill(client))
        assert first["id"] == second["id"]
        assert first["secret"] != second["secret"]
        assert (await ask(client, "approve_pending", first))["state"] == "approved"
        assert (await ask(client, "approval_state", second))["state"] == "approved"


async def test_a_question_whose_time_is_over_can_not_be_answered(era: str) -> None:
    clock = MovableTime()
    async with connect(era, clock=clock) as client:
        meta = read_card_meta(await bill(client))
        clock.now += 901
        assert (await ask(client, "approve_pending", meta))["state"] == "expired"
        assert (await ask(client, "approval_state", meta))["state"] == "expired"
        assert "id" in read_card_meta(await bill(client))
        assert await count_orders(client) == 0


@pytest.mark.parametrize("name", APP_ONLY_TOOLS)
async def test_without_the_secret_there_is_no_such_tool(era: str, name: str) -> None:
    async with connect(era) as client:
        meta = read_card_meta(await bill(client))
        for arguments in (
            {},
            {"id": meta["id"]},
            {"secret": meta["secret"]},
            {**meta, "secret": "A" * 32},
            {**meta, "secret": ""},
            {**meta, "secret": [meta["secret"]]},
            {**meta, "id": "0" * 24},
            {**meta, "id": meta["id"].upper() + "\n"},
            {**meta, "more": 1},
        ):
            await assert_unknown(client, name, arguments)
        assert (await ask(client, "approval_state", meta))["state"] == "shown"


@pytest.mark.parametrize("name", APP_ONLY_TOOLS)
async def test_a_client_without_cards_has_no_such_tool(era: str, name: str) -> None:
    app = App(Settings(**ASKS))  # type: ignore[arg-type]  # as declared
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.close)
        shows = await stack.enter_async_context(Client(app.server, mode=era, extensions=APPS))
        plain = await stack.enter_async_context(Client(app.server, mode=era))
        meta = read_card_meta(await bill(shows))
        await assert_unknown(plain, name, meta)
        assert name not in [tool.name for tool in (await plain.list_tools()).tools]


async def test_no_tool_that_a_model_calls_reaches_them(era: str) -> None:
    async with connect(era) as client:
        meta = read_card_meta(await bill(client))
        for name in APP_ONLY_TOOLS:
            for caller in ("call_write_operation", "call_read_operation"):
                refused = await client.call_tool(caller, {"name": name, "arguments": meta})
                assert (refused.structured_content or {})["error"]["type"] == "unknown_tool", (name, caller)
            described = await client.call_tool("describe_operation", {"name": name})
            assert (described.structured_content or {})["error"]["type"] == "unknown_tool", name
            found = await client.call_tool(
                "search_operations", {"query": name.replace("_", " "), "limit": 20}
            )
            assert name not in json.dumps(found.structured_content)
        assert (await ask(client, "approval_state", meta))["state"] == "shown"


async def test_another_session_or_key_can_not_answer(era: str) -> None:
    over_http: dict[str, Any] = {**ASKS, "transport": ("streamable-http",), "port": 0}
    app = App(Settings(**over_http))
    http = app.create_http_app()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.close)
        await stack.enter_async_context(http.router.lifespan_context(http))

        async def client_of(key: str) -> Client:
            wire = await stack.enter_async_context(
                httpx2.AsyncClient(
                    transport=httpx2.ASGITransport(http),
                    base_url="http://127.0.0.1",
                    headers={"Authorization": f"Bearer {key}"},
                )
            )
            target = streamable_http_client("http://127.0.0.1/mcp", http_client=wire)
            return await stack.enter_async_context(Client(target, mode=era, extensions=APPS))

        mine, theirs = await client_of("key_mine0123456789"), await client_of("key_theirs0123456789")
        meta = read_card_meta(await bill(mine))
        for name in APP_ONLY_TOOLS:
            await assert_unknown(theirs, name, meta)
        if era == "legacy":
            # There a session has a name; requests of 2026-07-28 have none, so the key alone tells callers.
            other = await client_of("key_mine0123456789")
            await assert_unknown(other, "approve_pending", meta)
        assert (await ask(mine, "approve_pending", meta))["state"] == "approved"
        assert (await bill(theirs)).is_error is False
        assert await count_orders(theirs) == 0
        assert (await bill(mine)).is_error is False
        assert await count_orders(mine) == 1


async def test_an_operation_that_is_not_listed_asks_on_a_card_too(era: str) -> None:
    async with connect(era) as client:
        call = {"name": create_plan.name, "arguments": dict(create_plan.example)}
        asked = await client.call_tool("call_write_operation", call)
        meta = read_card_meta(asked)
        assert (await ask(client, "approve_pending", meta))["state"] == "approved"
        made = await client.call_tool("call_write_operation", call)
        assert not made.is_error, made.content


async def test_an_answer_that_stands_is_told_though_the_audit_cannot_be_written(
    era: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError

    async with connect(era) as client:
        meta = read_card_meta(await bill(client))
        monkeypatch.setattr(SqliteStore, "append", fail)
        said = await ask(client, "approve_pending", meta)
        again = await ask(client, "approval_state", meta)
    assert (said["state"], said["warning"]["en"][:46]) == (
        "approved",
        "It counts, but it could not be written to the ",
    )
    assert (again["state"], "warning" in again) == ("approved", False)
