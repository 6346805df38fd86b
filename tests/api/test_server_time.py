"""The time at Conekta, estimated from its answers and this machine's clocks."""

import pytest

from conekta_mcp.api.server_time import MAX_ACCOUNTS, ServerTimes
from tests.storage.fixtures import MovableClock

SHOWN = {"date": "Sat, 28 Nov 2026 12:00:00 GMT"}
NOON = 1_795_867_200.0


@pytest.fixture
def clocks() -> tuple[MovableClock, MovableClock]:
    """A monotonic clock, and a wall clock an hour behind Conekta's."""
    return MovableClock(100.0), MovableClock(NOON - 3600)


@pytest.fixture
def times(clocks: tuple[MovableClock, MovableClock]) -> ServerTimes:
    return ServerTimes(*clocks)


def test_it_runs_on_from_the_latest_answer(
    times: ServerTimes, clocks: tuple[MovableClock, MovableClock]
) -> None:
    times.observe("a", SHOWN)
    for clock in clocks:
        clock.now += 90
    assert (times.read("a"), times.read("b")) == (NOON + 90, None)


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_an_answer_without_a_date_changes_nothing(date: str, times: ServerTimes) -> None:
    times.observe("a", SHOWN)
    times.observe("a", {"date": date})
    assert times.read("a") == NOON


@pytest.mark.parametrize(("slept", "known"), [(5.0, True), (6.0, False), (-5.0, True), (-6.0, False)])
def test_after_a_sleep_of_the_machine_or_a_step_of_its_clock_it_is_not_known(
    slept: float, known: bool, times: ServerTimes, clocks: tuple[MovableClock, MovableClock]
) -> None:
    monotonic, wall = clocks
    times.observe("a", SHOWN)
    monotonic.now += 60
    wall.now += 60 + slept
    assert times.read("a") == (NOON + 60 if known else None)
    times.observe("a", SHOWN)
    assert times.read("a") == NOON


def test_the_accounts_heard_of_longest_ago_are_forgotten(times: ServerTimes) -> None:
    for number in range(MAX_ACCOUNTS + 1):
        times.observe(str(number), SHOWN)
    assert [times.read(str(number)) for number in (0, 1, MAX_ACCOUNTS)] == [None, NOON, NOON]


@pytest.mark.parametrize(
    ("waited", "shown", "older"),
    [
        (0.0, "11:59:31", 0),
        (0.0, "11:59:29", 1),
        (120.0, "12:01:31", 0),
        (120.0, "12:00:00", 1),
        # A time that was far too late is not believed for ever.
        (3601.0, "09:00:00", 0),
    ],
)
def test_an_answer_that_was_kept_on_the_way_shows_an_earlier_time(
    waited: float, shown: str, older: int, times: ServerTimes, clocks: tuple[MovableClock, MovableClock]
) -> None:
    times.observe("a", SHOWN)
    for clock in clocks:
        clock.now += waited
    for _ in range(2):
        times.observe("a", {"date": f"Sat, 28 Nov 2026 {shown} GMT"})
    assert (times.count_older_answers("a"), times.count_older_answers("b")) == (2 * older, 0)
