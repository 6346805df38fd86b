"""A question on all channels: the first answer counts, and impatient clients can repeat the call."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from conekta_mcp.consent.asking import channels as waits
from conekta_mcp.consent.asking import everywhere
from conekta_mcp.consent.asking.background import BackgroundTasks
from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.consent.client import PendingCard, PendingQuestion
from conekta_mcp.consent.consent import Consent, GrantedApproval
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.consent.question import ApprovalRequest
from conekta_mcp.consent.refusals import build_unasked_question
from conekta_mcp.errors import NotApproved
from conekta_mcp.storage.sqlite import SqliteStore
from tests.consent.fake_client import FakeClient
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio
ASKED = ApprovalRequest(
    tool="create_order",
    arguments='{"amount":50000}',
    amount=50000,
    currency="MXN",
    account="tienda",
    caller="0123456789abcdef",
    profile="tienda-centro",
    mode="live",
    question={"es": "¿Cobrar MXN 500.00 a «Ana Ruiz»?", "en": "Bill MXN 500.00 to “Ana Ruiz”?"},
)


@dataclass
class Screen:
    """A person's own screen: notes each page that opens, and presses a button on it, if any."""

    press: Callable[[str], Any] | None = None
    opens: bool = True
    shown: list[str] = field(default_factory=list)

    async def show(self, approval: PendingApproval) -> bool:
        self.shown.append(approval.id)
        if self.press:
            await self.press(approval.id)
        return self.opens


@dataclass
class Announcements:
    heard: list[str] = field(default_factory=list)

    def announce(self, approval: PendingApproval) -> None:
        self.heard.append(approval.id)


@dataclass
class Desk:
    """Several processes that share one store."""

    clock: MovableClock = field(default_factory=lambda: MovableClock(1_790_000_000.0))

    def __post_init__(self) -> None:
        self.store = SqliteStore(":memory:", self.clock)

    def process(
        self, *, allow_preview: bool = False, background: BackgroundTasks | None = None, **channels: Any
    ) -> Consent:
        consent = Consent(
            language="es",
            allow_preview=allow_preview,
            secrets=("s" * 32,),
            store=self.store,
            channels=Channels(**{"wait_seconds": 0.01, **channels}),
            background=background or BackgroundTasks(),
        )
        consent._asking.forms._monotonic = self.clock
        return consent

    def presser(self, consent: Consent, *, approved: bool) -> Callable[[str], Any]:
        async def press(approval_id: str) -> None:
            await consent.pending.decide(approval_id, approved=approved, by="browser", channel="browser")

        return press


@pytest.fixture
def desk() -> Desk:
    return Desk()


def set_wait(consent: Consent, seconds: float) -> None:
    """Let calls wait so long from now on: briefly for who is silent, long for who answers."""
    object.__setattr__(consent._channels, "wait_seconds", seconds)


async def refused(consent: Consent, client: FakeClient, asked: ApprovalRequest = ASKED) -> NotApproved:
    with pytest.raises(NotApproved) as caught:
        await consent.obtain(asked, client, None)
    return caught.value


async def test_a_client_that_declares_nothing_is_answered_by_a_page(desk: Desk) -> None:
    screen = Screen()
    consent = desk.process(browser=screen, wait_seconds=60)
    screen.press = desk.presser(consent, approved=True)
    client = FakeClient()
    granted = await consent.obtain(ASKED, client, None)
    assert isinstance(granted, GrantedApproval)
    assert (granted.how, granted.description, client.reported) == (
        "browser",
        "browser",
        ["Esperando el sí de una persona…"],
    )
    assert len(screen.shown) == 1
    # The next call of the same kind is another question.
    screen.press = desk.presser(consent, approved=False)
    assert (await refused(consent, client)).type == "consent_declined"
    assert len(screen.shown) == 2


