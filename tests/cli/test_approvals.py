"""conekta-mcp approvals, on a pseudo-terminal as a person has it, and without one."""

import asyncio
import json
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import anyio
import pytest

from conekta_mcp.cli.approving.answers import parse_typed, read_login_name
from conekta_mcp.cli.commands import approvals
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.errors import Detail, StoreUnavailable
from conekta_mcp.pages.approvers.approver import Approver, StoredApprovers
from conekta_mcp.pages.approvers.attempts import FREE_BY_NAME, SignInAttempts
from conekta_mcp.pages.approvers.passphrases import hash_passphrase
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.protocol import Store
from tests.cli.conftest import Run
from tests.cli.terminals import at_terminal

QUESTION = {
    "es": "Cuenta tienda, dinero REAL\n¿Cobrar MXN 500.00 a «Ana Ruiz»?\nSi dices que no, no se hace nada.",
    "en": "Account tienda, LIVE money\nBill MXN 500.00 to «Ana Ruiz»?\nIf you decline, nothing is done.",
}
PASSPHRASE = "una frase que nadie adivina"
CALLER = "0123456789abcdef"


def draft(name: int, **more: Any) -> PendingApproval:
    now = time.time()
    given = {
        "id": f"{name:024x}",
        "call": f"call-{name}",
        "effect": "effect",
        "tool": "create_order",
        "account": "company-1",
        "caller": CALLER,
        "question": QUESTION,
        "facts": {"amount": 50000, "currency": "MXN", "account": "tienda", "mode": "live"},
        "created_at": now,
        "expires_at": now + 900,
    }
    return PendingApproval(**{**given, **more})


class Shop:
    """The store of a server, as a test puts questions into it."""

    def __init__(self, where: str) -> None:
        self.where = where

    def ask(self, *drafts: PendingApproval) -> None:
        async def create(store: Store) -> None:
            for one in drafts:
                await PendingApprovals(store).create(one)

        self.use(create)

    def find(self, name: int) -> PendingApproval:
        found: list[PendingApproval | None] = []

        async def look(store: Store) -> None:
            found.append(await PendingApprovals(store).find(f"{name:024x}"))

        self.use(look)
        assert found[0] is not None
        return found[0]

    def decide(self, name: int, *, approved: bool) -> None:
        async def answer(store: Store) -> None:
            await PendingApprovals(store).decide(
                f"{name:024x}", approved=approved, by="luis", channel="inbox"
            )

        self.use(answer)

    def add_approver(self, **more: Any) -> None:
        async def add(store: Store) -> None:
            kept = Approver(name="eva", passphrase_hash=hash_passphrase(PASSPHRASE), created_at=1.0, **more)
            await StoredApprovers(store).replace(None, kept)

        self.use(add)

    def read_audit(self) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []

        async def look(store: Store) -> None:
            found.extend(
                (one["event"], one["call"], one["consent"]) for one in await store.read_records(0, 10)
            )

        self.use(look)
        return found

    def use(self, work: Callable[[Store], Awaitable[None]]) -> None:
        async def run() -> None:
            store = open_store(self.where, sandbox_state=None, sandbox=False, clock=time.time)
            try:
                await work(store)
            finally:
                await store.close()

        anyio.run(run)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(str(tmp_path / "safety.sqlite3"))


def test_the_list_has_what_waits_and_all_has_the_rest(shop: Shop, run: Run) -> None:
    expired = draft(3, expires_at=time.time() - 1)
    shop.ask(draft(1), draft(2), expired)
    shop.decide(2, approved=False)
    said = run("approvals", "--store", shop.where, "--language", "en")
    lines = said.out.splitlines()
    assert (said.code, len(lines)) == (0, 2)
    assert "LIVE MONEY  tienda  MXN 500.00  create_order  not answered, " in lines[0]
    assert lines[1] == "    Bill MXN 500.00 to «Ana Ruiz»?"
    assert "approvals watch" in said.err
    every = run("approvals", "list", "--all", "--store", shop.where, "--language", "en").out
    assert "declined by luis (inbox)" in every
    assert "expired" in every


