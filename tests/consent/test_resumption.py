"""--approval-executes: a call whose client left is carried out once, by a process that holds it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from conekta_mcp.app import App
from conekta_mcp.consent.asking import resumption
from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.asking.resumption import Resumption
from conekta_mcp.consent.detached_client import DetachedClient
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.consent.refusals import build_changed_effect, build_used_approval
from conekta_mcp.errors import NotApproved
from conekta_mcp.storage.protocol import Store
from tests.consent.test_pending import LIFE, draft
from tests.storage.fixtures import MovableClock
from tests.writes.wire import Scene, ask, paid_order, refund, refunded, scene

pytestmark = pytest.mark.anyio
PATIENCE_SECONDS = 120
ASKING = {"confirm": "money", "approval_channels": ("terminal",), "approval_wait": 0.0}
EXECUTING = {**ASKING, "approval_executes": True}


@pytest.fixture
async def background() -> AsyncIterator[BackgroundTasks]:
    tasks = BackgroundTasks()
    yield tasks
    await tasks.close()


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else waits in these tests."""
    monkeypatch.setattr(resumption, "GRACE_SECONDS", 0.0)


class Resumed:
    """A call that is kept: how often it was made again."""

    def __init__(self, failure: NotApproved | None = None) -> None:
        self.clients: list[DetachedClient] = []
        self.failure = failure

    async def __call__(self, client: DetachedClient) -> dict[str, Any]:
        self.clients.append(client)
        if self.failure:
            raise self.failure
        return {"outcome": "applied", "id": "ord_1"}


async def result_of(pending: PendingApprovals, approval_id: str) -> dict[str, Any]:
    """How the call of an approval ended, once it has."""
    with anyio.fail_after(PATIENCE_SECONDS):
        while True:
            kept = await pending.find(approval_id)
            if kept and kept.result is not None:
                return dict(kept.result)
            await anyio.sleep(0.02)


@asynccontextmanager
async def ended(background: BackgroundTasks) -> AsyncIterator[None]:
    """After the block, wait until nothing is kept any more."""
    yield
    with anyio.fail_after(PATIENCE_SECONDS):
        while True:
            if not background._tasks:
                return
            await anyio.sleep(0.02)


async def approve(store: Store, name: str, *, approved: bool = True) -> None:
    await PendingApprovals(store).decide(name, approved=approved, by="eva", channel="inbox")


async def test_a_kept_call_is_made_once_by_one_of_two_replicas(
    replicas: tuple[Store, Store], background: BackgroundTasks
) -> None:
    kept = await PendingApprovals(replicas[0]).create(draft(1))
    calls = Resumed(), Resumed()
    async with ended(background):
        for store, call in zip(replicas, calls, strict=True):
            Resumption(PendingApprovals(store), store, background).keep(kept.call, call)
        await approve(replicas[1], kept.id)
    assert len([*calls[0].clients, *calls[1].clients]) == 1
    assert await result_of(PendingApprovals(replicas[0]), kept.id) == {"outcome": "applied", "id": "ord_1"}


async def test_a_no_makes_nothing(store: Store, background: BackgroundTasks) -> None:
    kept, call = await PendingApprovals(store).create(draft(1)), Resumed()
    async with ended(background):
        Resumption(PendingApprovals(store), store, background).keep(kept.call, call)
        await approve(store, kept.id, approved=False)
        await PendingApprovals(store).withdraw(kept)
    assert call.clients == []


async def test_what_nobody_answers_in_time_is_forgotten(
    store: Store, clock: MovableClock, background: BackgroundTasks
) -> None:
    kept, call = await PendingApprovals(store).create(draft(1, at=await store.read_time())), Resumed()
    async with ended(background):
        Resumption(PendingApprovals(store), store, background).keep(kept.call, call)
        clock.now += LIFE
    assert call.clients == []


