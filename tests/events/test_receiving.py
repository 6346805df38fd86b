"""A webhook is received if an account's key signed these very bytes; then its event is kept, once."""

import base64
import json
import logging

import pytest

from conekta_mcp.accounts.modes import SHARED_SECONDS
from conekta_mcp.errors import StoreUnavailable, Unreachable
from conekta_mcp.events.keys import EMPTY_RENEWAL_SECONDS, RENEWAL_SECONDS
from conekta_mcp.events.receiver import Reception
from conekta_mcp.storage.protocol import Store
from tests.events.post_office import EVENT, PostOffice, get_pem, make_pair, sign, write_event
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio

BODY = write_event()
IDS = ("ord_1", "cus_1", "11111111-2222-3333-4444-555555555555", "6a00000000000000000000aa")


@pytest.fixture
def office(store: Store, clock: MovableClock) -> PostOffice:
    return PostOffice(store, clock)


async def test_a_signed_event_is_kept_without_what_it_shows(office: PostOffice, clock: MovableClock) -> None:
    assert await office.receive(BODY) is Reception.RECORDED
    (kept,) = await office.store.journal.list_after(0, 10)
    assert (kept.id, kept.type, kept.ids) == (EVENT, "order.paid", IDS)
    assert (kept.at, kept.created_at) == (clock.now, 1_789_999_990)
    assert "Ana" not in kept.to_text()
    assert "example.com" not in kept.to_text()


async def test_an_event_that_comes_again_is_received_and_not_kept_again(office: PostOffice) -> None:
    assert await office.receive(BODY) is Reception.RECORDED
    assert await office.receive(BODY) is Reception.KNOWN
    # Conekta sends it again with other counters of deliveries: another body of the same event.
    again = write_event(webhook_status="failing")
    assert await office.receive(again) is Reception.KNOWN
    assert len(await office.list_kept()) == 1


async def test_events_are_taken_in_any_order(office: PostOffice) -> None:
    late = write_event("6a0000000000000000000002", "order.paid", created_at=1_789_999_999)
    early = write_event("6a0000000000000000000003", "order.created", created_at=1_789_000_000)
    assert [await office.receive(one) for one in (late, early)] == [Reception.RECORDED] * 2
    assert [one[1] for one in await office.list_kept()] == ["order.paid", "order.created"]


DIGEST = sign(BODY)


@pytest.mark.parametrize(
    ("content", "digest"),
    [
        pytest.param(BODY, sign(BODY, "stranger"), id="another key"),
        pytest.param(BODY.replace(b"ord_1", b"ord_2"), DIGEST, id="another body"),
        pytest.param(BODY + b"\n", DIGEST, id="one byte more"),
        pytest.param(b"", DIGEST, id="no body"),
        pytest.param(BODY, base64.b64encode(b"x" * 256).decode(), id="not a signature"),
        pytest.param(BODY, "no base64!", id="not base64"),
        pytest.param(BODY, "ñ" * 20, id="not ASCII"),
        pytest.param(BODY, "A" * 1_000_000, id="endless"),
        pytest.param(BODY, f"{DIGEST},{DIGEST}", id="two of them"),
        pytest.param(BODY, f"sha-256={DIGEST}", id="with a name"),
    ],
)
async def test_what_the_accounts_keys_did_not_sign_is_refused(
    office: PostOffice, content: bytes, digest: str
) -> None:
    assert await office.receive(content, digest) is Reception.UNKNOWN_KEY
    assert await office.list_kept() == []


async def test_without_a_signature_nobody_is_asked_for_keys(office: PostOffice) -> None:
    assert await office.receiver.receive(BODY, None) is Reception.UNSIGNED
    assert await office.receiver.receive(BODY, "") is Reception.UNSIGNED
    assert office.conekta.asked == []


@pytest.mark.parametrize(
    "content",
    [
        b"not JSON",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"id": EVENT}).encode(),
        json.dumps({"id": "with space", "type": "order.paid"}).encode(),
        json.dumps({"id": 7, "type": "order.paid"}).encode(),
        json.dumps({"id": EVENT, "type": "order paid\n"}).encode(),
    ],
)
async def test_what_is_signed_and_no_event_is_refused(office: PostOffice, content: bytes) -> None:
    assert await office.receive(content) is Reception.UNREADABLE
    assert await office.list_kept() == []


@pytest.mark.parametrize("data", [None, [], {}, {"object": None}, {"object": {"id": 7, "charges": [1]}}])
async def test_an_event_about_nothing_known_is_kept_all_the_same(office: PostOffice, data: object) -> None:
    ping = write_event(EVENT, "webhook_ping", data=data)
    assert await office.receive(ping) is Reception.RECORDED
    assert await office.list_kept() == [(EVENT, "webhook_ping")]