async def test_a_call_that_cannot_wait_says_where_to_answer_and_joins_when_it_comes_again(desk: Desk) -> None:
    here, there = desk.process(has_terminal=True, has_inbox=True), desk.process()
    announcements = Announcements()
    here = desk.process(has_terminal=True, has_inbox=True, announcer=announcements)
    client = FakeClient()
    first, second = await refused(here, client), await refused(here, client)
    assert (first.type, first.outcome, first.retryable, first.retry_after_s) == (
        "consent_pending",
        "not_applied",
        True,
        15,
    )
    assert [one.param for one in first.details] == [None, "inbox", "terminal"]
    assert second.details == first.details
    [open_one] = await there.pending.list_open()
    assert announcements.heard == [open_one.id]
    assert open_one.question["en"].startswith("Account tienda-centro, LIVE money\nBill MXN 500.00 to")
    await there.pending.decide(open_one.id, approved=True, by="luis", channel="inbox")
    granted = await here.obtain(ASKED, client, None)
    assert isinstance(granted, GrantedApproval)
    assert (granted.description, granted.id) == ("inbox: luis", open_one.id)
    # It was used: the same call once more asks again.
    assert (await refused(here, client)).type == "consent_pending"
    assert len(await there.pending.list_open()) == 1


async def test_a_no_elsewhere_is_told_once_and_then_asked_anew(desk: Desk) -> None:
    consent, client = desk.process(has_terminal=True), FakeClient()
    await refused(consent, client)
    [one] = await consent.pending.list_open()
    await consent.pending.decide(one.id, approved=False, by="luis", channel="terminal")
    assert (await refused(consent, client)).type == "consent_declined"
    assert (await refused(consent, client)).type == "consent_pending"
    assert sorted(one.state for one in await consent.pending.list_all()) == ["created", "declined"]


@pytest.mark.parametrize(
    "other",
    [
        {"arguments": '{"amount":50001}'},
        {"account": "otra"},
        {"caller": "f" * 16},
        {"key": "another-intent"},
        {"profile": "otro"},
        {"mode": "test"},
        {"tool": "create_charge"},
    ],
)
async def test_another_call_does_not_join(desk: Desk, other: dict[str, str]) -> None:
    consent, client = desk.process(has_terminal=True), FakeClient()
    await refused(consent, client)
    [one] = await consent.pending.list_open()
    await consent.pending.decide(one.id, approved=True, by="luis", channel="terminal")
    assert (await refused(consent, client, replace(ASKED, **other))).type == "consent_pending"
    assert isinstance(await consent.obtain(ASKED, client, None), GrantedApproval)


@pytest.mark.parametrize("approved", [True, False])
async def test_a_yes_to_one_effect_is_no_yes_to_another(desk: Desk, approved: bool) -> None:
    consent, client = desk.process(has_terminal=True), FakeClient()
    await refused(consent, client)
    [one] = await consent.pending.list_open()
    if approved:
        await consent.pending.decide(one.id, approved=True, by="luis", channel="terminal")
    changed = replace(ASKED, question={"es": "¿Cobrar MXN 900.00?", "en": "Bill MXN 900.00?"})
    failure = await refused(consent, client, changed)
    assert failure.details[0].code == f"conekta_mcp.errors.consent_{'changed' if approved else 'pending'}"
    closed = await consent.pending.find(one.id)
    assert closed is not None
    assert closed.state == "expired"


async def test_a_refusal_says_to_the_audit_who_declined_it_and_where(desk: Desk) -> None:
    consent, client = desk.process(has_terminal=True), FakeClient()
    await refused(consent, client)
    [one] = await consent.pending.list_open()
    await consent.pending.decide(one.id, approved=False, by="luis", channel="terminal")
    failure = await refused(consent, client)
    assert (failure.type, failure.decision) == ("consent_declined", "terminal: luis")
    assert "luis" not in str(failure)


