"""Test or live is what Conekta's answers say; what nothing says is asked, and counts as live until known."""

import logging
from typing import Any

import anyio
import pytest

from conekta_mcp.accounts.modes import (
    MAX_ACCOUNTS,
    NO_MODE_YET,
    ModeObservingSender,
    Modes,
    ObservedMode,
    find_livemode,
)
from conekta_mcp.catalog import Request
from conekta_mcp.errors import Detail, Failure, RequestRefused, Unreachable

pytestmark = pytest.mark.anyio
EMPTY: dict[str, Any] = {"object": "list", "data": []}
TEST_ROW: dict[str, Any] = {"data": [{"id": "ord_1", "livemode": False}]}
LIVE_ROW: dict[str, Any] = {"data": [{"id": "ord_1", "livemode": True}]}
ALL_FOUR = ["/orders", "/customers", "/plans", "/events"]
UNREACHABLE = Unreachable(type="connection_error", details=(Detail(message="No answer."),))


def refused(status: int) -> RequestRefused:
    return RequestRefused(type="x", details=(Detail(message=f"HTTP {status}"),), http_status=status)


class Conekta:
    """Answers by path; remembers what was asked."""

    def __init__(self, **answers: dict[str, Any] | Failure) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def send(self, request: Request) -> dict[str, Any]:
        assert (request.method, dict(request.query)) == ("GET", {"limit": 1})
        self.asked.append(request.path)
        await anyio.lowlevel.checkpoint()
        answer = self.answers.get(request.path[1:], EMPTY)
        if isinstance(answer, Failure):
            raise answer
        return answer