def test_the_name_that_a_client_gives_itself_is_not_that_of_an_approver(shop: Shop, run: Run) -> None:
    named = "luis (inbox)» \x1b[2K"
    shop.ask(draft(7, state="declined", decided_by=named, decided_at=time.time(), channel="client"))
    told = run("approvals", "list", "--all", "--store", shop.where, "--language", "en").out
    assert "declined by «luis (inbox) [2K» (client)" in told


def test_the_list_is_in_spanish_by_default_and_says_if_nobody_waits(shop: Shop, run: Run) -> None:
    assert run("approvals", "--store", shop.where).err == "Nadie espera una respuesta.\n"
    shop.ask(draft(1))
    assert "EN VIVO, DINERO REAL  tienda" in run("approvals", "--store", shop.where).out


def test_a_short_id_is_long_enough_for_one_approval(shop: Shop, run: Run) -> None:
    shop.ask(draft(0x10), draft(0x11))
    shown = run("approvals", "--store", shop.where).out.splitlines()[::2]
    assert [one.split()[0] for one in shown] == [f"{0x10:024x}", f"{0x11:024x}"]
    english = ("--store", shop.where, "--language", "en")
    said = run("approvals", "show", "0", *english)
    assert (said.code, said.out) == (1, "")
    assert "2 questions have an id that begins so" in said.err
    assert "no question has such an id" in run("approvals", "show", "f", *english).err


def test_json_is_a_line_without_what_only_the_server_compares(shop: Shop, run: Run) -> None:
    shop.ask(draft(1, question={"es": "¿\x9b31m\u202eYa?"}))
    for words in (("list",), ("show", "0")):
        said = run("approvals", *words, "--json", "--store", shop.where)
        (line,) = said.out.splitlines()
        told = json.loads(line)
        assert (told["state"], told["facts"]["mode"], told["question"]["es"]) == (
            "created",
            "live",
            "¿31mYa?",
        )
        assert told.keys() & {"call", "effect", "card_secrets"} == set()


def test_show_tells_the_whole_question_and_how_it_ended(shop: Shop, run: Run) -> None:
    shop.ask(replace(draft(1), result={"outcome": "applied", "id": "ord_1"}))
    said = run("approvals", "show", "0000", "--store", shop.where, "--language", "en").out
    assert "tienda — LIVE MONEY" in said
    assert said.endswith(QUESTION["en"] + "\n")
    assert "applied, ord_1" in said
    until = LocalTimes().format_minute(shop.find(1).expires_at, "en")
    assert [line.split(maxsplit=1)[1] for line in said.splitlines() if line.startswith("expires ")] == [until]
    test = draft(2, facts={"mode": "test"})
    shop.ask(test)
    assert (
        "company-1 — test" in run("approvals", "show", test.id, "--store", shop.where, "--language", "en").out
    )


@pytest.mark.parametrize("action", ["approve", "decline", "watch"])
def test_without_a_terminal_nobody_answers(action: str, shop: Shop, run: Run) -> None:
    shop.ask(draft(1))
    words = () if action == "watch" else ("0",)
    said = run("approvals", action, *words, "--store", shop.where, "--language", "en", stdin="yes\n")
    assert (said.code, said.out) == (2, "")
    assert "a person has to answer on a real terminal" in said.err
    assert shop.find(1).state == "created"


def test_where_the_operator_left_the_terminal_out_it_takes_no_answer(shop: Shop, run: Run) -> None:
    shop.ask(draft(1))
    channels = ("--approval-channels", "browser,inbox", "--language", "en")
    said = run("approvals", "approve", "0", "--store", shop.where, *channels)
    assert (said.code, said.err) == (
        2,
        "conekta-mcp: --approval-channels: the operator takes no answers from a terminal\n",
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("approve",), "take the ID of one question"),
        (("list", "0"), "take the ID of one question"),
        (("list", "--store", "memory"), "memory is one process's own"),
        (("list", "--sandbox"), "memory is one process's own"),
    ],
)
def test_a_wrong_usage_ends_with_2(words: tuple[str, ...], told: str, run: Run) -> None:
    said = run("approvals", *words, "--language", "en")
    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_a_store_that_cannot_be_read_ends_with_1(run: Run) -> None:
    said = run("approvals", "--store", "redis://127.0.0.1:1/0", "--language", "en")
    assert said.code == 1
    assert said.err.startswith("conekta-mcp approvals: the store cannot be used: ")


