"""Requests at the same time, from the side of who asks."""

from typing import Any

import anyio
import pytest

from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.errors import Detail, Unreachable

pytestmark = pytest.mark.anyio


async def test_answers_come_in_the_order_asked() -> None:
    first_waits = anyio.Event()

    async def first() -> dict[str, Any]:
        await first_waits.wait()
        return {"n": 1}

    async def second() -> dict[str, Any]:
        first_waits.set()
        return {"n": 2}

    with anyio.fail_after(120):
        assert await gather_answers(first, second) == [{"n": 1}, {"n": 2}]


async def test_all_are_awaited_although_one_failed() -> None:
    finished = []

    async def failing() -> dict[str, Any]:
        raise Unreachable(type="connection_error", details=(Detail(message="No."),))

    async def slower() -> dict[str, Any]:
        await anyio.lowlevel.checkpoint()
        finished.append("slower")
        return {}

    with pytest.raises(Unreachable, match=r"No\."):
        await gather_answers(failing, slower)
    assert finished == ["slower"]
