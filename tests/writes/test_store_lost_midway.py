"""A store that stops answering once a request has left: what may have arrived is never called not applied."""

from typing import Any

import httpx
import pytest

from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.storage.serialization import build_store_failure
from tests.writes.wire import ORDER, PERSON, Failing, Scene, ask, error, paid_order, refund, scene

pytestmark = pytest.mark.anyio


class Silent(Failing):
    """A store whose failures are those of a server that is away."""

    async def _fail(self, *_: Any, **__: Any) -> None:
        raise build_store_failure("store_unavailable", "ConnectionError", passing=True)


def put_silent_store(app: App) -> Silent:
    store = Silent(app.store)
    app.store = store  # type: ignore[assignment]  # a Store by delegation
    return store


def go_down_with_the_next_write(one: Scene, store: Silent, *down: str) -> None:
    answer = one.wire.handle_async_request

    async def send(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            store.down = set(down)
        return await answer(request)

    one.wire.handle_async_request = send  # type: ignore[method-assign]  # as long as the test lasts


@pytest.mark.parametrize("lost", ["before", "after"])
@pytest.mark.parametrize("down", [("list_made_ids",), ("read_time", "find", "replace", "append", "unlock")])
@pytest.mark.parametrize("tool", ["refund_order", "create_customer", "create_order"])
async def test_a_lost_answer_that_cannot_be_compared_with_the_store_is_unknown(
    tool: str, down: tuple[str, ...], lost: str
) -> None:
    async with scene("memory") as one:
        app = one.server(max_daily_refunds=50000)
        store = put_silent_store(app)
        calls = {
            "refund_order": refund(await paid_order(app)),
            "create_customer": PERSON,
            "create_order": ORDER,
        }
        go_down_with_the_next_write(one, store, *down)
        one.wire.faults += [("POST", lost)] * 4
        told = await ask(app, tool, {**calls[tool], "idempotency_key": "k"})
        assert (error(told), told["error"]["idempotency_key"]) == (("connection_error", "unknown"), "k")
        store.down = set()
        assert [one.key for one in await store.list_unsettled()] == ["k"]
        assert not [one for one in await store.read_records() if one["event"] == "refusal"]


@pytest.mark.parametrize("down", ["read_time", "replace", "renew_lock"])
@pytest.mark.parametrize(("first", "outcome"), [("before", "unknown"), ("refused", "not_applied")])
async def test_a_second_attempt_that_is_not_confirmed_says_what_the_first_may_have_done(
    first: str, outcome: str, down: str
) -> None:
    async with scene("memory") as one:
        app = one.server()
        store = put_silent_store(app)
        await paid_order(app)

        async def wait(_: float) -> None:
            one.clock.now += 6
            store.down = {down}

        app.conekta.retry_policy = RetryPolicy(sleep=wait)
        one.wire.faults.append(("POST", first))
        told = await ask(app, "create_order", {**ORDER, "idempotency_key": "k"})
        assert error(told) == ("store_unavailable", outcome)
        store.down = set()
        # Only one that was released can be made again with another key for Conekta.
        left = {one.key for one in await store.list_unsettled()}
        assert left == ({"k"} if outcome == "unknown" else left)
        (result,) = [one for one in await store.read_records() if one["event"] == "result"][1:]
        assert result["outcome"] == outcome
