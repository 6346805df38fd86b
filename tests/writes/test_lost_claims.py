"""A store that forgot a claim while its request was under way, as a Redis that fails over may."""

import anyio
import pytest

from conekta_mcp.app import App
from conekta_mcp.storage.sqlite import SqliteStore
from tests.writes.wire import Scene, ask, error, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
FORGET = "DELETE FROM claims WHERE place LIKE '%refund_order%'"
SET_BACK = "UPDATE claims SET claim = ?, until = 2e9 WHERE place LIKE '%refund_order%'"
READ = "SELECT claim FROM claims WHERE place LIKE '%refund_order%'"


async def run_and_forget(one: Scene, app: App, order_id: str, change: str, *values: str) -> dict[str, object]:
    """Refund, and change the claim in the store while Conekta works on it."""
    answers = []
    one.wire.faults.append(("POST", "hold"))

    async def give_back() -> None:
        answers.append(await ask(app, "refund_order", refund(order_id, idempotency_key="k")))

    async with anyio.create_task_group() as group:
        group.start_soon(give_back)
        await one.wire.arrived.wait()
        assert isinstance(app.store, SqliteStore)
        await app.store._run_write(lambda connection: connection.execute(change, values).rowcount)
        one.wire.go.set()
    return answers[0]


async def test_the_call_that_made_it_stores_it_anew_with_its_end(tmp_path: object) -> None:
    async with scene(f"{tmp_path}/store.db") as one:
        app = one.server()
        order_id = await paid_order(app)
        assert (await run_and_forget(one, app, order_id, FORGET))["amount_refunded"] == 50000
        again = await ask(one.server(), "refund_order", refund(order_id, idempotency_key="k"))
        assert (again["amount_refunded"], again["repeated"]) == (50000, True)
        assert await refunded(app, order_id) == 50000


async def test_an_older_form_of_the_same_key_gives_way_to_it(tmp_path: object) -> None:
    async with scene(f"{tmp_path}/store.db") as one:
        app = one.server()
        order_id = await paid_order(app)
        one.wire.faults += [("POST", "refused")] * 4
        refused = await ask(app, "refund_order", refund(order_id, idempotency_key="k"))
        assert error(refused)[1] == "not_applied"
        (before,) = await app.store._run_read(  # type: ignore[attr-defined]  # a SqliteStore
            lambda connection: connection.execute(READ).fetchall()
        )
        made = await run_and_forget(one, app, order_id, SET_BACK, before[0])
        assert made["amount_refunded"] == 50000
        again = await ask(one.server(), "refund_order", refund(order_id, idempotency_key="k"))
        assert (again["amount_refunded"], again["repeated"]) == (50000, True)