async def test_an_event_of_the_other_mode_is_refused(office: PostOffice) -> None:
    assert await office.receive(write_event(livemode=True)) is Reception.OTHER_MODE


async def test_conekta_is_asked_for_its_keys_once(store: Store, clock: MovableClock) -> None:
    first, second = PostOffice(store, clock), PostOffice(store, clock)
    for number in range(20):
        await first.receive(write_event(f"{number:024x}"))
        await second.receive(write_event(f"{number + 10:024x}"))
    assert (first.conekta.asked, second.conekta.asked) == (["/webhook_keys"], [])
    assert len(await first.list_kept()) == 30


async def test_a_new_key_is_found_after_a_minute_and_strangers_do_not_hurry_it(
    office: PostOffice, clock: MovableClock
) -> None:
    await office.receive(BODY)
    office.conekta.names = ["second"]
    for _ in range(50):
        assert await office.receive(BODY, by="stranger") is Reception.UNKNOWN_KEY
    assert await office.receive(BODY, by="second") is Reception.UNKNOWN_KEY
    assert office.conekta.asked == ["/webhook_keys"]
    clock.now += RENEWAL_SECONDS
    assert await office.receive(write_event("6a" * 12), by="second") is Reception.RECORDED
    # What Conekta does not show any more is not believed any more.
    assert await office.receive(write_event("6b" * 12), by="first") is Reception.UNKNOWN_KEY
    assert office.conekta.asked == ["/webhook_keys"] * 2


async def test_the_first_key_of_an_account_is_found_soon(office: PostOffice, clock: MovableClock) -> None:
    office.conekta.names = []
    assert await office.receive(BODY) is Reception.UNKNOWN_KEY
    office.conekta.names = ["first"]
    clock.now += EMPTY_RENEWAL_SECONDS
    assert await office.receive(BODY) is Reception.RECORDED


async def test_a_key_that_another_process_pinned_is_read_from_the_store(
    store: Store, clock: MovableClock
) -> None:
    first, second = PostOffice(store, clock), PostOffice(store, clock)
    await first.receive(BODY)
    await second.receive(BODY)
    clock.now += RENEWAL_SECONDS
    first.conekta.names = ["second"]
    assert await first.receive(write_event("6a" * 12), by="second") is Reception.RECORDED
    assert await second.receive(write_event("6b" * 12), by="second") is Reception.RECORDED
    assert second.conekta.asked == []


async def test_a_key_that_the_list_leaves_out_is_read_by_itself(office: PostOffice) -> None:
    office.conekta.shows_in_list = False
    assert await office.receive(BODY) is Reception.RECORDED
    assert office.conekta.asked == ["/webhook_keys", "/webhook_keys/first"]


async def test_a_key_that_rests_signs_nothing(office: PostOffice) -> None:
    office.conekta.names = ["resting"]
    assert await office.receive(BODY, by="resting") is Reception.UNKNOWN_KEY


async def test_a_key_too_short_to_be_safe_is_not_believed(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    office.conekta.bits = 1024
    with caplog.at_level(logging.WARNING):
        assert await office.receive(BODY, sign(BODY, "first", 1024)) is Reception.UNKNOWN_KEY
    assert "webhook key first: Conekta does not show it" in caplog.text


async def test_while_conekta_is_away_it_is_not_known_and_comes_again(
    office: PostOffice, clock: MovableClock
) -> None:
    office.conekta.is_away = True
    with pytest.raises(Unreachable):
        await office.receive(BODY)
    office.conekta.is_away = False
    clock.now += SHARED_SECONDS
    assert await office.receive(BODY) is Reception.RECORDED


async def test_while_the_store_is_away_nothing_is_said_to_be_received(office: PostOffice) -> None:
    await office.keys.pin_all()
    await office.store.close()
    with pytest.raises(StoreUnavailable):
        await office.receive(BODY)


async def test_keys_of_the_operator_are_believed_without_asking(store: Store, clock: MovableClock) -> None:
    pem = get_pem(make_pair("first", 2048)).replace("\n", "\\n")
    office = PostOffice(store, clock, given=(pem,))
    assert await office.receive(BODY) is Reception.RECORDED
    clock.now += RENEWAL_SECONDS
    assert await office.receive(BODY, by="stranger") is Reception.UNKNOWN_KEY
    assert office.conekta.asked == []


async def test_more_events_than_are_kept_push_the_oldest_out(store: Store, clock: MovableClock) -> None:
    office = PostOffice(store, clock, most=5)
    for number in range(8):
        await office.receive(write_event(f"{number:024x}"))
    assert [one[0] for one in await office.list_kept()] == [f"{number:024x}" for number in range(3, 8)]