class Clock:
    """A clock that is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(("row", "mode"), [(TEST_ROW, "test"), (LIVE_ROW, "live")])
async def test_the_first_need_asks_once_and_then_it_is_known(row: Any, mode: str) -> None:
    modes, conekta = Modes(), Conekta(orders=row)
    assert modes.get_known_mode("a") == "unknown"
    assert [await modes.read_mode("a", conekta) for _ in range(3)] == [mode, mode, mode]
    assert (modes.get_known_mode("a"), conekta.asked) == (mode, ["/orders"])


@pytest.mark.parametrize("kind", ["customers", "plans", "events"])
async def test_where_there_is_no_order_the_next_kind_tells(kind: str) -> None:
    conekta = Conekta(**{kind: TEST_ROW})
    assert await Modes().read_mode("a", conekta) == "test"
    assert conekta.asked == ALL_FOUR[: ALL_FOUR.index(f"/{kind}") + 1]


async def test_an_account_that_shows_nothing_is_unknown_and_is_asked_again_later(clock: Clock) -> None:
    modes, conekta = Modes(clock), Conekta()
    assert await modes.observe_account("a", conekta) == ObservedMode(
        "unknown", NO_MODE_YET, None, 1_000_000.0
    )
    clock.now += 29
    assert await modes.read_mode("a", conekta) == "unknown"
    assert conekta.asked == ALL_FOUR
    clock.now += 1
    conekta.answers = {"orders": LIVE_ROW}
    assert await modes.read_mode("a", conekta) == "live"
    assert conekta.asked == [*ALL_FOUR, "/orders"]


async def test_a_clock_that_was_set_back_does_not_make_unknown_last(clock: Clock) -> None:
    modes = Modes(clock)
    await modes.observe_account("a", Conekta())
    clock.now -= 1
    assert await modes.read_mode("a", Conekta(orders=TEST_ROW)) == "test"


@pytest.mark.parametrize("status", [403, 404])
async def test_a_route_that_is_closed_to_the_key_is_passed_over(status: int) -> None:
    conekta = Conekta(orders=refused(status), customers=TEST_ROW)
    assert await Modes().read_mode("a", conekta) == "test"
    closed = await Modes().observe_account("a", Conekta(orders=refused(status)))
    assert (closed.mode, closed.why, closed.failure) == ("unknown", NO_MODE_YET, None)


@pytest.mark.parametrize("failure", [refused(401), refused(500), UNREACHABLE])
async def test_a_failure_leaves_it_unknown_and_says_why(failure: Failure) -> None:
    conekta = Conekta(orders=failure, customers=TEST_ROW)
    learnt = await Modes().observe_account("a", conekta)
    assert (learnt.mode, learnt.why, learnt.failure) == ("unknown", str(failure), failure)
    assert conekta.asked == ["/orders"]


async def test_many_first_needs_at_once_ask_once() -> None:
    modes, conekta = Modes(), Conekta(customers=TEST_ROW)
    told: list[str] = []

    async def need() -> None:
        told.append(await modes.read_mode("a", conekta))

    async with anyio.create_task_group() as needs:
        for _ in range(64):
            needs.start_soon(need)
    assert (told, conekta.asked) == (["test"] * 64, ["/orders", "/customers"])


async def test_many_needs_of_an_unknown_account_ask_once_too(clock: Clock) -> None:
    modes, conekta = Modes(clock), Conekta()
    async with anyio.create_task_group() as needs:
        for _ in range(8):
            needs.start_soon(modes.read_mode, "a", conekta)
    assert conekta.asked == ALL_FOUR


async def test_one_that_gave_up_asking_does_not_keep_others_from_it() -> None:
    modes = Modes()
    with anyio.move_on_after(0):
        await modes.read_mode("a", Conekta(orders=LIVE_ROW))
    assert await modes.read_mode("a", Conekta(orders=TEST_ROW)) == "test"


async def test_what_was_seen_while_asking_failed_is_kept() -> None:
    modes = Modes()

    class SeenMeanwhile(Conekta):
        async def send(self, request: Request) -> dict[str, Any]:
            modes.observe_answer("a", request, LIVE_ROW)
            raise UNREACHABLE

    assert await modes.read_mode("a", SeenMeanwhile()) == "live"


async def test_accounts_are_apart() -> None:
    modes = Modes()
    found = [
        await modes.read_mode("a", Conekta(orders=TEST_ROW)),
        await modes.read_mode("b", Conekta(orders=LIVE_ROW)),
    ]
    assert (found, modes.get_known_mode("a"), modes.get_known_mode("b")) == (["test", "live"], "test", "live")


async def test_every_answer_that_passes_is_noted() -> None:
    modes = Modes()
    observed = ModeObservingSender(Conekta(orders=LIVE_ROW), modes, "a")
    assert await observed.send(Request("GET", "/orders", query={"limit": 1})) == LIVE_ROW
    assert modes.get_known_mode("a") == "live"
    assert await modes.read_mode("a", Conekta(orders=UNREACHABLE)) == "live"


async def test_a_failed_request_tells_nothing() -> None:
    modes = Modes()
    with pytest.raises(Unreachable):
        await ModeObservingSender(Conekta(orders=UNREACHABLE), modes, "a").send(
            Request("GET", "/orders", query={"limit": 1})
        )
    assert modes.get_known_mode("a") == "unknown"


def test_an_answer_that_contradicts_wins_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    modes = Modes()
    with caplog.at_level(logging.INFO):
        for row in (TEST_ROW, TEST_ROW, LIVE_ROW, LIVE_ROW):
            modes.observe_answer("a1b2", Request("GET", "/orders"), row)
    assert modes.get_known_mode("a1b2") == "live"
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "account a1b2 is live, and was test until now: Conekta says so")
    ]


async def test_what_is_assumed_is_not_asked_and_yields_to_an_answer() -> None:
    modes, conekta = Modes(assumed="test"), Conekta(orders=LIVE_ROW)
    assert (await modes.read_mode("a", conekta), conekta.asked) == ("test", [])
    modes.observe_answer("a", Request("POST", "/orders"), {"livemode": True})
    assert (modes.get_known_mode("a"), modes.get_known_mode("b")) == ("live", "test")


def test_of_many_accounts_the_oldest_is_forgotten() -> None:
    modes = Modes()
    for number in range(MAX_ACCOUNTS + 1):
        modes.observe_answer(f"{number}", Request("GET", "/orders"), TEST_ROW)
    assert [modes.get_known_mode(account) for account in ("0", "1", "1024")] == ["unknown", "test", "test"]


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/orders/ord_1", {"livemode": True}, True),
        ("/orders/ord_1/charges", {"livemode": False}, False),
        ("/customers", LIVE_ROW, True),
        ("/events", TEST_ROW, False),
        ("/customers", {"data": [{"livemode": False}, {"livemode": True}]}, True),
        ("/orders", {"livemode": False, "data": [{"livemode": True}]}, True),
        ("/events/ev", {"livemode": True, "data": {"object": {"livemode": False}}}, True),
        ("/orders/ord_1", {"metadata": {"livemode": False}}, None),
        ("/orders/ord_1", {"livemode": 0}, None),
        ("/orders/ord_1", {"livemode": "false"}, None),
        ("/orders/ord_1", {"livemode": {}}, None),
        ("/orders", {"data": ["x", None, {"id": "ord_1"}]}, None),
        ("/orders", EMPTY, None),
        ("/api_keys", TEST_ROW, None),
        ("/webhooks", TEST_ROW, None),
        ("/companies/current", {"livemode": False}, None),
    ],
)
def test_only_objects_of_the_keys_own_mode_tell_it_and_live_wins_over_test(
    path: str, answer: dict[str, Any], said: bool | None
) -> None:
    assert find_livemode(Request("GET", path), answer) is said
