"""An answer that shows another mode than the account has is not the answer to this call."""

import httpx
import pytest

from tests.writes.wire import ORDER, PERSON, ask, error, make_live, scene

pytestmark = pytest.mark.anyio
TEST, LIVE = b'"livemode":false', b'"livemode":true'


def answer_otherwise(one: object, *, reads: bool) -> None:
    """Let writes, and reads too if `reads`, be answered with the other mode than the account's, live."""
    wire = one.wire  # type: ignore[attr-defined]  # a Scene
    answer = wire.handle_async_request

    async def other(request: httpx.Request) -> httpx.Response:
        told = await answer(request)
        if request.method == "GET" and not reads:
            return told
        content = (await told.aread()).replace(LIVE, TEST)
        headers = {"content-type": "application/json", "date": told.headers["date"]}
        return httpx.Response(told.status_code, headers=headers, content=content)

    wire.handle_async_request = other


@pytest.mark.parametrize(("tool", "call"), [("create_order", ORDER), ("create_customer", PERSON)])
async def test_an_answer_of_another_mode_is_a_success_only_if_a_reading_shows_it(
    tool: str, call: dict[str, object]
) -> None:
    async with scene("memory") as one:
        make_live(one)
        app = one.server(accept_losing_safety=("memory-store",))
        assert "error" not in await ask(app, "create_customer", {**PERSON, "email": "eva@example.com"})
        answer_otherwise(one, reads=False)
        told = await ask(app, tool, {**call, "idempotency_key": "k"})
        assert "reading showed that it was applied" in told["settled"]
        answer_otherwise(one, reads=True)
        refused = await ask(app, tool, {**call, "idempotency_key": "k2"})
        assert error(refused) == ("unreadable_answer", "unknown")
        assert "livemode" in refused["error"]["message"]
