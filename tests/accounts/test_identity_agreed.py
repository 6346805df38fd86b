"""Two processes that learn one key's account at the same time act for one account, whatever each is told."""

from typing import Any

import anyio
import pytest

from conekta_mcp.accounts.identity import FRESH_SECONDS, Identity
from conekta_mcp.catalog import Request
from tests.accounts.test_identity import (
    OTHER_SHOP,
    SHOP,
    Clock,
    Conekta,
    Store,
    key,
    name_of,
    processes,
    refused,
)

pytestmark = pytest.mark.anyio


class Held(Conekta):
    """Answers once it may."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.go = anyio.Event()

    async def send(self, request: Request) -> dict[str, Any]:
        await self.go.wait()
        return await super().send(request)


async def learn_at_once(store: Store, clock: Clock, first: Any, second: Any) -> list[Identity]:
    """Let two processes ask for one key's account; the second is answered when the first is done."""
    late, found = Held(second), []

    async def learn_late() -> None:
        found.append(await processes(clock, store).read_identity(key("key_1", late)))

    async with anyio.create_task_group() as group:
        group.start_soon(learn_late)
        await anyio.wait_all_tasks_blocked()
        found.append(await processes(clock, store).read_identity(key("key_1", Conekta(first))))
        late.go.set()
    return found


@pytest.mark.parametrize("second", [refused(403), refused(404), OTHER_SHOP], ids=str)
async def test_who_is_told_another_company_keeps_to_the_first(second: Any) -> None:
    found = await learn_at_once(Store(), Clock(), SHOP, second)
    assert {one.name for one in found} == {name_of(SHOP, "test")}


async def test_who_is_told_a_company_too_late_stands_for_the_key_too() -> None:
    found = await learn_at_once(Store(), Clock(), refused(403), SHOP)
    assert [one.company for one in found] == [None, None]
    assert len({one.name for one in found}) == 1


async def test_a_day_later_both_keep_to_what_the_first_is_told_then() -> None:
    store, clock = Store(), Clock()
    await learn_at_once(store, clock, SHOP, SHOP)
    clock.now += FRESH_SECONDS
    found = await learn_at_once(store, clock, SHOP, OTHER_SHOP)
    assert {one.company for one in found} == {SHOP}