async def test_a_call_that_its_client_makes_again_is_left_to_it(
    store: Store, background: BackgroundTasks
) -> None:
    kept, call = await PendingApprovals(store).create(draft(1)), Resumed()
    keeping = Resumption(PendingApprovals(store), store, background)
    async with ended(background):
        keeping.keep(kept.call, call)
        keeping.forget(kept.call)
        await approve(store, kept.id)
    assert call.clients == []


async def test_a_yes_that_was_used_meanwhile_is_not_used_again(
    store: Store, background: BackgroundTasks
) -> None:
    kept, call = await PendingApprovals(store).create(draft(1)), Resumed(build_used_approval())
    async with ended(background):
        Resumption(PendingApprovals(store), store, background).keep(kept.call, call)
        await approve(store, kept.id)
    found = await PendingApprovals(store).find(kept.id)
    assert found is not None
    assert found.result is None


async def test_an_effect_that_changed_is_told_as_not_applied(
    store: Store, background: BackgroundTasks
) -> None:
    kept, call = await PendingApprovals(store).create(draft(1)), Resumed(build_changed_effect())
    async with ended(background):
        Resumption(PendingApprovals(store), store, background).keep(kept.call, call)
        await approve(store, kept.id)
    result = await result_of(PendingApprovals(store), kept.id)
    assert result == {"outcome": "not_applied", "message": str(build_changed_effect())}


async def test_no_more_calls_are_kept_than_there_is_room_for(
    store: Store, background: BackgroundTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resumption, "MAX_KEPT", 1)
    pending, calls = PendingApprovals(store), (Resumed(), Resumed())
    kept: list[PendingApproval] = [await pending.create(draft(name, call=str(name))) for name in (1, 2)]
    keeping = Resumption(pending, store, background)
    async with ended(background):
        for one, call in zip(kept, calls, strict=True):
            keeping.keep(one.call, call)
        for one in kept:
            await approve(store, one.id)
    assert [len(call.clients) for call in calls] == [1, 0]


async def test_a_detached_client_can_ask_nobody() -> None:
    client = DetachedClient(session="s")
    assert client.read_answer() == "unclear"
    await client.report_waiting("…", 1.0)
    with pytest.raises(NotApproved):
        await client.ask("?", {})


async def one_open(app: App) -> PendingApproval:
    (approval,) = await app.consent.pending.list_open()
    return approval


def refund_posts(one: Scene) -> list[str]:
    return [path for path in one.wire.posts() if path.endswith("/refunds")]


async def give_up(app: App, call: dict[str, Any]) -> PendingApproval:
    """Make a refund that nobody answers in time."""
    pending = await ask(app, "refund_order", call)
    assert (pending["error"]["type"], pending["error"]["outcome"]) == ("consent_pending", "not_applied")
    return await one_open(app)


@pytest.mark.parametrize("more", [{}, {"idempotency_key": "refund-1"}], ids=["without a key", "with a key"])
async def test_a_yes_after_the_call_was_given_up_is_carried_out_and_the_repeat_gets_its_answer(
    shared: str, more: dict[str, Any]
) -> None:
    async with scene(shared) as one:
        app, other = one.server(**EXECUTING), one.server(**ASKING)
        free = one.server()
        call = refund(await paid_order(free), **more)
        approval = await give_up(app, call)
        await other.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
        result = await result_of(app.consent.pending, approval.id)
        assert result["outcome"] == "applied"
        assert await refunded(free, call["order_id"]) == 50000
        again = await ask(other, "refund_order", call)
        assert (again["amount_refunded"], again["repeated"]) == (50000, True)
        assert len(refund_posts(one)) == 1
        assert await refunded(free, call["order_id"]) == 50000


async def test_a_replica_that_does_not_keep_the_call_does_nothing(shared: str) -> None:
    async with scene(shared) as one:
        app, other = one.server(**ASKING), one.server(**EXECUTING)
        free = one.server()
        call = refund(await paid_order(free))
        approval = await give_up(app, call)
        await other.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
        assert not other.background._tasks
        assert refund_posts(one) == []
        made = await ask(other, "refund_order", call)
        assert (made["amount_refunded"], made.get("repeated")) == (50000, None)