async def test_a_form_and_a_page_are_open_at_once_and_the_first_answer_wins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everywhere, "FORM_SECONDS", 0)
    screen = Screen()
    consent = desk.process(browser=screen, wait_seconds=60)
    screen.press = desk.presser(consent, approved=True)
    silent = FakeClient(can_ask=True)
    granted = await consent.obtain(ASKED, silent, None)
    assert isinstance(granted, GrantedApproval)
    assert (granted.how, len(silent.asked), len(screen.shown)) == ("browser", 1, 1)
    answering = FakeClient(can_ask=True, answer="approve", session="session-2")
    screen.press = None
    granted = await consent.obtain(ASKED, answering, None)
    assert isinstance(granted, GrantedApproval)
    assert granted.how == "client"


async def test_a_form_has_a_while_before_a_browser_opens(desk: Desk) -> None:
    screen = Screen()
    consent = desk.process(browser=screen)
    assert (await refused(consent, FakeClient(can_ask=True))).type == "consent_pending"
    assert screen.shown == []


@pytest.mark.parametrize(
    ("ending", "told"),
    [("declined", "consent_declined"), ("expired", "consent_expired"), ("spent", "consent_invalid")],
)
async def test_a_yes_that_is_lost_just_before_its_use_is_told_as_what_became_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ending: str, told: str
) -> None:
    here, there = desk.process(has_terminal=True), desk.process()
    await refused(here, FakeClient())
    [one] = await there.pending.list_open()
    await there.pending.decide(one.id, approved=True, by="luis", channel="terminal")
    spend = here.pending.spend

    async def spend_late(approval: PendingApproval) -> bool:
        if ending == "declined":
            await there.pending.decide(approval.id, approved=False, by="ana", channel="terminal")
        elif ending == "spent":
            await there.pending.spend(approval)
        else:
            desk.clock.now += 900
        return await spend(approval)

    monkeypatch.setattr(here.pending, "spend", spend_late)
    assert (await refused(here, FakeClient())).type == told


@pytest.mark.parametrize("seconds", [0, 0.01])
async def test_a_page_takes_the_place_of_a_form_that_ends_with_its_call(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(everywhere, "FORM_SECONDS", 3600)
    screen = Screen()
    consent = desk.process(browser=screen, wait_seconds=seconds)
    told = await refused(consent, FakeClient(can_ask=True))
    assert [one.param for one in told.details] == [None, "browser"]
    await wait_for_page(screen)
    # So does that of a call which its client gives up.
    set_wait(consent, 60)
    async with anyio.create_task_group() as group:
        other = FakeClient(can_ask=True, session="session-2")
        group.start_soon(consent.obtain, replace(ASKED, key="2"), other, None)
        with anyio.fail_after(60):
            while not other.asked:
                await anyio.lowlevel.checkpoint()
        group.cancel_scope.cancel()
    await wait_for_page(screen, 2)


async def test_no_page_opens_for_what_a_form_has_answered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everywhere, "FORM_SECONDS", 3600)
    screen, background = Screen(), BackgroundTasks()
    consent = desk.process(browser=screen, wait_seconds=60, background=background)
    client = FakeClient(can_ask=True, answer="approve")
    assert isinstance(await consent.obtain(ASKED, client, None), GrantedApproval)
    with anyio.fail_after(60):
        while background._tasks:
            await anyio.lowlevel.checkpoint()
    assert screen.shown == []


async def wait_for_page(screen: Screen, count: int = 1) -> None:
    with anyio.fail_after(60):
        while len(screen.shown) < count:
            await anyio.lowlevel.checkpoint()


async def test_a_client_that_stays_silent_is_not_asked_by_its_form_again(desk: Desk) -> None:
    consent, silent = desk.process(has_terminal=True), FakeClient(can_ask=True)
    # Its form ended with the call: nobody can answer there any more.
    assert [one.param for one in (await refused(consent, silent)).details] == [None, "terminal"]
    assert [one.param for one in (await refused(consent, silent)).details] == [None, "terminal"]
    await refused(consent, silent, replace(ASKED, key="another"))
    assert len(silent.asked) == 1
    other = FakeClient(can_ask=True, answer="approve", session="session-2")
    set_wait(consent, 60)
    assert isinstance(await consent.obtain(ASKED, other, None), GrantedApproval)


