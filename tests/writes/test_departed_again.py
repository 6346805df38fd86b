"""Calls without a key whose client is gone each time: the answer waits for one who is there."""

import json
from dataclasses import replace

import anyio
import pytest

from conekta_mcp.app import App
from conekta_mcp.server.elicitation import McpClient
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.equal_calls import answer_for_abandoned
from conekta_mcp.writes.idempotency import WriteResult, build_raw_answer
from conekta_mcp.writes.intents import Intents
from tests.consent.fake_client import FakeClient
from tests.writes.intending import claim, unsettled
from tests.writes.wire import ORDER, Scene, ask, scene

pytestmark = pytest.mark.anyio


async def ask_and_leave(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the call as a client over HTTP that hangs up before its answer."""
    with monkeypatch.context() as gone:
        gone.setattr(McpClient, "has_departed", property(lambda _: True))
        await ask(app, "create_order", ORDER)


async def lose(one: Scene) -> None:
    """Lose the next write, and all that is read at once about it."""
    one.wire.faults += [("POST", "after")] * 4
    one.wire.blind = 2


@pytest.mark.parametrize("is_lost", [False, True])
async def test_an_answer_that_nobody_got_twice_is_given_to_the_third(
    is_lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scene("memory") as one:
        app = one.server()
        if is_lost:
            await lose(one)
        await ask_and_leave(app, monkeypatch)
        assert [left.state for left in await app.store.list_unsettled()] == ["unknown"] * is_lost
        one.wire.faults.clear()
        await ask_and_leave(app, monkeypatch)
        assert await app.store.list_unsettled() == []
        sent = len(one.wire.posts())
        got = await ask(app, "create_order", ORDER)
        assert (got["repeated"], len(one.wire.posts())) == (True, sent)
        once_more = await ask(app, "create_order", ORDER)
        assert once_more["equal_call"]["id"] == got["id"]
        assert len(one.wire.posts()) == sent + 1


async def test_an_answer_whose_repeat_was_cancelled_is_given_to_the_next(
    intents: Intents, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = claim(state="done", is_abandoned=True, answer=json.dumps(build_raw_answer({}, settled=False)))
    assert await store.claim(done) is None
    replace_claim = store.replace

    async def repeat() -> WriteResult | None:
        wanted = claim(key="k-2")
        return await answer_for_abandoned(intents, wanted, [done], unsettled, FakeClient(), keyed=False)

    with anyio.CancelScope() as call:

        async def replace_and_cancel(old: Claim, new: Claim) -> bool:
            call.cancel()
            return await replace_claim(old, new)

        with monkeypatch.context() as torn:
            torn.setattr(store, "replace", replace_and_cancel)
            await repeat()
    assert call.cancelled_caught
    assert await store.find(done.place) == done
    assert await repeat()
    assert await store.find(done.place) == replace(done, is_abandoned=False)