async def test_of_two_replicas_that_keep_one_call_one_carries_it_out(shared: str) -> None:
    async with scene(shared) as one:
        apps, free = (one.server(**EXECUTING), one.server(**EXECUTING)), one.server()
        call = refund(await paid_order(free))
        approval = await give_up(apps[0], call)
        assert (await give_up(apps[1], call)).id == approval.id
        async with ended(apps[0].background), ended(apps[1].background):
            await free.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
            await result_of(free.consent.pending, approval.id)
        assert len(refund_posts(one)) == 1
        again = await ask(apps[1], "refund_order", call)
        assert (again["amount_refunded"], again["repeated"]) == (50000, True)


async def test_what_changed_after_the_question_is_not_carried_out(shared: str) -> None:
    async with scene(shared) as one:
        app, free = one.server(**EXECUTING), one.server()
        call = refund(await paid_order(free))
        approval = await give_up(app, call)
        await ask(free, "refund_order", refund(call["order_id"], 10000))
        await free.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
        async with ended(app.background):
            pass
        assert await refunded(free, call["order_id"]) == 10000


async def test_a_limit_still_counts_when_a_person_has_said_yes(shared: str) -> None:
    async with scene(shared) as one:
        app, free = one.server(**EXECUTING, max_daily_refunds=60000), one.server(max_daily_refunds=60000)
        call = refund(await paid_order(free))
        approval = await give_up(app, call)
        other = refund(await paid_order(free), 20000)
        assert (await ask(free, "refund_order", other))["amount_refunded"] == 20000
        await free.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
        result = await result_of(app.consent.pending, approval.id)
        assert result["outcome"] == "not_applied"
        assert len(refund_posts(one)) == 1


async def test_a_call_that_was_cancelled_while_it_waited_is_kept_too(shared: str) -> None:
    async with scene(shared) as one:
        app, free = one.server(**{**EXECUTING, "approval_wait": 900.0}), one.server()
        call = refund(await paid_order(free))
        async with anyio.create_task_group() as group:
            group.start_soon(ask, app, "refund_order", call)
            with anyio.fail_after(PATIENCE_SECONDS):
                while True:
                    waiting = await app.consent.pending.list_open()
                    # Written in two steps: before the second one the call would find no approval of its own.
                    if waiting and await app.consent.pending.find_for_call(waiting[0].call):
                        break
                    await anyio.sleep(0.02)
            group.cancel_scope.cancel()
        await free.consent.pending.decide(waiting[0].id, approved=True, by="eva", channel="terminal")
        assert (await result_of(app.consent.pending, waiting[0].id))["outcome"] == "applied"
        assert len(refund_posts(one)) == 1


async def test_the_end_of_the_process_waits_for_what_is_being_sent(shared: str) -> None:
    async with scene(shared) as one:
        app, free = one.server(**EXECUTING), one.server()
        call = refund(await paid_order(free))
        approval = await give_up(app, call)
        one.wire.faults = [("POST", "hold")]
        await free.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
        with anyio.fail_after(PATIENCE_SECONDS):
            await one.wire.arrived.wait()
        async with anyio.create_task_group() as group:
            group.start_soon(app.background.close)
            await anyio.lowlevel.checkpoint()
            one.wire.go.set()
        assert (await result_of(free.consent.pending, approval.id))["outcome"] == "applied"


async def test_off_by_default_a_yes_waits_for_its_call(shared: str) -> None:
    async with scene(shared) as one:
        app, free = one.server(**ASKING), one.server()
        call = refund(await paid_order(free))
        approval = await give_up(app, call)
        assert not app.background._tasks
        await free.consent.pending.decide(approval.id, approved=True, by="eva", channel="terminal")
        assert refund_posts(one) == []
        assert (await ask(app, "refund_order", call))["amount_refunded"] == 50000
