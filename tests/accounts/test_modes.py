"""The mode is what Conekta's answers show; an unknown mode is asked for, and counts as live until then."""

import logging
from typing import Any

import anyio
import pytest

from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.accounts.livemode import find_key_livemode, find_livemode
from conekta_mcp.accounts.memory import MAX_ACCOUNTS
from conekta_mcp.accounts.modes import NO_MODE_YET, ModeObservingSender, Modes, ObservedMode
from conekta_mcp.catalog import Request, Sender
from conekta_mcp.errors import Detail, Failure, RequestRefused, Unreachable

pytestmark = pytest.mark.anyio
EMPTY: dict[str, Any] = {"object": "list", "data": []}
TEST_ROW: dict[str, Any] = {"data": [{"id": "ord_1", "livemode": False}]}
LIVE_ROW: dict[str, Any] = {"data": [{"id": "ord_1", "livemode": True}]}
ALL_LISTS = ["/orders", "/customers", "/plans", "/events", "/api_keys"]
UNREACHABLE = Unreachable(type="connection_error", details=(Detail(message="No answer."),))


def refused(status: int) -> RequestRefused:
    return RequestRefused(type="x", details=(Detail(message=f"HTTP {status}"),), http_status=status)


class Conekta:
    """Answers by path; remembers what was asked."""

    def __init__(self, **answers: dict[str, Any] | Failure) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def send(self, request: Request) -> dict[str, Any]:
        most = 250 if request.path == "/api_keys" else 1
        assert (request.method, dict(request.query)) == ("GET", {"limit": most})
        self.asked.append(request.path)
        await anyio.lowlevel.checkpoint()
        answer = self.answers.get(request.path[1:], EMPTY)
        if isinstance(answer, Failure):
            raise answer
        return answer


def key(name: str, api: Sender, child: str | None = None) -> KeyInUse:
    """A key whose text is key_a1b2, and whose fingerprint is `name`."""
    return KeyInUse(fingerprint=name, sender=api, has_prefix="key_a1b2".startswith, child_company_id=child)


class Kept:
    """A memory that outlives the process; `Kept(test="a")` knows that a is test."""

    def __init__(self, **modes: str) -> None:
        self.values = {("mode", account): mode for mode, account in modes.items()}
        self.recalled = 0

    async def remember(self, fact: str, account: str, value: str) -> None:
        self.values[fact, account] = value

    async def recall(self, fact: str, account: str) -> str | None:
        self.recalled += 1
        return self.values.get((fact, account))


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
    assert [await modes.read_mode(key("a", conekta)) for _ in range(3)] == [mode, mode, mode]
    assert (modes.get_known_mode("a"), conekta.asked) == (mode, ["/orders"])


@pytest.mark.parametrize("kind", ["customers", "plans", "events"])
async def test_where_there_is_no_order_the_next_kind_tells(kind: str) -> None:
    conekta = Conekta(**{kind: TEST_ROW})
    assert await Modes().read_mode(key("a", conekta)) == "test"
    assert conekta.asked == ALL_LISTS[: ALL_LISTS.index(f"/{kind}") + 1]


async def test_an_account_that_shows_nothing_is_unknown_and_is_asked_again_later(clock: Clock) -> None:
    modes, conekta = Modes(clock), Conekta()
    assert await modes.observe_account(key("a", conekta)) == ObservedMode(
        "unknown", NO_MODE_YET, None, 1_000_000.0
    )
    clock.now += 29
    assert await modes.read_mode(key("a", conekta)) == "unknown"
    assert conekta.asked == ALL_LISTS
    clock.now += 1
    conekta.answers = {"orders": LIVE_ROW}
    assert await modes.read_mode(key("a", conekta)) == "live"
    assert conekta.asked == [*ALL_LISTS, "/orders"]


@pytest.mark.parametrize("failure", [refused(401), refused(500), UNREACHABLE])
async def test_after_a_failure_that_may_pass_the_next_call_asks_again(clock: Clock, failure: Failure) -> None:
    modes, conekta = Modes(clock), Conekta(orders=failure)
    assert [await modes.read_mode(key("a", conekta)) for _ in range(3)] == ["unknown"] * 3
    assert conekta.asked == ["/orders"]
    clock.now += 1
    conekta.answers = {"orders": TEST_ROW}
    assert await modes.read_mode(key("a", conekta)) == "test"


async def test_an_account_without_objects_is_of_the_mode_of_its_own_key() -> None:
    rows = [{"prefix": "key_zz", "livemode": False}, {"prefix": "key_a1", "livemode": True}]
    modes, conekta = Modes(), Conekta(api_keys={"data": rows})
    assert [await modes.read_mode(key("a", conekta)) for _ in range(2)] == ["live", "live"]
    assert conekta.asked == ALL_LISTS


async def test_a_list_of_keys_that_is_closed_leaves_it_unknown_and_is_no_failure_of_the_key() -> None:
    found = await Modes(lambda: 5.0).observe_account(key("a", Conekta(api_keys=refused(403))))
    assert found == ObservedMode("unknown", NO_MODE_YET, None, 5.0)


