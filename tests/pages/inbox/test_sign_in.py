"""Signing in to the inbox: the cookie, the form, the bounds, and how a session ends."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from conekta_mcp.pages.approvers import passphrases
from conekta_mcp.pages.approvers.attempts import (
    ATTEMPTS,
    CALM_SECONDS,
    FREE_BY_NAME,
    KNOWN_SECONDS,
    LONGEST_DELAY,
    MOST_BY_ADDRESS,
    MOST_BY_NAME_THERE,
    WINDOW_SECONDS,
)
from conekta_mcp.pages.approvers.passphrases import NOBODYS_HASH, hash_passphrase
from conekta_mcp.pages.approvers.sessions import IDLE_SECONDS, LONGEST_SECONDS, SESSIONS
from tests.pages.inbox.visitors import PASSPHRASE, Office, Visitor, open_office
from tests.storage.fixtures import MovableClock

pytestmark = pytest.mark.anyio
PUBLIC = "https://shop.example"


@pytest.fixture
async def public(tmp_path: object, clock: MovableClock) -> AsyncIterator[Office]:
    """A server that is reached by another name, through a proxy that ends TLS."""
    async with open_office(f"{tmp_path}/safety", clock, allowed_hosts=("shop.example",)) as opened:
        await opened.add()
        yield opened


async def is_signed_in(visitor: Visitor) -> bool:
    return (await visitor.get()).status_code == 200


async def test_an_approver_signs_in_and_out(office: Office) -> None:
    visitor = await office.visit()
    asked = await visitor.get()
    assert (asked.status_code, asked.headers["location"]) == (303, "/approvals/sign-in")
    answer = await visitor.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/approvals")
    assert await is_signed_in(visitor)
    assert "Entraste como ana" in visitor.page
    assert (await visitor.get("/approvals/sign-in")).headers["location"] == "/approvals"
    gone = await visitor.get()
    assert gone.status_code == 200
    answer = await visitor.post("/approvals/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/approvals/sign-in")
    assert not await is_signed_in(visitor)


async def test_a_session_that_was_ended_is_dead_for_whoever_kept_its_cookie(office: Office) -> None:
    visitor = await office.visit_signed_in()
    kept = visitor.get_cookie()
    await visitor.get()
    await visitor.post("/approvals/sign-out")
    visitor.http.cookies.clear()
    visitor.http.cookies.set("conekta_approvals", kept)
    assert not await is_signed_in(visitor)


async def test_after_signing_in_the_approval_that_was_asked_for_is_shown(office: Office) -> None:
    approval, visitor = await office.ask(), await office.visit()
    asked = await visitor.get(f"/approvals/{approval.id}")
    assert asked.headers["location"] == f"/approvals/sign-in?next={approval.id}"
    await visitor.get(asked.headers["location"])
    form = {"name": "ana", "passphrase": PASSPHRASE, "next": approval.id}
    answer = await visitor.post("/approvals/sign-in", form)
    assert answer.headers["location"] == f"/approvals/{approval.id}"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "../mcp", "0" * 23, "0" * 25])
async def test_nothing_else_is_gone_to_after_signing_in(target: str, office: Office) -> None:
    visitor = await office.visit()
    await visitor.get("/approvals/sign-in")
    form = {"name": "ana", "passphrase": PASSPHRASE, "next": target}
    answer = await visitor.post("/approvals/sign-in", form)
    assert answer.headers["location"] == "/approvals"


async def test_the_name_is_taken_in_capitals_too(office: Office) -> None:
    assert (await (await office.visit()).sign_in(" Ana ")).status_code == 303


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [("ana", "wrong"), ("ana", ""), ("nobody", PASSPHRASE), ("", PASSPHRASE), ("«»", PASSPHRASE)],
)
async def test_a_wrong_name_and_a_wrong_passphrase_are_answered_alike(
    name: str, passphrase: str, office: Office
) -> None:
    visitor = await office.visit()
    answer = await visitor.sign_in(name, passphrase)
    assert answer.status_code == 403
    assert "El nombre o la frase de acceso no es correcto." in visitor.page
    assert not await is_signed_in(visitor)


async def test_an_unknown_name_and_a_disabled_approver_take_the_work_of_a_known_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.add("eva", is_disabled=True)
    checked: list[str] = []

    def note_check(passphrase_hash: str, _: str) -> bool:
        checked.append(passphrase_hash)
        return True  # as if the passphrase of nobody had been found

    monkeypatch.setattr(passphrases, "check_passphrase", note_check)
    for name in ("nobody", "eva", ""):
        assert (await (await office.visit()).sign_in(name)).status_code == 403
    assert checked == [passphrases.NOBODYS_HASH] * 3


def test_the_hash_of_nobody_costs_what_any_other_costs() -> None:
    made = hash_passphrase(PASSPHRASE)
    assert made.split("$")[1:4] == NOBODYS_HASH.split("$")[1:4]
    assert [len(part) for part in made.split("$")] == [len(part) for part in NOBODYS_HASH.split("$")]
    assert passphrases.check_passphrase(made, PASSPHRASE)
    assert not passphrases.check_passphrase(NOBODYS_HASH, PASSPHRASE)
    assert not passphrases.check_passphrase("damaged", PASSPHRASE)


def test_a_letter_is_the_same_however_a_keyboard_composes_it() -> None:
    composed, decomposed = "contrase\u00f1a de Ana", "contrasen\u0303a de Ana"
    assert passphrases.check_passphrase(hash_passphrase(composed), decomposed)
    assert not passphrases.check_passphrase(hash_passphrase(composed), "\ud800")


async def test_on_this_machine_the_cookie_works_over_http_and_is_kept_to_the_inbox(office: Office) -> None:
    visitor = await office.visit()
    answer = await visitor.sign_in()
    name, _, flags = answer.headers["set-cookie"].partition("=")
    assert name == "conekta_approvals"
    assert set(flags.split("; ")[1:]) == {"HttpOnly", "Path=/approvals", "SameSite=strict"}


async def test_elsewhere_the_cookie_needs_https_and_is_bound_to_its_host(public: Office) -> None:
    visitor = await public.visit(PUBLIC)
    answer = await visitor.sign_in()
    name, _, flags = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-conekta_approvals"
    assert set(flags.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=strict", "Secure"}
    assert await is_signed_in(visitor)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
async def test_behind_a_proxy_on_this_machine_the_cookie_needs_https(header: str, office: Office) -> None:
    visitor = await office.visit()
    answer = await visitor.get("/approvals/sign-in", **{header: "203.0.113.9"})
    assert answer.headers["set-cookie"].startswith("__Host-conekta_approvals=")
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("address", ["ana@example.com", "203.0.113.9 or so", "fe80::1%junk", ""])
async def test_what_is_no_address_is_not_audited_as_one(address: str, office: Office) -> None:
    visitor = await office.visit(address=address)
    await visitor.sign_in(passphrase="a wrong passphrase")
    [told] = [one for one in await office.app.store.read_records(0, 1000) if one["event"] == "sign_in"]
    assert told["address"] == ("fe80::1" if address.startswith("fe80") else "unknown")


async def test_a_session_that_somebody_else_put_into_the_browser_is_worth_nothing(office: Office) -> None:
    visitor = await office.visit()
    visitor.http.cookies.set("conekta_approvals", "fixed by an attacker", "127.0.0.1", "/approvals")
    await visitor.sign_in()
    assert visitor.get_cookie() != "fixed by an attacker"
    attacker = await office.visit()
    attacker.http.cookies.set("conekta_approvals", "fixed by an attacker")
    assert not await is_signed_in(attacker)


async def test_signing_in_again_ends_the_session_before(office: Office) -> None:
    visitor = await office.visit()
    await visitor.get("/approvals/sign-in")
    token = visitor.page
    await visitor.post("/approvals/sign-in", {"name": "ana", "passphrase": PASSPHRASE})
    first = visitor.get_cookie()
    await visitor.get()
    await visitor.post("/approvals/sign-in", {"name": "ana", "passphrase": PASSPHRASE})
    assert visitor.get_cookie() != first
    other = await office.visit()
    other.http.cookies.set("conekta_approvals", first)
    assert not await is_signed_in(other)
    assert token


async def test_the_store_has_no_session_id_and_no_passphrase(office: Office) -> None:
    visitor = await office.visit_signed_in()
    kept = await office.app.store.documents.list_all(SESSIONS)
    assert len(kept) == 1
    assert visitor.get_cookie() not in str(kept)
    assert PASSPHRASE not in str(await office.app.store.documents.list_all("approvers"))


FORGED = {
    "no token": {"csrf": ""},
    "another token": {"csrf": "0" * 64},
    "a token of letters beyond ASCII": {"csrf": "ñ"},
    "another site": {"Sec_Fetch_Site": "cross-site"},
    "another site of the same owner": {"Sec_Fetch_Site": "same-site"},
    "another origin": {"Origin": "https://evil.example"},
    "an origin that is none": {"Origin": "http://[::1"},
    "another port": {"Origin": "http://127.0.0.1:9000"},
    "no origin and no word of the browser": {"Origin": "", "Sec_Fetch_Site": ""},
    "no word of the browser but an origin of null": {"Sec_Fetch_Site": ""},
    "another kind of body": {"Content_Type": "text/plain"},
    "a body without end": {"csrf": "x" * 9000},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_a_form_of_another_page_signs_nobody_in(forged: dict[str, str], office: Office) -> None:
    visitor = await office.visit()
    answer = await visitor.sign_in(**forged)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert not await is_signed_in(visitor)


async def test_a_form_of_another_session_signs_nobody_in(office: Office) -> None:
    attacker, victim = await office.visit(), await office.visit()
    await attacker.get("/approvals/sign-in")
    await victim.get("/approvals/sign-in")
    victim.page = attacker.page
    answer = await victim.post("/approvals/sign-in", {"name": "ana", "passphrase": PASSPHRASE})
    assert answer.status_code == 403


async def test_an_older_browser_that_names_its_origin_signs_in(office: Office) -> None:
    visitor = await office.visit()
    assert (await visitor.sign_in(Origin=visitor.origin, Sec_Fetch_Site="")).status_code == 303


async def test_over_https_an_origin_of_http_is_another(public: Office) -> None:
    visitor = await public.visit(PUBLIC)
    assert (await visitor.sign_in(Origin="http://shop.example", Sec_Fetch_Site="")).status_code == 403
    assert (await visitor.sign_in(Origin=PUBLIC, Sec_Fetch_Site="")).status_code == 303


async def test_nobody_is_signed_out_by_another_site(office: Office) -> None:
    visitor = await office.visit_signed_in()
    await visitor.get()
    assert (await visitor.post("/approvals/sign-out", Sec_Fetch_Site="cross-site")).status_code == 403
    assert (await visitor.post("/approvals/sign-out", csrf="")).status_code == 403
    assert await is_signed_in(visitor)


@pytest.mark.parametrize("path", ["/approvals", "/approvals/sign-in", f"/approvals/{'0' * 24}"])
async def test_a_link_of_a_chat_is_opened_again_so_that_the_cookie_comes(path: str, office: Office) -> None:
    visitor = await office.visit()
    answer = await visitor.get(path, Sec_Fetch_Site="cross-site")
    assert (answer.status_code, answer.headers["refresh"]) == (200, "0")
    assert "set-cookie" not in answer.headers, "it would take the place of the session"


@pytest.mark.parametrize("seconds", [IDLE_SECONDS, IDLE_SECONDS + 1])
async def test_a_session_that_is_not_used_ends(seconds: float, office: Office) -> None:
    visitor = await office.visit_signed_in()
    office.clock.now += seconds
    assert not await is_signed_in(visitor)


async def test_a_page_that_is_left_open_does_not_keep_its_session_alive(office: Office) -> None:
    visitor, approval = await office.visit_signed_in(), await office.ask(expires_at=office.clock() + 3_600)
    await visitor.get(f"/approvals/{approval.id}")
    for _ in range(2):
        office.clock.now += IDLE_SECONDS / 2 - 1
        assert (await visitor.http.get(f"/approvals/{approval.id}/state")).json() == {"state": "shown"}
    office.clock.now += 2
    assert (await visitor.http.get(f"/approvals/{approval.id}/state")).json() == {"state": "gone"}
    assert not await is_signed_in(visitor)


async def test_a_session_that_is_used_ends_after_a_working_day(office: Office) -> None:
    visitor = await office.visit_signed_in()
    passed = 0.0
    while passed + IDLE_SECONDS - 1 < LONGEST_SECONDS:
        office.clock.now += IDLE_SECONDS - 1
        passed += IDLE_SECONDS - 1
        assert await is_signed_in(visitor)
    office.clock.now += LONGEST_SECONDS - passed
    assert not await is_signed_in(visitor)
    assert await office.app.store.documents.list_all(SESSIONS) == {}


async def test_sessions_of_an_approver_who_is_removed_disabled_or_renewed_are_dead(office: Office) -> None:
    for number, change in enumerate(("remove", "disable", "passphrase")):
        standing = await office.add(f"eva{number}")
        visitor = await office.visit_signed_in(f"eva{number}")
        new = {
            "remove": None,
            "disable": replace(standing, is_disabled=True),
            "passphrase": replace(standing, passphrase_hash=hash_passphrase("another passphrase")),
        }[change]
        await office.approvers.replace(standing, new)
        assert not await is_signed_in(visitor), change
        if change == "remove":
            await office.add(f"eva{number}")
            assert not await is_signed_in(visitor), "another person of the same name has another session"


async def test_too_many_attempts_at_a_name_from_one_address_are_refused_there(office: Office) -> None:
    for number in range(MOST_BY_NAME_THERE):
        visitor = await office.visit(address=f"2001:db8:1:2::{number:x}")
        assert (await visitor.sign_in("ana", "wrong")).status_code == 403
    visitor = await office.visit(address="2001:db8:1:2::ffff")
    answer = await visitor.sign_in()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(round(WINDOW_SECONDS)))
    assert "Demasiados intentos. Espera 15 min" in visitor.page
    assert (await (await office.visit(address="198.51.100.1")).sign_in()).status_code == 303
    office.clock.now += WINDOW_SECONDS
    assert (await visitor.sign_in()).status_code == 303


async def attack(office: Office, attempts: int, name: str = "ana") -> list[int]:
    """A stranger with many addresses, who tries again as soon as they may; how long they had to wait."""
    waits = []
    for number in range(attempts):
        visitor = await office.visit(address=f"2001:db8:{number:x}::1")
        answer = await visitor.sign_in(name, "wrong")
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            office.clock.now += waits[-1]
            answer = await visitor.sign_in(name, "wrong")
        assert answer.status_code == 403
    return waits


async def test_attempts_at_a_name_from_many_addresses_are_slowed_down_more_and_more(office: Office) -> None:
    waits = await attack(office, FREE_BY_NAME + 12)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    visitor = await office.visit(address="198.51.100.1")
    assert (await visitor.sign_in()).headers["retry-after"] == str(round(LONGEST_DELAY))
    office.clock.now += LONGEST_DELAY
    assert (await visitor.sign_in()).status_code == 303
    # Whoever has the passphrase ends it for their name.
    assert await attack(office, FREE_BY_NAME) == []


async def test_a_stranger_locks_nobody_out_of_where_they_sign_in(office: Office) -> None:
    await office.visit_signed_in(address="198.51.100.1")
    await attack(office, FREE_BY_NAME + 12)
    await office.visit_signed_in(address="198.51.100.1")
    # Elsewhere they wait as everybody does, until a month has gone by, and are then nobody known here.
    await attack(office, FREE_BY_NAME + 1)
    assert (await (await office.visit(address="198.51.100.2")).sign_in()).status_code == 429
    office.clock.now += KNOWN_SECONDS
    await attack(office, FREE_BY_NAME + 1)
    assert (await (await office.visit(address="198.51.100.1")).sign_in()).status_code == 429


async def test_guessing_at_a_name_where_its_approver_signs_in_is_bounded_too(office: Office) -> None:
    await office.visit_signed_in(address="198.51.100.1")
    for _ in range(MOST_BY_NAME_THERE):
        assert (await (await office.visit(address="198.51.100.1")).sign_in("ana", "wrong")).status_code == 403
    assert (await (await office.visit(address="198.51.100.1")).sign_in()).status_code == 429


async def test_a_name_is_no_longer_slowed_down_after_a_calm_day(office: Office) -> None:
    await attack(office, FREE_BY_NAME + 3)
    office.clock.now += CALM_SECONDS
    assert await attack(office, FREE_BY_NAME) == []


async def test_a_name_that_nobody_has_is_bounded_like_any_other(office: Office) -> None:
    assert await attack(office, FREE_BY_NAME + 3, "nobody") == [1, 2, 4]


async def read_audit(office: Office) -> list[dict[str, Any]]:
    return [one for one in await office.app.store.read_records(0, 1000) if one["event"] == "sign_in"]


async def test_signing_in_and_out_and_failing_to_is_audited_without_what_was_typed(office: Office) -> None:
    visitor = await office.visit(address="198.51.100.1")
    await visitor.sign_in("ana", "wrong phrase of mine")
    await visitor.sign_in(PASSPHRASE, "ana")  # typed into the wrong field
    office.clock.now += 5
    await visitor.sign_in()
    await visitor.get()
    await visitor.post("/approvals/sign-out")
    await visitor.get("/approvals/sign-in")
    found = await read_audit(office)
    told = [(one.get("person"), one["outcome"], one["address"], one["tool"]) for one in found]
    assert told == [
        ("ana", "refused", "198.51.100.1", "inbox"),
        (None, "refused", "198.51.100.1", "inbox"),
        ("ana", "signed_in", "198.51.100.1", "inbox"),
        ("ana", "signed_out", "198.51.100.1", "inbox"),
    ]
    assert found[2]["at"] - found[1]["at"] == 5
    assert "phrase" not in json.dumps(found)


async def test_a_lock_out_is_audited_once_and_not_with_each_attempt(office: Office) -> None:
    for _ in range(MOST_BY_NAME_THERE + 5):
        await (await office.visit(address="198.51.100.1")).sign_in("ana", "wrong")
    *before, last = await read_audit(office)
    assert {one["outcome"] for one in before} == {"refused"}
    assert len(before) == MOST_BY_NAME_THERE
    assert (last["outcome"], last["code"], last["person"]) == ("locked_out", "too_many_of_name_there", "ana")


async def test_nobody_signs_in_while_the_audit_cannot_be_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise OSError

    monkeypatch.setattr(office.app.store, "append", fail)
    visitor = await office.visit()
    assert (await visitor.sign_in()).status_code == 503
    assert not await is_signed_in(visitor)


async def test_too_many_attempts_of_an_address_are_refused_for_every_name(office: Office) -> None:
    for number in range(MOST_BY_ADDRESS):
        visitor = await office.visit(address=f"2001:db8:1:2::{number:x}")
        assert (await visitor.sign_in(f"name{number}", "wrong")).status_code == 403
    visitor = await office.visit(address="2001:db8:1:2:ffff::1")
    assert (await visitor.sign_in()).status_code == 429
    assert (await (await office.visit(address="2001:db8:1:3::1")).sign_in()).status_code == 303


async def test_the_right_passphrase_forgets_the_attempts_before_it(office: Office) -> None:
    for _ in range(3):
        for _ in range(MOST_BY_NAME_THERE - 1):
            await (await office.visit(address="198.51.100.1")).sign_in("ana", "wrong")
        await office.visit_signed_in(address="198.51.100.1")


async def test_people_of_one_office_who_sign_in_rightly_do_not_use_up_its_attempts(office: Office) -> None:
    for _ in range(MOST_BY_ADDRESS + 1):
        await office.visit_signed_in()
    for number in range(MOST_BY_ADDRESS - 1):
        assert (await (await office.visit()).sign_in(f"name{number}", "wrong")).status_code == 403
    await office.visit_signed_in()
    assert (await (await office.visit()).sign_in("nobody", "wrong")).status_code == 403
    assert (await (await office.visit()).sign_in()).status_code == 429


async def test_invented_names_do_not_fill_the_store(office: Office) -> None:
    for number in range(5):
        await (await office.visit(address=f"203.0.113.{number}")).sign_in("x" * 5000 + str(number), "wrong")
    kept = await office.app.store.documents.list_all(ATTEMPTS)
    assert all(len(name) < 20 and len(text) < 60 for name, text in kept.items())


async def test_attempts_at_one_replica_count_at_the_other(shared: str, clock: MovableClock) -> None:
    async with open_office(shared, clock) as one, open_office(shared, clock) as other:
        await one.add()
        for _ in range(MOST_BY_NAME_THERE):
            await (await one.visit(address="198.51.100.1")).sign_in("ana", "wrong")
        assert (await (await other.visit(address="198.51.100.1")).sign_in()).status_code == 429


async def test_a_session_of_one_replica_is_one_of_the_other_and_ends_at_both(
    shared: str, clock: MovableClock
) -> None:
    async with open_office(shared, clock) as one, open_office(shared, clock) as other:
        await one.add()
        here = await one.visit_signed_in()
        there = await other.visit()
        there.http.cookies.set("conekta_approvals", here.get_cookie())
        assert await is_signed_in(there)
        await there.post("/approvals/sign-out")
        assert not await is_signed_in(here)
