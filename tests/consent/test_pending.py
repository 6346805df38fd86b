"""A pending approval is decided once and used once, by any process, in both stores."""

import gc
import shutil
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from conekta_mcp.audit.log import AuditLog
from conekta_mcp.consent.pending.approvals import APPROVALS, MAX_CARDS, PendingApprovals
from conekta_mcp.consent.pending.cards import CardApprovals, create_card_secret, hash_card_secret
from conekta_mcp.consent.pending.record import Channel, PendingApproval, format_approval, parse_approval
from conekta_mcp.settings.approvals import CHANNELS
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.sqlite import SqliteStore
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio
LIFE = 900.0


def draft(name: int, call: str = "call", at: float = 1_790_000_000.0) -> PendingApproval:
    return PendingApproval(
        id=f"{name:024x}",
        call=call,
        effect="effect",
        tool="create_order",
        account="tienda",
        caller="0123456789abcdef",
        question={"es": "¿Cobrar MXN 500.00 a «Ana Ruiz»?", "en": "Bill MXN 500.00 to “Ana Ruiz”?"},
        facts={"amount": 50000, "before": {}, "recurrence": None},
        created_at=at,
        expires_at=at + LIFE,
    )


async def test_a_record_comes_back_as_it_was_kept() -> None:
    whole = replace(draft(1), state="approved", decided_by="ana", channel="inbox", card_secrets=("a", "b"))
    assert parse_approval(format_approval(whole)) == whole


async def test_the_first_answer_wins_at_every_replica(store: Store) -> None:
    one, two = PendingApprovals(store), PendingApprovals(store)
    kept = await one.create(draft(1))
    assert await two.list_open() == [kept]
    first = await one.decide(kept.id, approved=True, by="ana", channel="inbox")
    second = await two.decide(kept.id, approved=True, by="luis", channel="terminal")
    assert first is not None
    assert (first.state, first.decided_by, second) == ("approved", "ana", first)
    assert await two.list_open() == []


async def test_a_question_that_no_call_has_is_not_shown(store: Store) -> None:
    """Of two replicas that ask at once one stores a draft too many; a process may also end right after it."""
    pending = PendingApprovals(store)
    left_over = draft(1)
    await store.documents.change(APPROVALS, left_over.id, None, format_approval(left_over), LIFE)
    assert (await pending.list_all(), await pending.list_open()) == ([], [])
    kept = await pending.create(draft(2))
    assert (await pending.list_all(), await pending.list_open()) == ([kept], [kept])


@pytest.mark.parametrize("channel", ["inbox", "browser", "card", "terminal"])
async def test_an_answer_outside_of_the_client_is_recorded_once(channel: Channel, store: Store) -> None:
    pending = PendingApprovals(store, AuditLog(store))
    kept = await pending.create(draft(1))
    await pending.decide(kept.id, approved=True, by="ana", channel=channel, address="198.51.100.1")
    await pending.decide(kept.id, approved=True, by="ana", channel=channel)
    await pending.decide(kept.id, approved=False, by="luis", channel=channel)
    await pending.decide(kept.id, approved=False, by="luis", channel=channel)
    told = [
        (one["event"], one["call"], one["consent"], one["amount"], one.get("address"))
        for one in await store.read_records(0, 10)
    ]
    assert told == [
        ("decision", kept.id, f"approved ({channel}: ana)", 50_000, "198.51.100.1"),
        ("decision", kept.id, f"declined ({channel}: luis)", 50_000, None),
    ]


async def test_an_answer_of_the_client_is_left_to_the_record_of_its_call(store: Store) -> None:
    pending = PendingApprovals(store, AuditLog(store))
    kept = await pending.create(draft(1))
    await pending.decide(kept.id, approved=True, by="Claude", channel="client")
    assert await store.read_records(0, 10) == []


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("channel", [one for one in CHANNELS if one != "inbox"])
async def test_a_question_takes_no_answer_on_a_channel_that_its_server_leaves_out(
    channel: Channel, approved: bool, store: Store
) -> None:
    """A terminal, a page or a card of another process may run with other settings."""
    pending = PendingApprovals(store)
    kept = await pending.create(replace(draft(1), channels=("inbox",)))
    assert await pending.decide(kept.id, approved=approved, by="x", channel=channel) == kept
    assert await pending.list_open() == [kept]


async def test_a_no_still_counts_after_a_yes_that_was_not_used(store: Store) -> None:
    pending = PendingApprovals(store)
    kept = await pending.create(draft(1))
    await pending.decide(kept.id, approved=True, by="ana", channel="inbox")
    no = await pending.decide(kept.id, approved=False, by="luis", channel="inbox")
    assert no is not None
    assert (no.state, await pending.spend(no)) == ("declined", False)
    yes = await pending.decide(kept.id, approved=True, by="ana", channel="inbox")
    assert yes == no


async def test_of_many_that_use_one_approval_one_does(store: Store) -> None:
    pending = PendingApprovals(store)
    kept = await pending.create(draft(1))
    yes = await pending.decide(kept.id, approved=True, by="ana", channel="inbox")
    assert yes is not None
    used: list[bool] = []

    async def use() -> None:
        used.append(await PendingApprovals(store).spend(yes))

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(use)
    assert sorted(used) == [False] * 7 + [True]
    assert await pending.find_for_call("call") is None


async def test_of_many_that_ask_for_one_call_one_question_stands(store: Store) -> None:
    kept: list[str] = []

    async def ask(name: int) -> None:
        kept.append((await PendingApprovals(store).create(draft(name))).id)

    async with anyio.create_task_group() as group:
        for name in range(8):
            group.start_soon(ask, name)
    assert len(set(kept)) == 1
    assert [one.id for one in await PendingApprovals(store).list_all()] == kept[:1]