async def test_what_a_write_needed_to_know_is_known_to_the_next_process() -> None:
    store = Kept()
    assert await Modes(memory=store).read_mode(key("a", Conekta(orders=TEST_ROW))) == "test"
    assert store.values == {("mode", "a"): "test"}
    later, conekta = Modes(memory=store), Conekta()
    assert [await later.read_mode(key("a", conekta)) for _ in range(3)] == ["test"] * 3
    assert (conekta.asked, store.recalled) == ([], 2)


async def test_what_only_passed_by_is_kept_once_a_write_needs_it() -> None:
    store, conekta = Kept(), Conekta()
    modes = Modes(memory=store)
    modes.observe_answer("a", Request("GET", "/orders"), LIVE_ROW)
    assert store.values == {}
    assert [await modes.read_mode(key("a", conekta)) for _ in range(2)] == ["live", "live"]
    assert (store.values, store.recalled, conekta.asked) == ({("mode", "a"): "live"}, 1, [])


async def test_a_kept_mode_that_an_answer_contradicts_is_replaced_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Kept(test="a")
    modes = Modes(memory=store)
    observed = ModeObservingSender(Conekta(orders=LIVE_ROW), modes, "a")
    assert await modes.read_mode(key("a", observed)) == "test"
    await observed.send(Request("GET", "/orders", query={"limit": 1}))
    assert (modes.get_known_mode("a"), store.values) == ("live", {("mode", "a"): "live"})
    assert [record.getMessage() for record in caplog.records] == [
        "account a is live, and was test until now: Conekta says so"
    ]