async def close_form(consent: Consent, client: FakeClient, seconds: float, clock: MovableClock) -> Any:
    """What comes of a call whose form is closed so many seconds after it was given."""
    client.answer, client.before = "closed", lambda: setattr(clock, "now", clock.now + seconds)
    if not client.asks_by_result:
        return await consent.obtain(ASKED, client, None)
    given = await consent.obtain(ASKED, client, None)
    assert isinstance(given, PendingQuestion)
    client.before()
    client.returned_state = given.state
    try:
        return await consent.obtain(ASKED, client, None)
    finally:
        client.returned_state = None


@pytest.mark.parametrize("by_result", [False, True])
async def test_a_form_that_is_closed_before_it_can_be_read_leaves_the_question_to_the_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, by_result: bool
) -> None:
    monkeypatch.setattr(everywhere, "FORM_SECONDS", 0)
    screen, client = Screen(), FakeClient(can_ask=True, asks_by_result=by_result)
    consent = desk.process(browser=screen, wait_seconds=60)
    screen.press = desk.presser(consent, approved=True)
    granted = await close_form(consent, client, 0.9, desk.clock)
    assert isinstance(granted, GrantedApproval)
    assert granted.how == "browser"
    # Forms of this session reach nobody: the next question is not given to it.
    granted = await consent.obtain(replace(ASKED, key="another"), client, None)
    assert isinstance(granted, GrantedApproval)
    assert (granted.how, len(client.asked)) == ("browser", 0 if by_result else 1)


async def test_a_page_opens_as_soon_as_a_form_has_turned_out_to_reach_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everywhere, "FORM_SECONDS", 3600)
    screen, client = Screen(), FakeClient(can_ask=True)
    consent = desk.process(browser=screen, wait_seconds=60)
    screen.press = desk.presser(consent, approved=True)
    granted = await close_form(consent, client, 0, desk.clock)
    assert isinstance(granted, GrantedApproval)


@pytest.mark.parametrize("by_result", [False, True])
async def test_a_form_that_is_closed_at_once_is_no_refusal_where_somebody_else_can_answer(
    desk: Desk, by_result: bool
) -> None:
    consent, client = desk.process(has_terminal=True), FakeClient(can_ask=True, asks_by_result=by_result)
    for _ in range(7):
        with pytest.raises(NotApproved) as failure:
            await close_form(consent, client, 0, desk.clock)
        assert failure.value.type == "consent_pending"
        assert [one.param for one in failure.value.details] == [None, "terminal"]
        client.asks_by_result = False
    [one] = await consent.pending.list_open()
    await consent.pending.decide(one.id, approved=True, by="luis", channel="terminal")
    assert isinstance(await consent.obtain(ASKED, client, None), GrantedApproval)


@pytest.mark.parametrize("by_result", [False, True])
async def test_a_client_whose_form_was_closed_at_once_is_given_a_card(desk: Desk, by_result: bool) -> None:
    client = FakeClient(can_ask=True, asks_by_result=by_result, shows_cards=True)
    given = await close_form(desk.process(wait_seconds=0.01), client, 0, desk.clock)
    assert isinstance(given, PendingCard)


@pytest.mark.parametrize("by_result", [False, True])
async def test_a_form_that_a_person_closes_is_a_no(desk: Desk, by_result: bool) -> None:
    consent = desk.process(has_terminal=True, wait_seconds=60)
    client = FakeClient(can_ask=True, asks_by_result=by_result)
    with pytest.raises(NotApproved) as failure:
        await close_form(consent, client, 1, desk.clock)
    assert (failure.value.type, failure.value.decision) == ("consent_declined", "client: a-client 1.0")
    assert failure.value.hint == "Do not repeat the call unless the person asks for it again."
    # Its forms do reach a person, who is asked by them again.
    client.answer = "approve"
    granted = await consent.obtain(replace(ASKED, key="another"), client, None)
    assert isinstance(granted, PendingQuestion if by_result else GrantedApproval)