@pytest.mark.parametrize(
    ("line", "wanted", "typed"),
    [
        ("sí", "yes", "yes"), (" SI ", "yes", "yes"), ("Yes", "yes", "yes"), ("y", "yes", "nothing"),
        ("", "yes", "nothing"), (None, "yes", "nothing"), ("sí.", "yes", "nothing"), ("no", "yes", "no"),
        ("yes", "no", "nothing"), ("NO", "no", "no"), ("", "no", "nothing"),
    ],
)  # fmt: skip
def test_only_a_whole_word_is_an_answer(line: str | None, wanted: Any, typed: str) -> None:
    assert parse_typed(line, wanted) == typed


@pytest.mark.system
def test_a_typed_yes_approves_for_the_user_of_the_terminal(shop: Shop) -> None:
    shop.ask(draft(1))
    with at_terminal("approvals", "approve", "0", "--store", shop.where, "--language", "en") as person:
        shown = person.read_until("Enter alone does nothing: ")
        person.type("yes\n")
        assert person.end() == 0
    assert "LIVE MONEY" in shown
    assert "Bill MXN 500.00 to «Ana Ruiz»?" in shown
    assert "Approved." in person.screen
    kept = shop.find(1)
    assert (kept.state, kept.decided_by, kept.channel) == ("approved", read_login_name(), "terminal")
    assert shop.read_audit() == [("decision", kept.id, f"approved (terminal: {read_login_name()})")]


@pytest.mark.system
def test_a_typed_no_declines_and_enter_does_nothing(shop: Shop) -> None:
    shop.ask(draft(1), draft(2))
    for name, typed, code, state in [
        (1, "\n", 1, "shown"),
        (1, "no\n", 0, "declined"),
        (2, "\x04", 1, "shown"),
    ]:
        with at_terminal("approvals", "approve", f"{name:024x}", "--store", shop.where) as person:
            person.read_until("Enter solo no hace nada: ")
            person.type(typed)
            assert person.end() == code
        assert shop.find(name).state == state


@pytest.mark.system
def test_decline_takes_no_yes_and_takes_back_one_that_was_not_used(shop: Shop) -> None:
    shop.ask(draft(1))
    shop.decide(1, approved=True)
    for typed, code, state in [("sí\n", 1, "approved"), ("no\n", 0, "declined"), ("", 1, "declined")]:
        with at_terminal("approvals", "decline", "0", "--store", shop.where) as person:
            if typed:
                person.read_until("Para rechazar escribe no.")
                person.read_until("nada: ")
                person.type(typed)
            assert person.end() == code
        assert shop.find(1).state == state
    assert "Ya no se puede responder: rechazada" in person.screen


@pytest.mark.system
def test_what_was_typed_before_the_question_stood_there_is_no_answer(shop: Shop) -> None:
    shop.ask(draft(1))
    with at_terminal("approvals", "approve", "0", "--store", shop.where) as person:
        person.type("sí\n")
        person.read_until("Enter solo no hace nada: ")
        person.type("no\n")
        assert person.end() == 0
    assert shop.find(1).state == "declined"


@pytest.mark.system
def test_what_customers_typed_does_not_reach_the_terminal_as_a_command(shop: Shop) -> None:
    evil = {"es": "Cuenta \x1b[2Jtienda\n¿Cobrar a «\x1b]0;x\x07Ana\x9b1A\u202e»?\r¿Nada?"}
    shop.ask(draft(1, question=evil, tool="create\x1b[31m", facts={"account": "a\x1b[1mb"}))
    with at_terminal("approvals", "approve", "0", "--store", shop.where) as person:
        person.read_until("Enter solo no hace nada: ")
        person.type("no\n")
        person.end()
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(person.screen)
    assert "\r" not in person.screen


@pytest.mark.system
def test_an_answer_elsewhere_ends_the_prompt(shop: Shop) -> None:
    shop.ask(draft(1))
    with at_terminal("approvals", "approve", "0", "--store", shop.where, "--language", "en") as person:
        person.read_until("Enter alone does nothing: ")
        shop.decide(1, approved=True)
        assert person.end() == 1
    assert "It can no longer be answered: approved, not used yet by luis (inbox)" in person.screen