async def test_an_approval_that_nobody_used_in_time_is_over(store: Store, clock: MovableClock) -> None:
    pending = PendingApprovals(store)
    kept = await pending.create(draft(1, at=await store.read_time()))
    yes = await pending.decide(kept.id, approved=True, by="ana", channel="inbox")
    assert yes is not None
    clock.now += LIFE
    assert (await pending.spend(yes), await pending.find_for_call("call")) == (False, None)
    late = await pending.expire(kept.id)
    assert late is not None
    assert late.state == "expired"
    again = await pending.create(draft(2, at=await store.read_time()))
    assert await pending.find_for_call("call") == again


async def test_an_answer_after_the_time_changes_nothing(store: Store, clock: MovableClock) -> None:
    pending = PendingApprovals(store)
    kept = await pending.create(draft(1, at=await store.read_time()))
    clock.now += LIFE
    assert await pending.decide(kept.id, approved=True, by="ana", channel="inbox") == kept
    assert await pending.decide("0" * 24, approved=True, by="ana", channel="inbox") is None


async def test_a_decision_wakes_whoever_waits(store: Store) -> None:
    here, there = PendingApprovals(store), PendingApprovals(store)
    for pending, name in ((here, 1), (there, 2)):
        kept = await here.create(draft(name, call=str(name)))
        ended: list[PendingApproval | None] = []

        async def wait(approval_id: str, into: list[PendingApproval | None]) -> None:
            into.append(await here.wait(approval_id))

        with anyio.fail_after(60):
            async with anyio.create_task_group() as group:
                group.start_soon(wait, kept.id, ended)
                await anyio.lowlevel.checkpoint()
                await pending.decide(kept.id, approved=False, by="ana", channel="inbox")
        assert [one and one.state for one in ended] == ["declined"]


async def test_a_card_answers_with_its_secret_in_its_session_only(store: Store) -> None:
    pending = PendingApprovals(store)
    cards, kept = CardApprovals(pending), await pending.create(draft(1))
    secret = create_card_secret()
    await pending.add_card_secret(kept, hash_card_secret(secret, "session-1"))
    for wrong in [
        ("0" * 24, secret, "session-1"),
        (kept.id, "x", "session-1"),
        (kept.id, secret, "session-2"),
    ]:
        assert await cards.read_state(*wrong) is None
        assert await cards.decide(*wrong, approved=True) is None
    shown = await cards.read_state(kept.id, secret, "session-1")
    assert shown is not None
    assert shown.state == "shown"
    assert secret not in format_approval(shown)
    yes = await cards.decide(kept.id, secret, "session-1", approved=True)
    assert yes is not None
    assert (yes.state, yes.channel) == ("approved", "card")


async def test_only_the_latest_cards_of_a_question_answer(store: Store) -> None:
    pending = PendingApprovals(store)
    cards, kept = CardApprovals(pending), await pending.create(draft(1))
    for number in range(MAX_CARDS + 1):
        await pending.add_card_secret(kept, hash_card_secret(str(number), "s"))
    assert await cards.read_state(kept.id, "0", "s") is None
    assert await cards.read_state(kept.id, "1", "s") is not None
    assert await cards.read_state(kept.id, str(MAX_CARDS), "s") is not None


async def test_questions_that_nobody_answers_here_leave_nothing_in_memory(store: Store) -> None:
    here, there = PendingApprovals(store), PendingApprovals(store)
    for name in range(3):
        one = await here.create(draft(name, call=str(name)))
        with anyio.move_on_after(0.01):
            await here.wait(one.id)
        await there.decide(one.id, approved=name == 0, by="ana", channel="inbox")
    gc.collect()
    assert dict(here._changes) == {}


@pytest.mark.parametrize(
    ("by", "channel", "told"),
    [
        ("ana", "inbox", "inbox: ana"),
        ("luis", "terminal", "terminal: luis"),
        ("Claude 1.0", "client", "client: Claude 1.0"),
        ("browser", "browser", "browser"),
        ("card", "card", "card"),
    ],
)
def test_a_decision_is_described_by_whom_and_where(by: str, channel: Channel, told: str) -> None:
    decided = draft(1).decide(approved=False, at=1.0, by=by, channel=channel)
    assert decided.describe_decision() == told


def test_what_nobody_decided_is_described_by_where_they_could_have() -> None:
    asked = replace(draft(1), channels=("inbox", "terminal"))
    assert asked.describe_decision() == "no answer by inbox, terminal"


async def test_a_yes_in_a_restored_copy_of_the_store_ends_with_its_time(tmp_path: Path) -> None:
    """A copy keeps what was not used then: docs/image.md says to wait so long before a start with it."""
    clock = MovableClock(draft(1).created_at)
    store = SqliteStore(str(tmp_path / "store.sqlite3"), clock)
    kept = await PendingApprovals(store).create(draft(1))
    yes = await PendingApprovals(store).decide(kept.id, approved=True, by="ana", channel="inbox")
    await store.close()
    shutil.copy(tmp_path / "store.sqlite3", tmp_path / "copy.sqlite3")
    clock.now += LIFE
    restored = SqliteStore(str(tmp_path / "copy.sqlite3"), clock)
    pending = PendingApprovals(restored)
    assert (await pending.find_for_call(kept.call), yes and await pending.spend(yes)) == (None, False)
    await restored.close()
