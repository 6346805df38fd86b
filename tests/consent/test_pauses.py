"""Several refused or unanswered questions pause asking."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conekta_mcp.consent.pauses import FOLDER, AskingPauses
from conekta_mcp.errors import NotApproved
from conekta_mcp.storage.sqlite import SqliteStore
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio
START = 1_790_000_000.0


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture
def pauses(clock: MovableClock) -> AskingPauses:
    return AskingPauses(SqliteStore(":memory:", clock))


async def refuse(pauses: AskingPauses, account: str, *names: str) -> None:
    for name in names:
        await pauses.note_question(account, name, START + 3000)
        await pauses.note_answer(account, name, approved=False)


async def test_after_five_refusals_nobody_is_asked_for_ten_minutes(
    pauses: AskingPauses, clock: MovableClock
) -> None:
    await refuse(pauses, "a", "1", "2", "3", "4")
    await pauses.note_question("a", "5", START + 300)
    await pauses.note_answer("a", "5", approved=False)
    clock.now += 1
    with pytest.raises(NotApproved) as caught:
        await pauses.note_question("a", "6", START + 300)
    assert (caught.value.type, caught.value.outcome, caught.value.retry_after_s) == (
        "consent_paused",
        "not_applied",
        599,
    )
    await pauses.note_question("b", "1", START + 300)  # another account is asked
    clock.now = START + 600
    await pauses.note_question("a", "7", START + 900)


async def test_a_pause_lasts_ten_minutes_however_long_the_refusals_took(
    pauses: AskingPauses, clock: MovableClock
) -> None:
    for name in "12345":
        clock.now += 120
        await refuse(pauses, "a", name)
    clock.now += 599
    with pytest.raises(NotApproved) as caught:
        await pauses.note_question("a", "6", START + 3000)
    assert caught.value.retry_after_s == 1
    clock.now += 1
    await refuse(pauses, "a", "6", "7", "8", "9")
    await pauses.note_question("a", "10", START + 3000)


async def test_a_yes_is_no_refusal(pauses: AskingPauses) -> None:
    for name in "123456":
        await pauses.note_question("a", name, START + 300)
        await pauses.note_answer("a", name, approved=True)
    await pauses.note_question("a", "7", START + 300)


async def test_silence_counts_once_the_time_to_answer_is_over(
    pauses: AskingPauses, clock: MovableClock
) -> None:
    for name in "12345":
        await pauses.note_question("a", name, START + 300)
    await pauses.note_question("a", "6", START + 300)  # all of them may still be answered
    clock.now = START + 300
    with pytest.raises(NotApproved):
        await pauses.note_question("a", "7", START + 600)
    clock.now = START + 900
    await pauses.note_question("a", "8", START + 1200)


async def test_silence_counts_where_a_question_may_be_answered_for_an_hour(
    pauses: AskingPauses, clock: MovableClock
) -> None:
    for name in "12345":
        await pauses.note_question("a", name, START + 3600)
    clock.now = START + 3600
    with pytest.raises(NotApproved):
        await pauses.note_question("a", "6", START + 7200)


async def test_refusals_longer_than_ten_minutes_ago_do_not_count(
    pauses: AskingPauses, clock: MovableClock
) -> None:
    await refuse(pauses, "a", "1", "2", "3", "4")
    clock.now += 600
    await refuse(pauses, "a", "5", "6", "7", "8")
    await pauses.note_question("a", "9", START + 3000)


async def test_replicas_count_together(clock: MovableClock) -> None:
    store = SqliteStore(":memory:", clock)
    one, other = AskingPauses(store), AskingPauses(store)
    await refuse(one, "a", "1", "2", "3")
    await refuse(other, "a", "4", "5")
    with pytest.raises(NotApproved):
        await one.note_question("a", "6", START + 300)


async def test_two_replicas_at_once_lose_no_refusal(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(":memory:", clock)
    write, other = store.documents.change, [AskingPauses(store)]

    async def change(*given: Any, **more: Any) -> bool:
        # Between the reading and the writing of the first one.
        if other:
            await other.pop().note_answer("a", "theirs", approved=False)
        return await write(*given, **more)

    monkeypatch.setattr(store.documents, "change", change)
    await AskingPauses(store).note_answer("a", "ours", approved=False)
    kept = json.loads(await store.documents.find(FOLDER, "a") or "{}")
    assert (sorted(kept["counted"]), len(kept["refused"])) == (["ours", "theirs"], 2)


async def test_a_refusal_counts_once_however_often_it_is_told(pauses: AskingPauses) -> None:
    for _ in range(6):
        await pauses.note_answer("a", "1", approved=False)
    await pauses.note_question("a", "2", START + 300)


class Declined:
    """Approvals that somebody refused; no call was told."""

    async def find(self, approval_id: str) -> Any:
        return SimpleNamespace(state="declined" if approval_id != "open" else "shown", decided_at=START)


async def test_a_no_counts_though_its_call_is_never_made_again(pauses: AskingPauses) -> None:
    for name in ("open", "1", "2", "3", "4", "5"):
        await pauses.note_question("a", name, START + 3000)
    await pauses.count_untold_refusals("a", Declined())  # type: ignore[arg-type]  # the part that is asked
    with pytest.raises(NotApproved):
        await pauses.note_question("a", "6", START + 3000)


async def test_a_no_counts_for_when_it_was_given(pauses: AskingPauses, clock: MovableClock) -> None:
    for name in "12345":
        await pauses.note_question("a", name, START + 3000)
    clock.now += 599
    assert await pauses.find_pause("a", Declined()) == 1  # type: ignore[arg-type]  # the part that is asked
    clock.now += 1
    await pauses.note_question("a", "6", START + 3000)


async def test_a_restart_forgets_no_refusal(tmp_path: Path, clock: MovableClock) -> None:
    for name in "12345":
        store = SqliteStore(str(tmp_path / "s.sqlite3"), clock)
        await refuse(AskingPauses(store), "a", name)
        await store.close()
    again = AskingPauses(SqliteStore(str(tmp_path / "s.sqlite3"), clock))
    with pytest.raises(NotApproved):
        await again.note_question("a", "6", START + 300)


@pytest.mark.parametrize("step", [-3600, 3600])
async def test_a_wall_clock_that_is_set_neither_ends_nor_lengthens_a_pause(step: int) -> None:
    wall, ticks = MovableClock(START), MovableClock(50.0)
    pauses = AskingPauses(SqliteStore(":memory:", wall, ticks))
    await refuse(pauses, "a", "1", "2", "3", "4", "5")
    wall.now += step
    with pytest.raises(NotApproved) as caught:
        await pauses.note_question("a", "6", START + 3000)
    assert caught.value.retry_after_s == 600
    ticks.now += 600
    await pauses.note_question("a", "7", START + 3000)