@pytest.mark.system
def test_a_server_that_leaves_the_terminal_out_takes_no_answer_whatever_the_flags_here(shop: Shop) -> None:
    shop.ask(draft(1, channels=("browser", "inbox")))
    with at_terminal("approvals", "approve", "0", "--store", shop.where, "--language", "en") as person:
        assert person.end() == 1
    assert "takes no answer from a terminal" in person.screen
    assert shop.find(1).state == "created"


def sign_in(person: Any, name: str, passphrase: str) -> None:
    person.read_until("Name of the approver: ")
    person.type(f"{name}\n")
    person.read_until("Passphrase: ")
    person.type(f"{passphrase}\n")


@pytest.mark.system
def test_where_approvers_exist_one_signs_in_and_the_passphrase_does_not_show(shop: Shop) -> None:
    shop.ask(draft(1))
    shop.add_approver()
    words = ("approvals", "approve", "0", "--store", shop.where, "--language", "en")
    with at_terminal(*words) as person:
        sign_in(person, "eva", "wrong passphrase")
        assert person.end() == 1
    assert "do not belong together" in person.screen
    assert shop.find(1).state == "created"
    with at_terminal(*words) as person:
        sign_in(person, "Eva", PASSPHRASE)
        person.read_until("Enter alone does nothing: ")
        person.type("yes\n")
        assert person.end() == 0
    assert PASSPHRASE not in person.screen
    assert (shop.find(1).state, shop.find(1).decided_by) == ("approved", "eva")


@pytest.mark.system
def test_strangers_who_try_a_name_over_the_network_do_not_keep_its_approver_from_a_terminal(
    shop: Shop,
) -> None:
    async def attack(store: Store) -> None:
        for number in range(FREE_BY_NAME + 10):
            await SignInAttempts(store).count("eva", f"203.0.113.{number}")

    shop.ask(draft(1))
    shop.add_approver()
    shop.use(attack)
    with at_terminal("approvals", "approve", "0", "--store", shop.where, "--language", "en") as person:
        sign_in(person, "eva", PASSPHRASE)
        person.read_until("Enter alone does nothing: ")
        person.type("yes\n")
        assert person.end() == 0
    assert shop.find(1).state == "approved"


@pytest.mark.system
@pytest.mark.parametrize("typed", ["\n", "\x04"])
def test_without_a_name_nobody_signs_in(typed: str, shop: Shop) -> None:
    shop.ask(draft(1))
    shop.add_approver(is_disabled=True)
    with at_terminal("approvals", "watch", "--store", shop.where, "--language", "en") as person:
        person.read_until("Name of the approver: ")
        person.type(typed)
        assert person.end() == 1
    with at_terminal("approvals", "approve", "0", "--store", shop.where, "--language", "en") as person:
        sign_in(person, "eva", PASSPHRASE)
        assert person.end() == 1
    assert shop.find(1).state == "created"


@pytest.mark.system
def test_with_four_eyes_nobody_approves_what_their_own_key_asks(shop: Shop) -> None:
    shop.ask(draft(1))
    words = ("approvals", "approve", "0", "--store", shop.where, "--language", "en", "--four-eyes")
    with at_terminal(*words) as person:
        assert person.end() == 1
    assert "an approver signs in to say yes" in person.screen
    shop.add_approver(keys=(CALLER,))
    with at_terminal(*words) as person:
        sign_in(person, "eva", PASSPHRASE)
        assert person.end() == 1
    assert "let somebody else answer" in person.screen
    with at_terminal("approvals", "decline", *words[2:]) as person:
        sign_in(person, "eva", PASSPHRASE)
        person.read_until("Type no to decline.")
        person.read_until("nothing: ")
        person.type("no\n")
        assert person.end() == 0
    assert shop.find(1).state == "declined"