async def test_a_refusal_at_once_is_a_no_which_says_how_else_a_person_could_answer(desk: Desk) -> None:
    consent = desk.process(has_terminal=True, wait_seconds=60)
    client = FakeClient(can_ask=True, answer="decline")
    failure = await refused(consent, client)
    assert failure.type == "consent_declined"
    assert "leave client out of --approval-channels" in str(failure.hint)
    assert "conekta-mcp approvals" in str(failure.hint)
    client.answer = "approve"
    assert isinstance(await consent.obtain(ASKED, client, None), GrantedApproval)


async def test_a_client_whose_form_brings_nothing_that_can_be_read_is_asked_elsewhere_next(
    desk: Desk,
) -> None:
    consent = desk.process(has_terminal=True, wait_seconds=60)
    client = FakeClient(can_ask=True, answer="unclear")
    assert (await refused(consent, client)).type == "consent_invalid"
    set_wait(consent, 0.01)
    failure = await refused(consent, client)
    assert (failure.type, len(client.asked)) == ("consent_pending", 1)
    assert [one.param for one in failure.details] == [None, "terminal"]


async def test_a_form_that_fails_leaves_the_question_to_the_other_channels(desk: Desk) -> None:
    def fail() -> None:
        raise build_unasked_question()

    consent = desk.process(has_terminal=True)
    client = FakeClient(can_ask=True, answer="approve", before=fail)
    assert (await refused(consent, client)).type == "consent_pending"
    [standing] = await consent.pending.list_open()
    await consent.pending.decide(standing.id, approved=True, by="luis", channel="terminal")
    assert isinstance(await consent.obtain(ASKED, client, None), GrantedApproval)
    assert len(client.asked) == 1
    alone = FakeClient(can_ask=True, answer="approve", before=fail, session="another")
    assert (await refused(desk.process(), alone)).type == "consent_unavailable"


async def test_a_form_that_comes_as_a_result_and_never_back_is_not_given_again(desk: Desk) -> None:
    consent = desk.process(has_terminal=True)
    client = FakeClient(can_ask=True, asks_by_result=True)
    first = await consent.obtain(ASKED, client, None)
    assert isinstance(first, PendingQuestion)
    assert (await refused(consent, client)).type == "consent_pending"
    # The answer comes after all: the question still stands.
    client.returned_state, client.answer = first.state, "approve"
    granted = await consent.obtain(ASKED, client, None)
    assert isinstance(granted, GrantedApproval)
    assert granted.how == "client"
    with pytest.raises(NotApproved, match="used before"):
        await consent.obtain(ASKED, client, None)


async def test_an_answer_that_comes_back_after_another_one_changes_nothing(desk: Desk) -> None:
    consent = desk.process(has_terminal=True)
    client = FakeClient(can_ask=True, asks_by_result=True)
    first = await consent.obtain(ASKED, client, None)
    assert isinstance(first, PendingQuestion)
    [one] = await consent.pending.list_open()
    await consent.pending.decide(one.id, approved=False, by="luis", channel="terminal")
    client.returned_state, client.answer = first.state, "approve"
    assert (await refused(consent, client)).type == "consent_declined"


async def test_a_client_with_cards_is_answered_at_once(desk: Desk) -> None:
    screen = Screen()
    consent = desk.process(browser=screen, wait_seconds=None)
    client = FakeClient(shows_cards=True)
    with anyio.fail_after(3):
        card = await consent.obtain(ASKED, client, None)
    assert isinstance(card, PendingCard)
    assert card.approval.question["es"].splitlines() == [
        "Cuenta tienda-centro, dinero REAL",
        "¿Cobrar MXN 500.00 a «Ana Ruiz»?",
        "Si dices que no, no se hace nada.",
    ]
    assert card.secret not in card.message + card.hint
    assert screen.shown == []


async def test_a_client_with_forms_and_cards_is_asked_by_its_form_and_waited_for(desk: Desk) -> None:
    client = FakeClient(can_ask=True, shows_cards=True, answer="approve")
    granted = await desk.process(wait_seconds=60).obtain(ASKED, client, None)
    assert isinstance(granted, GrantedApproval)
    assert (granted.how, len(client.asked)) == ("client", 1)


