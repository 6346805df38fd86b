"""Sends several requests at the same time."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio

from conekta_mcp.errors import Failure

RequestMaker = Callable[[], Awaitable[Mapping[str, Any]]]


async def gather_answers(*asks: RequestMaker) -> list[Mapping[str, Any]]:
    """Await all of `asks` at the same time and return their answers in order.

    Raises:
        Failure: the first one, in the order of `asks`.
    """
    answers: list[Mapping[str, Any]] = [{} for _ in asks]
    failures: dict[int, Failure] = {}

    async def store_answer(place: int, ask: RequestMaker) -> None:
        try:
            answers[place] = await ask()
        except Failure as failure:
            failures[place] = failure

    async with anyio.create_task_group() as group:
        for place, ask in enumerate(asks):
            group.start_soon(store_answer, place, ask)
    if failures:
        raise failures[min(failures)]
    return answers