@pytest.mark.anyio
async def test_watch_waits_for_a_store_that_is_away_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    down = StoreUnavailable(type="store_unavailable", details=(Detail(message="It is gone."),))
    found: list[Any] = [down, down, [draft(1)], down, asyncio.CancelledError()]
    shown: list[str] = []
    answered: list[str] = []

    class Answers:
        @property
        def pending(self) -> "Answers":
            return self

        async def identify(self) -> str:
            return "ana"

        async def is_admitted(self, _: str) -> bool:
            return True

        async def list_open(self) -> list[PendingApproval]:
            one = found.pop(0)
            if isinstance(one, BaseException):
                raise one
            return one

        async def answer(self, approval: PendingApproval, person: str) -> None:
            answered.append(f"{person} {approval.id}")

    class Screen:
        def show(self, text: str) -> None:
            shown.append(text)

    monkeypatch.setattr(approvals, "POLL_SECONDS", 0)
    with pytest.raises(asyncio.CancelledError):
        await approvals.watch(cast("Any", Answers()), cast("Any", Screen()), "en")
    away = "the store cannot be used: It is gone; waiting for it to come back"
    assert shown == [approvals.WATCHING["en"], away, away]
    assert answered == [f"ana {1:024x}"]


@pytest.mark.system
def test_watch_asks_as_questions_come_and_ends_quietly(shop: Shop) -> None:
    shop.ask(draft(1))
    with at_terminal("approvals", "watch", "--store", shop.where, "--language", "en") as person:
        person.read_until("Enter alone does nothing: ")
        person.type("yes\n")
        person.read_until("Approved.")
        shop.ask(draft(2))
        person.read_until("Enter alone does nothing: ")
        shop.decide(2, approved=False)
        person.read_until("It can no longer be answered: declined by luis (inbox)")
        shop.ask(draft(3))
        person.read_until("Enter alone does nothing: ")
        person.type("no\n")
        person.read_until("Declined.")
        person.process.send_signal(signal.SIGINT)
        assert person.end() == 0
    assert "Traceback" not in person.screen
    assert [shop.find(name).state for name in (1, 2, 3)] == ["approved", "declined", "declined"]


@pytest.mark.system
@pytest.mark.parametrize("how", ["removed", "disabled", "renewed"])
def test_watch_ends_for_an_approver_who_is_one_no_longer(how: str, shop: Shop) -> None:
    async def change(store: Store) -> None:
        approvers = StoredApprovers(store)
        eva = await approvers.find("eva")
        assert eva
        other = {"disabled": replace(eva, is_disabled=True), "renewed": replace(eva, passphrase_hash="x")}
        await approvers.replace(eva, other.get(how))

    shop.ask(draft(1))
    shop.add_approver()
    with at_terminal("approvals", "watch", "--store", shop.where, "--language", "en") as person:
        sign_in(person, "eva", PASSPHRASE)
        person.read_until("Enter alone does nothing: ")
        shop.use(change)
        person.type("yes\n")
        person.read_until("the approvers changed. Begin again and sign in.")
        shop.ask(draft(2))
        assert person.end() == 1
    assert [shop.find(name).state for name in (1, 2)] == ["shown", "created"]


@pytest.mark.system
def test_whoever_watches_without_approvers_has_to_sign_in_once_there_are_some(shop: Shop) -> None:
    with at_terminal("approvals", "watch", "--store", shop.where, "--language", "es") as person:
        person.read_until("Espero preguntas")
        shop.add_approver()
        shop.ask(draft(1))
        assert person.end() == 1
    assert "los aprobadores cambiaron. Empieza otra vez y entra." in person.screen
    assert shop.find(1).state == "created"


@pytest.mark.system
def test_an_answer_that_stands_is_told_though_the_audit_cannot_be_written(shop: Shop, tmp_path: Path) -> None:
    shop.ask(draft(1))
    words = ("approvals", "approve", "0", "--store", shop.where, "--language", "en")
    with at_terminal(*words, "--audit", str(tmp_path / "audit.jsonl")) as person:
        person.read_until("Enter alone does nothing: ")
        (tmp_path / "audit.jsonl").mkdir()  # where the file should be
        person.type("yes\n")
        assert person.end() == 0
    assert "it could not be written to the audit log" in person.screen
    assert "Approved. The call does it once" in person.screen
    assert shop.find(1).state == "approved"