async def test_a_browser_opens_where_a_card_does_not_show_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everywhere, "FORM_SECONDS", 0)
    screen = Screen()
    consent = desk.process(browser=screen)
    client = FakeClient(shows_cards=True)
    card = await consent.obtain(ASKED, client, None)
    assert isinstance(card, PendingCard)
    await anyio.wait_all_tasks_blocked()
    with anyio.fail_after(60):
        while not screen.shown:
            await anyio.lowlevel.checkpoint()
    assert screen.shown == [card.approval.id]
    # One that has shown itself: no browser.
    other = await consent.obtain(replace(ASKED, key="2"), client, None)
    assert isinstance(other, PendingCard)


async def test_only_what_the_operator_allows_is_offered(desk: Desk) -> None:
    consent = desk.process(
        allowed=frozenset({"inbox"}), has_inbox=True, has_terminal=True, browser=Screen(), root_path="/shop"
    )
    client = FakeClient(can_ask=True, shows_cards=True)
    details = (await refused(consent, client)).details
    assert [one.param for one in details] == [None, "inbox"]
    assert "(/shop/approvals)" in details[1].message
    assert client.asked == []
    closed = desk.process(allowed=frozenset({"browser"}), has_terminal=True)
    assert (await refused(closed, client)).type == "consent_unavailable"


@pytest.mark.parametrize(
    "tighter",
    [{"allowed": frozenset({"inbox"}), "has_inbox": True}, {"four_eyes": True, "has_terminal": True}],
)
@pytest.mark.parametrize("approved", [True, False])
async def test_a_server_with_stricter_settings_asks_anew(
    desk: Desk, tighter: dict[str, Any], approved: bool
) -> None:
    before, client = desk.process(has_terminal=True), FakeClient()
    await refused(before, client)
    [one] = await before.pending.list_open()
    if approved:
        await before.pending.decide(one.id, approved=True, by="luis", channel="terminal")
    after = desk.process(**tighter)
    assert (await refused(after, client)).type == "consent_pending"
    [other] = await after.pending.list_open()
    assert other.id != one.id
    # Whatever is said to the old question counts no more.
    await before.pending.decide(one.id, approved=True, by="luis", channel="terminal")
    assert (await refused(after, client)).type == "consent_pending"


async def test_a_yes_on_a_channel_that_is_still_allowed_counts_after_others_were_left_out(desk: Desk) -> None:
    before, client = desk.process(has_terminal=True), FakeClient()
    await refused(before, client)
    [one] = await before.pending.list_open()
    await before.pending.decide(one.id, approved=True, by="luis", channel="terminal")
    after = desk.process(allowed=frozenset({"terminal"}), has_terminal=True)
    granted = await after.obtain(ASKED, client, None)
    assert isinstance(granted, GrantedApproval)
    assert granted.how == "terminal"


async def test_a_form_from_before_brings_nothing_to_a_server_without_forms(desk: Desk) -> None:
    client = FakeClient(can_ask=True, asks_by_result=True)
    given = await desk.process(has_terminal=True).obtain(ASKED, client, None)
    assert isinstance(given, PendingQuestion)
    client.returned_state, client.answer = given.state, "approve"
    after = desk.process(allowed=frozenset({"terminal"}), has_terminal=True)
    assert (await refused(after, client)).type == "consent_pending"


async def test_a_preview_stands_beside_the_other_channels(desk: Desk) -> None:
    consent, client = desk.process(allow_preview=True, has_terminal=True), FakeClient()
    failure = await refused(consent, client)
    assert [one.param for one in failure.details] == [None, "terminal", "preview"]
    granted = await consent.obtain(ASKED, client, str(failure.preview["token"]))
    assert isinstance(granted, GrantedApproval)
    assert granted.how == "preview"
    assert await consent.pending.list_open() == []


