"""Questions that were refused or not answered again and again pause asking."""

import pytest

from conekta_mcp.consent.pauses import AskingPauses
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
    return AskingPauses(SqliteStore(":memory:", clock), clock)


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
    one, other = AskingPauses(store, clock), AskingPauses(store, clock)
    await refuse(one, "a", "1", "2", "3")
    await refuse(other, "a", "4", "5")
    with pytest.raises(NotApproved):
        await one.note_question("a", "6", START + 300)
