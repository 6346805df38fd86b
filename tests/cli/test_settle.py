"""conekta-mcp settle"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client

from conekta_mcp.app import App
from conekta_mcp.cli.commands.settle import format_age
from conekta_mcp.cli.policy_check.assumptions import list_all_tools
from conekta_mcp.cli.records.settlement import rebuild_arguments
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.protocol import Store
from conekta_mcp.storage.records import Claim
from conekta_mcp.storage.serialization import build_store_failure
from conekta_mcp.writes.idempotency import to_canonical_json
from tests.cli.conftest import Ended, Run
from tests.conftest import QUICK

KEY = "key_settle"
ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan", "unit_price": 50000, "quantity": 1}]
CHARGE = [{"payment_method": {"type": "card", "token_id": "tok_test_visa_4242"}}]
ORDER = {"currency": "MXN", "customer_info": ANA, "line_items": LINES, "charges": CHARGE}
STALE = "this version of conekta-mcp does not take its arguments any more"
WISH = {"amount": 20000, "reason": "requested_by_client", "idempotency_key": "refund-1"}
LOST = "1 of 1: refund_order\n"
LEFT = "the call that tells: "
HELD = "idempotency_key: refund-1"


class GoesDeaf(httpx.AsyncHTTPTransport):
    """A network to Conekta that is gone once a write was sent."""

    gone = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.gone:
            raise httpx.ConnectError("gone")
        self.gone = request.method != "GET"
        return await super().handle_async_request(request)


def ask(conekta: RunningSandbox, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = httpx.request(method, conekta.url + path, json=body, headers=headers, trust_env=False)
    return answer.raise_for_status().json()


@pytest.fixture
def run(run: Run) -> Run:
    """Commands in English; the tests that say so run them in Spanish."""

    def run_in_english(*words: str, stdin: str = "", **environment: str) -> Ended:
        return run(*words, stdin=stdin, **{"CONEKTA_LANGUAGE": "en", **environment})

    return run_in_english


@pytest.fixture
def order(conekta: RunningSandbox) -> str:
    """The id of a paid order of MXN 500.00."""
    return str(ask(conekta, "POST", "/orders", ORDER)["id"])


class Shop:
    """A server that loses the answer of one refund, and what its operator does then."""

    def __init__(self, run: Run, conekta: RunningSandbox, order: str, store: str) -> None:
        self._run, self.conekta, self.order, self.store = run, conekta, order, store

    def lose(self, when: str, **settings: Any) -> dict[str, Any]:
        """Refund with a fault that cuts the answer `when` it is applied or before, and then no network."""
        wish = {**WISH, "order_id": self.order}
        fault = {"cut": when, "method": "POST", "path_prefix": "/orders"}
        ask(self.conekta, "POST", "/_sandbox/faults", fault)
        given: dict[str, Any] = {"api_key": KEY, "base_url": self.conekta.url, "store": self.store}
        more = {"max_daily_refunds": 20000, **settings}

        async def refund() -> Any:
            app = App(Settings(**(given | more)), transport=GoesDeaf)
            app.conekta.retry_policy = QUICK
            async with Client(app.server) as client:
                answer = await client.call_tool("refund_order", wish)
            await app.close()
            return answer.structured_content

        lost: dict[str, Any] = anyio.run(refund)["error"]
        assert (lost["outcome"], lost["idempotency_key"]) == ("unknown", "refund-1")
        return lost

    def with_store(self, work: Callable[[Store], Any]) -> Any:
        async def done() -> Any:
            store = open_store(self.store, sandbox_state=None, sandbox=False, clock=time.time)
            try:
                return await work(store)
            finally:
                await store.close()

        return anyio.run(done)

    def claims(self) -> list[Claim]:
        found: list[Claim] = self.with_store(lambda store: store.list_unsettled())
        return found

    def put(self, **changed: Any) -> None:
        """Change the one claim that is not settled, as time or another server would."""
        (claim,) = self.claims()
        wanted = replace(claim, **changed)
        if wanted.place == claim.place:
            assert self.with_store(lambda store: store.replace(claim, wanted))
            return
        assert self.with_store(lambda store: store.replace(claim, replace(claim, state="refused")))
        assert self.with_store(lambda store: store.claim(wanted)) is None

    def add(self, **changed: Any) -> None:
        """Add a claim like the one that is there."""
        (claim,) = self.claims()
        assert self.with_store(lambda store: store.claim(replace(claim, **changed))) is None

    def settle(self, *words: str, **environment: str) -> Ended:
        given = {"CONEKTA_API_KEY": KEY, "CONEKTA_BASE_URL": self.conekta.url}
        return self._run("settle", "--store", self.store, *words, **given | environment)

    def audited(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = self.with_store(lambda store: store.read_records())
        return records

    def refund_id(self) -> str:
        (charge,) = ask(self.conekta, "GET", f"/orders/{self.order}")["charges"]["data"]
        return str(charge["refunds"]["data"][0]["id"])

    def refunded(self) -> int:
        """Centavos that the order gave back."""
        return int(ask(self.conekta, "GET", f"/orders/{self.order}").get("amount_refunded") or 0)


@pytest.fixture
def shop(run: Run, conekta: RunningSandbox, order: str, tmp_path: Path) -> Shop:
    return Shop(run, conekta, order, str(tmp_path / "safety.sqlite3"))


def test_with_nothing_lost_nothing_is_left(shop: Shop) -> None:
    said = shop.settle()
    assert (said.code, said.out, said.err) == (0, "", "Nothing is left to settle.\n")


def test_a_refund_that_was_applied_is_noted_and_its_repeat_sends_nothing(shop: Shop, run: Run) -> None:
    shop.lose("after")
    said = shop.settle()
    assert (said.code, said.err) == (0, f"{LOST}Nothing is left to settle.\n")
    head, told = said.out.splitlines()
    assert head.startswith(f"refund_order {shop.order} {shop.refund_id()} MXN 200.00 ")
    assert head.endswith(" s ago, profile default")
    assert told == "    applied: a repeat with its idempotency_key gets the answer, and sends nothing"
    assert shop.claims() == []
    again = run(
        "call", "refund_order", json.dumps({**WISH, "order_id": shop.order}), "--store", shop.store,
        CONEKTA_API_KEY=KEY, CONEKTA_BASE_URL=shop.conekta.url,
    )  # fmt: skip
    assert (again.code, json.loads(again.out)["id"], shop.refunded()) == (0, shop.order, 20000)


def test_it_is_told_in_spanish(shop: Shop) -> None:
    shop.lose("before")
    said = shop.settle("--language", "es")
    head, why, look, key = said.out.splitlines()
    assert (said.code, said.err) == (1, "1 de 1: refund_order\n")
    assert head.endswith(" s, perfil default")
    assert why.startswith("    aún no se sabe: no está ahí, y aún puede llegar; desde ")
    assert "(Ciudad de México)" in why
    assert look.startswith("    la llamada que lo dice: get_order")
    assert key == f"    {HELD}"
    shop.put(until=time.time() - 190, absent_since=time.time() - 65)
    said = shop.settle("--language", "es")
    assert (said.code, said.err) == (0, "1 de 1: refund_order\nNo queda nada por resolver.\n")
    assert said.out.splitlines()[1] == (
        "    no aplicada, y lo que contó en los límites se devolvió; la llamada puede hacerse de nuevo"
    )


def test_the_audit_hears_how_the_call_ended(shop: Shop) -> None:
    shop.lose("after")
    shop.settle()
    intent, lost, result = shop.audited()
    assert (intent["event"], lost["outcome"], result["call"]) == ("intent", "unknown", intent["call"])
    told = {
        name: result[name] for name in ("event", "outcome", "client", "amount", "currency", "ids", "profile")
    }
    assert told == {
        "event": "settlement",
        "outcome": "applied",
        "client": "conekta-mcp settle",
        "amount": 20000,
        "currency": "MXN",
        "ids": [shop.order, shop.refund_id()],
        "profile": "default",
    }


def test_a_refund_that_is_absent_stays_unknown_until_it_was_absent_for_long(shop: Shop) -> None:
    shop.lose("before")
    said = shop.settle()
    (claim,) = shop.claims()
    again = LocalTimes().format_minute(math.ceil((claim.until + 120) / 60) * 60, "en")
    assert (said.code, said.err) == (1, LOST)
    _, why, look, key = said.out.splitlines()
    assert why.startswith(f"    not known yet: it is not there, and it may still come; from {again} on")
    assert why.endswith(" on its absence counts")
    assert look.startswith(f"    {LEFT}get_order")
    assert key == f"    {HELD}"
    assert claim.state == "unknown"


def test_absence_that_lasted_counts_and_gives_the_limits_back(shop: Shop) -> None:
    shop.lose("before")
    shop.put(until=time.time() - 190, absent_since=time.time() - 65)
    said = shop.settle()
    assert (said.code, shop.claims(), shop.refunded()) == (0, [], 0)
    assert said.out.splitlines()[1] == (
        "    not applied, and what it counted against limits given back; the call can be made anew"
    )
    shop.lose("before")  # the day's limit has room for it again


def test_without_a_limit_nothing_is_said_to_be_given_back(shop: Shop) -> None:
    shop.lose("before", max_daily_refunds=None)
    shop.put(until=time.time() - 190, absent_since=time.time() - 65)
    assert "    not applied; the call can be made anew\n" in shop.settle().out


def test_the_claim_of_a_process_that_died_is_settled_once_its_time_is_over(shop: Shop) -> None:
    shop.lose("after")
    shop.put(state="claimed", until=time.time() - 1)
    said = shop.settle()
    assert (said.code, shop.claims()) == (0, [])
    assert "    applied: " in said.out


def test_a_claim_that_may_still_be_at_work_is_left_alone(shop: Shop) -> None:
    shop.lose("after")
    shop.put(state="claimed", until=4_000_000_000.0)
    before = shop.claims()
    said = shop.settle()
    assert (said.code, shop.claims()) == (1, before)
    assert (
        "it may still be at work; if its process died, it can be settled from "
        "2 Oct 2096, 01:07 (Mexico City) on" in said.out
    )


def test_json_is_one_object_a_write(shop: Shop) -> None:
    shop.lose("before")
    (claim,) = shop.claims()
    said = shop.settle("--json")
    told = json.loads(said.out)
    assert told.pop("look").startswith("get_order")
    assert (said.code, told) == (
        1,
        {
            "tool": "refund_order",
            "outcome": "unknown",
            "why": "absent",
            "account": claim.account,
            "profile": "default",
            "ids": [shop.order],
            "amount": 20000,
            "currency": "MXN",
            "at": claim.at,
            "at_iso": LocalTimes().format_iso(claim.at),
            "idempotency_key": "refund-1",
            "again_at": claim.until + 120,
            "again_at_iso": LocalTimes().format_iso(claim.until + 120),
        },
    )


def test_what_cannot_be_read_names_the_exact_call_that_tells(shop: Shop) -> None:
    shop.lose("after")
    fault = {"status": 403, "body": "{}", "method": "GET", "path_prefix": "/orders/", "count": 2}
    ask(shop.conekta, "POST", "/_sandbox/faults", fault)
    said = shop.settle()
    assert said.code == 1
    assert said.out.splitlines()[1:] == [
        "    not known yet: reading does not tell",
        f'    {LEFT}get_order {{"order_id":"{shop.order}"}}',
        f"    {HELD}",
    ]
    assert shop.settle().code == 0


def test_nothing_is_ever_written_to_conekta(shop: Shop) -> None:
    shop.lose("before")
    before = len(ask(shop.conekta, "GET", "/logs?limit=250")["data"])
    shop.settle()
    after = ask(shop.conekta, "GET", "/logs?limit=250")["data"]
    assert {one["method"] for one in after[: len(after) - before]} <= {"GET"}
    assert shop.refunded() == 0


def test_a_claim_of_an_account_whose_key_is_not_at_hand_says_so(shop: Shop) -> None:
    shop.lose("after")
    said = shop.settle(CONEKTA_API_KEY="key_another")
    (claim,) = shop.claims()
    head, why, *_ = said.out.splitlines()
    assert (said.code, claim.state) == (1, "unknown")
    assert head.endswith(f", account {claim.account}")
    assert why == (
        "    not known yet: no key of its account is at hand; name its profile (--profile), or set "
        "CONEKTA_API_KEY"
    )


def test_what_was_lost_with_an_old_key_is_settled_with_a_new_one_of_the_company(shop: Shop) -> None:
    shop.lose("after")
    company = ask(shop.conekta, "GET", "/companies/current")["id"]
    account = fingerprint_key(json.dumps([shop.conekta.url, company, None, "test"]))
    shop.put(account=account)
    new_key = ask(shop.conekta, "POST", "/api_keys", {"role": "private"})["authentication_token"]
    said = shop.settle(CONEKTA_API_KEY=new_key)
    assert (said.code, shop.claims(), shop.refunded()) == (0, [], 20000)
    assert said.out.splitlines()[0].endswith(" s ago, profile default")
    assert shop.audited()[-1]["account"] == fingerprint_key(new_key)


def test_a_company_that_conekta_does_not_say_keeps_no_key_from_settling_its_own(shop: Shop) -> None:
    shop.lose("after")
    new_key = ask(shop.conekta, "POST", "/api_keys", {"role": "private"})["authentication_token"]
    shop.put(account=fingerprint_key(new_key))
    fault = {"status": 500, "body": "{}", "path_prefix": "/companies", "count": 10}
    ask(shop.conekta, "POST", "/_sandbox/faults", fault)
    said = shop.settle(CONEKTA_API_KEY=new_key)
    assert (said.code, shop.claims()) == (0, [])
    assert "profile default: only what was lost with this key can be settled: " in said.err


def test_without_a_key_nothing_is_settled(shop: Shop) -> None:
    shop.lose("after")
    said = shop.settle(CONEKTA_API_KEY="")
    assert (said.code, len(shop.claims())) == (1, 1)
    assert "no key of its account is at hand" in said.out


def test_with_profile_only_its_own_are_settled(shop: Shop) -> None:
    shop.lose("after")
    shop.add(account="0123456789abcdef")
    said = shop.settle("--profile", "store-b", CONEKTA_API_KEY_STORE_B=KEY, CONEKTA_API_KEY="")
    assert (said.code, [claim.account for claim in shop.claims()]) == (0, ["0123456789abcdef"])
    assert said.err == f"1 of accounts that --profile does not name\n{LOST}Nothing is left to settle.\n"
    assert said.out.splitlines()[0].endswith(", profile store-b")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"tool": "gone_tool"}, "this version of conekta-mcp has no such tool"),
        (
            {"arguments": '{"order_id": 5}'},
            "this version of conekta-mcp does not take its arguments any more",
        ),
        (
            {"arguments": json.dumps({"order_id": "sha256:" + "0" * 64})},
            "its arguments were too long to be kept whole, so nothing can be compared with them",
        ),
    ],
)
def test_what_cannot_be_rebuilt_is_left_and_told(changed: dict[str, str], why: str, shop: Shop) -> None:
    shop.lose("after")
    shop.put(**changed)
    before = shop.claims()
    said = shop.settle()
    assert (said.code, shop.claims()) == (1, before)
    assert f"    not known yet: {why}\n" in said.out


def test_a_tool_that_nothing_can_prove_names_where_to_look(shop: Shop) -> None:
    shop.lose("after")
    shop.put(tool="simulate_payment", arguments=json.dumps({"order_id": shop.order}))
    said = shop.settle()
    tool = next(one for one in list_all_tools() if one.name == "simulate_payment")
    assert f"    {LEFT}{tool.settled_by}\n" in said.out


def test_a_claim_that_another_one_takes_meanwhile_is_left_to_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.lose("after")

    async def never(*_: object, **__: object) -> bool:
        return False

    monkeypatch.setattr("conekta_mcp.storage.sqlite.SqliteStore.replace", never)
    said = shop.settle()
    assert (said.code, "another process settles it just now" in said.out) == (1, True)


def test_an_object_that_others_work_on_is_left_for_later(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.lose("after")
    (claim,) = shop.claims()
    monkeypatch.setattr("conekta_mcp.writes.locks.WAIT_SECONDS", 0.0)
    name = f"{claim.account}:{shop.order}"
    assert shop.with_store(lambda store: store.lock(name, "other", time.time(), time.time() + 60))
    said = shop.settle()
    assert (said.code, shop.claims()) == (1, [claim])
    assert "other calls are at work on the same object; run this again in a moment" in said.out


class Torn(Exception):
    """Settling was torn off."""


def test_a_claim_whose_settling_is_torn_off_can_be_settled_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.lose("after")

    async def torn(*_: object) -> Any:
        raise Torn

    with monkeypatch.context() as patched:
        patched.setattr("conekta_mcp.writes.settling.Settler.settle", torn)
        with pytest.raises(Torn):
            shop.settle()
    assert (shop.claims()[0].state, shop.settle().code) == ("unknown", 0)


@pytest.mark.parametrize("place", ["replace", "lock", "list_unsettled"])
def test_a_store_that_fails_ends_with_1(place: str, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.lose("after")

    async def down(*_: object, **__: object) -> Any:
        raise build_store_failure("store_unavailable", "SQLITE_FULL")

    with monkeypatch.context() as patched:
        patched.setattr(f"conekta_mcp.storage.sqlite.SqliteStore.{place}", down)
        said = shop.settle()
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith(
        "conekta-mcp settle: the store cannot be used: The store that remembers intents and limits does not "
        "answer (SQLITE_FULL).\n"
    )
    assert shop.settle().code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--store", "memory"), "--store: memory is one process's own; name a file or redis://"),
        (("--sandbox",), "--store: memory is one process's own; name a file or redis://"),
        (("--profile", "a b"), "--profile"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(words: tuple[str, ...], told: str, run: Run) -> None:
    said = run("settle", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_the_sandboxs_claims_lie_beside_its_state(tmp_path: Path, run: Run) -> None:
    said = run("settle", "--sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    assert (said.code, said.err) == (0, "Nothing is left to settle.\n")


def test_the_help_promises_that_it_only_reads(run: Run) -> None:
    text = " ".join(run("settle", "--help").out.split())
    assert "nothing is ever sent again" in text
    assert "Exit 0: nothing is left; 1: something is not known yet; 2: wrong usage." in text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (200_000, "2 d")]
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert format_age(seconds) == text


@pytest.mark.parametrize("name", sorted(WRITE_HANDLERS))
def test_the_arguments_of_every_write_can_be_rebuilt_from_its_claim(name: str) -> None:
    tool = next(one for one in list_all_tools() if one.name == name)
    arguments = tool.input.model_validate(tool.example)
    kept = to_canonical_json(arguments)
    claim = Claim(account="a", tool=name, key="k", fingerprint="f", arguments=kept, owner="o", at=0, until=0)
    assert rebuild_arguments(tool, claim) == arguments


def test_a_persons_word_settles_what_no_reading_tells_and_is_recorded_as_theirs(shop: Shop) -> None:
    shop.lose("before")
    said = shop.settle("--as", "not_applied", "--key", "refund-1", "--why", "Conekta's support says so")
    assert (said.code, shop.claims(), shop.refunded()) == (0, [], 0)
    record = shop.audited()[-1]
    told = {name: record[name] for name in ("event", "outcome", "settled_by", "why", "tool")}
    assert told == {
        "event": "settlement",
        "outcome": "not_applied",
        "settled_by": "person",
        "why": "Conekta's support says so",
        "tool": "refund_order",
    }
    shop.lose("before")  # the day's limit has room for it again


def test_a_persons_word_does_not_undo_what_reading_shows(shop: Shop) -> None:
    shop.lose("after")
    said = shop.settle("--as", "not_applied", "--key", "refund-1", "--why", "the panel did not show it")
    assert (said.code, shop.claims(), shop.refunded()) == (0, [], 20000)
    assert "applied" in said.out
    assert "not applied" not in said.out
    record = shop.audited()[-1]
    assert (record["event"], record["outcome"], record["settled_by"]) == ("settlement", "applied", "reading")


def test_a_write_that_a_person_calls_applied_is_not_made_again(shop: Shop, run: Run) -> None:
    shop.lose("before")
    said = shop.settle("--as", "applied", "--key", "refund-1", "--why", "seen in the panel")
    assert said.code == 0
    again = run(
        "call", "refund_order", json.dumps({**WISH, "order_id": shop.order}), "--store", shop.store,
        CONEKTA_API_KEY=KEY, CONEKTA_BASE_URL=shop.conekta.url,
    )  # fmt: skip
    assert (again.code, json.loads(again.out)["repeated"], shop.refunded()) == (0, True, 0)
    assert json.loads(again.out)["settled"] == (
        "The answer was lost on the way; a person noted that it was applied. It is not shown."
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--as", "applied", "--key", "k"),
            "--as: name the write with --key and say with --why how it is known",
        ),
        (
            ("--as", "applied", "--why", "w"),
            "--as: name the write with --key and say with --why how it is known",
        ),
        (("--key", "k"), "--key and --why go with --as applied or --as not_applied"),
        (("--as", "applied", "--key", "k", "--why", "w"), "--key: 0 lost writes have this key"),
    ],
)
def test_a_persons_word_names_one_write_and_a_reason(words: tuple[str, ...], told: str, shop: Shop) -> None:
    said = shop.settle(*words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