async def test_a_no_on_another_channel_beats_a_preview(desk: Desk) -> None:
    consent, client = desk.process(allow_preview=True, has_terminal=True), FakeClient()
    failure = await refused(consent, client)
    [one] = await consent.pending.list_open()
    await consent.pending.decide(one.id, approved=False, by="luis", channel="terminal")
    with pytest.raises(NotApproved) as caught:
        await consent.obtain(ASKED, client, str(failure.preview["token"]))
    assert caught.value.type == "consent_declined"


async def test_five_refusals_pause_asking_on_every_channel(desk: Desk) -> None:
    consent, client = desk.process(has_terminal=True), FakeClient()
    for number in range(5):
        asked = replace(ASKED, key=str(number))
        await refused(consent, client, asked)
        [one] = await consent.pending.list_open()
        await consent.pending.decide(one.id, approved=False, by="luis", channel="terminal")
        await refused(consent, client, asked)
    assert (await refused(consent, client, replace(ASKED, key="6"))).type == "consent_paused"
    assert await consent.pending.list_open() == []


async def refuse_five(desk: Desk) -> None:
    consent = desk.process(has_terminal=True)
    before = {one.id for one in await consent.pending.list_open()}
    for number in range(5):
        await refused(consent, FakeClient(), replace(ASKED, key=str(number)))
    for one in await consent.pending.list_open():
        if one.id not in before:
            await consent.pending.decide(one.id, approved=False, by="luis", channel="terminal")


async def test_a_question_from_before_a_pause_is_not_brought_to_the_person_again_until_it_is_over(
    desk: Desk,
) -> None:
    screen = Screen()
    consent = desk.process(browser=screen, has_terminal=True)
    assert (await refused(consent, FakeClient())).type == "consent_pending"
    desk.clock.now += 1
    await refuse_five(desk)
    desk.clock.now += 1
    paused = await refused(consent, FakeClient())
    assert (paused.type, paused.retry_after_s, len(screen.shown)) == ("consent_paused", 599, 1)
    desk.clock.now += 599
    assert (await refused(consent, FakeClient())).type == "consent_pending"
    assert len(screen.shown) == 2


async def test_a_question_from_before_a_pause_still_waits_in_the_inbox(desk: Desk) -> None:
    consent, first = desk.process(has_inbox=True, has_terminal=True), FakeClient()
    await refused(consent, first)
    desk.clock.now += 1
    await refuse_five(desk)
    with_form = FakeClient(can_ask=True, session="another")
    pending = await refused(consent, with_form)
    assert (pending.type, [one.param for one in pending.details]) == (
        "consent_pending",
        [None, "inbox", "terminal"],
    )
    assert with_form.asked == []
    [standing] = await consent.pending.list_open()
    await consent.pending.decide(standing.id, approved=True, by="ana", channel="inbox")
    assert isinstance(await consent.obtain(ASKED, with_form, None), GrantedApproval)


@pytest.mark.parametrize(
    ("client", "offered", "seconds"),
    [
        (FakeClient(), ["terminal"], 4.0),
        (FakeClient(is_patient=True), ["terminal"], 45.0),
        (FakeClient(can_ask=True), ["client", "terminal"], 45.0),
        (FakeClient(can_ask=True), ["client"], 900.0),
    ],
)
def test_how_long_a_call_waits(client: FakeClient, offered: list[Any], seconds: float) -> None:
    assert Channels().choose_wait(client, offered, 900.0) == seconds
    assert Channels(wait_seconds=7.0).choose_wait(client, offered, 900.0) == (
        900.0 if offered == ["client"] else 7.0
    )
    assert (waits.PATIENT_SECONDS, waits.HASTY_SECONDS) == (45.0, 4.0)
    assert (waits.FORM_SECONDS, everywhere.PROGRESS_SECONDS) == (5.0, 3.0)


async def test_a_waiting_call_says_so_in_the_operators_language(desk: Desk) -> None:
    consent = desk.process(has_terminal=True)
    consent._asking._language = "en"
    client = FakeClient()
    await refused(consent, client)
    assert client.reported == ["Waiting for a person's yes…"]