async def test_a_kept_mode_that_was_contradicted_before_it_was_read_is_replaced(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Kept(test="a")
    modes = Modes(memory=store)
    modes.observe_answer("a", Request("GET", "/orders"), LIVE_ROW)
    assert await modes.read_mode(key("a", Conekta())) == "live"
    assert (store.values, len(caplog.records)) == ({("mode", "a"): "live"}, 1)


async def test_a_kept_text_that_is_no_mode_is_not_believed() -> None:
    store = Kept(unknown="a")
    assert await Modes(memory=store).read_mode(key("a", Conekta(orders=LIVE_ROW))) == "live"
    assert store.values == {("mode", "a"): "live"}


async def test_what_is_assumed_is_neither_kept_nor_read() -> None:
    store = Kept(live="a")
    assert await Modes(assumed="test", memory=store).read_mode(key("a", Conekta())) == "test"
    assert (store.values, store.recalled) == ({("mode", "a"): "live"}, 0)


async def test_a_clock_that_was_set_back_does_not_make_unknown_last(clock: Clock) -> None:
    modes = Modes(clock)
    await modes.observe_account(key("a", Conekta()))
    clock.now -= 1
    assert await modes.read_mode(key("a", Conekta(orders=TEST_ROW))) == "test"


@pytest.mark.parametrize("status", [403, 404])
async def test_a_route_that_is_closed_to_the_key_is_passed_over(status: int) -> None:
    conekta = Conekta(orders=refused(status), customers=TEST_ROW)
    assert await Modes().read_mode(key("a", conekta)) == "test"
    closed = await Modes().observe_account(key("a", Conekta(orders=refused(status))))
    assert (closed.mode, closed.why, closed.failure) == ("unknown", NO_MODE_YET, None)


@pytest.mark.parametrize("failure", [refused(401), refused(500), UNREACHABLE])
async def test_a_failure_leaves_it_unknown_and_says_why(failure: Failure) -> None:
    conekta = Conekta(orders=failure, customers=TEST_ROW)
    learnt = await Modes().observe_account(key("a", conekta))
    assert (learnt.mode, learnt.why, learnt.failure) == ("unknown", str(failure), failure)
    assert conekta.asked == ["/orders"]


async def test_many_first_needs_at_once_ask_once() -> None:
    modes, conekta = Modes(), Conekta(customers=TEST_ROW)
    told: list[str] = []

    async def need() -> None:
        told.append(await modes.read_mode(key("a", conekta)))

    with anyio.fail_after(60):
        async with anyio.create_task_group() as needs:
            for _ in range(64):
                needs.start_soon(need)
    assert (told, conekta.asked) == (["test"] * 64, ["/orders", "/customers"])


async def test_many_needs_of_an_unknown_account_ask_once_too(clock: Clock) -> None:
    modes, conekta = Modes(clock), Conekta()
    with anyio.fail_after(60):
        async with anyio.create_task_group() as needs:
            for _ in range(8):
                needs.start_soon(modes.read_mode, key("a", conekta))
    assert conekta.asked == ALL_LISTS


async def test_one_that_gave_up_asking_does_not_keep_others_from_it() -> None:
    modes = Modes()
    with anyio.move_on_after(0):
        await modes.read_mode(key("a", Conekta(orders=LIVE_ROW)))
    assert await modes.read_mode(key("a", Conekta(orders=TEST_ROW))) == "test"


async def test_what_was_seen_while_asking_failed_is_kept() -> None:
    modes = Modes()

    class SeenMeanwhile(Conekta):
        async def send(self, request: Request) -> dict[str, Any]:
            modes.observe_answer("a", request, LIVE_ROW)
            raise UNREACHABLE

    assert await modes.read_mode(key("a", SeenMeanwhile())) == "live"


async def test_accounts_are_apart() -> None:
    modes = Modes()
    found = [
        await modes.read_mode(key("a", Conekta(orders=TEST_ROW))),
        await modes.read_mode(key("b", Conekta(orders=LIVE_ROW))),
    ]
    assert (found, modes.get_known_mode("a"), modes.get_known_mode("b")) == (["test", "live"], "test", "live")


async def test_every_answer_that_passes_is_noted() -> None:
    modes = Modes()
    observed = ModeObservingSender(Conekta(orders=LIVE_ROW), modes, "a")
    assert await observed.send(Request("GET", "/orders", query={"limit": 1})) == LIVE_ROW
    assert modes.get_known_mode("a") == "live"
    assert await modes.read_mode(key("a", Conekta(orders=UNREACHABLE))) == "live"


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


async def test_what_is_live_stays_live_whatever_an_answer_says(caplog: pytest.LogCaptureFixture) -> None:
    store = Kept()
    modes = Modes(memory=store)
    observed = ModeObservingSender(Conekta(orders=TEST_ROW), modes, "a")
    assert await modes.read_mode(key("a", Conekta(orders=LIVE_ROW))) == "live"
    await observed.send(Request("GET", "/orders", query={"limit": 1}))
    assert await modes.read_mode(key("a", Conekta(orders=TEST_ROW))) == "live"
    assert store.values == {("mode", "a"): "live"}
    assert [record.getMessage() for record in caplog.records] == [
        "account a is live, and an answer says test: it stays live"
    ]


async def test_what_another_process_knows_to_be_live_is_live() -> None:
    store = Kept(live="a")
    modes = Modes(memory=store)
    modes.observe_answer("a", Request("GET", "/orders"), TEST_ROW)
    assert await modes.read_mode(key("a", Conekta(orders=TEST_ROW))) == "live"
    assert store.values == {("mode", "a"): "live"}


async def test_what_is_assumed_is_not_asked_and_yields_to_an_answer() -> None:
    modes, conekta = Modes(assumed="test"), Conekta(orders=LIVE_ROW)
    assert (await modes.read_mode(key("a", conekta)), conekta.asked) == ("test", [])
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


TEST_KEY, LIVE_KEY = {"prefix": "key_zz", "livemode": False}, {"prefix": "key_yy", "livemode": True}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"prefix": "key_a1", "livemode": False}, LIVE_KEY], False),
        ([TEST_KEY, {"prefix": "key_a1b2", "livemode": True}], True),
        ([TEST_KEY, {"prefix": "key_a1", "livemode": True}, {"prefix": "key_a1", "livemode": True}], True),
        ([{"prefix": "key_a1", "livemode": False}, {"prefix": "key_a1", "livemode": True}], None),
        ([{"prefix": "key_", "livemode": False}, {"prefix": "key_a1", "livemode": True}], None),
        ([{"prefix": "key_a1", "livemode": None}, TEST_KEY], None),
        ([TEST_KEY, TEST_KEY], False),
        ([LIVE_KEY, {**LIVE_KEY, "prefix": ""}], True),
        ([LIVE_KEY, {"livemode": True}], True),
        ([TEST_KEY, LIVE_KEY], None),
        ([TEST_KEY, {"prefix": "key_xx"}], None),
        ([TEST_KEY, {"livemode": {}}], None),
        ([{"livemode": 0}, {"livemode": 0}], None),
        ([TEST_KEY, "x"], None),
        ([], None),
    ],
)
def test_the_own_row_of_a_list_of_keys_tells_the_mode_or_all_rows_together(
    rows: list[Any], said: bool | None
) -> None:
    assert find_key_livemode({"data": rows}, "key_a1b2".startswith, of_own_company=True) is said


@pytest.mark.parametrize(
    ("rows", "said"),
    [([{"prefix": "key_a1", "livemode": True}, TEST_KEY], True), ([TEST_KEY], None)],
)
def test_the_keys_of_a_child_company_say_nothing_of_the_key_of_its_parent(
    rows: list[Any], said: bool | None
) -> None:
    assert find_key_livemode({"data": rows}, "key_a1b2".startswith, of_own_company=False) is said


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [TEST_KEY], "has_more": True},
        {"data": [TEST_KEY], "next_page_url": "https://api.conekta.io/api_keys?next=6a1"},
        {"data": [TEST_KEY], "total": 2},
        {"data": [TEST_KEY, None]},
        {"data": TEST_KEY},
        {},
    ],
    ids=str,
)
def test_a_list_of_keys_that_is_not_whole_says_nothing(answer: dict[str, Any]) -> None:
    assert find_key_livemode(answer, "key_zz9".startswith, of_own_company=True) is None
