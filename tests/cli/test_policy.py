"""conekta-mcp policy"""

import json
import time
from pathlib import Path

import anyio
import pytest

from conekta_mcp.accounts.identity import Identities
from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.catalog import Request
from conekta_mcp.cli.words.policy import WORDS
from conekta_mcp.policy.limits import name_counter
from conekta_mcp.settings import Settings
from conekta_mcp.storage.records import Cap
from conekta_mcp.storage.sqlite import SqliteStore
from tests.cli.conftest import Ended, Run

KEY = "key_policy"
REFUND = '{"order_id": "ord_1", "amount": 50000, "reason": "requested_by_client"}'
SUBSCRIBE = '{"customer_id": "cus_1", "plan_id": "plan_1", "card_id": "src_1"}'
POLICY = """
[limits]
max_daily_refunds = 3000
max_daily_refund_calls = 10

[profiles.store-b.limits]
max_daily_calls = 5

[[rule]]
name = "large refunds"
effect = "confirm"
toolsets = ["refunds"]
amount_over = 1000

[[rule]]
name = "keys are made in the panel"
effect = "deny"
risks = ["secret"]
reason = "Ask Ana."

[[rule]]
name = "no logs"
effect = "deny"
tools = ["list_logs", "get_log"]
profiles = ["store-b"]

[[rule]]
name = "nothing else"
effect = "allow"
"""


@pytest.fixture
def run(run: Run) -> Run:
    """Commands in English; the tests that say so run them in Spanish."""

    def run_in_english(*words: str, stdin: str = "", **environment: str) -> Ended:
        return run(*words, stdin=stdin, **{"CONEKTA_LANGUAGE": "en", **environment})

    return run_in_english


@pytest.fixture
def given(tmp_path: Path) -> tuple[str, ...]:
    """The flags of a policy file and of a store."""
    (tmp_path / "policy.toml").write_text(POLICY)
    profiles = ("--profile", "default", "--profile", "store-b")
    places = ("--policy", str(tmp_path / "policy.toml"), "--store", str(tmp_path / "store.sqlite3"))
    return (*places, *profiles, "--language", "en")


class Company:
    """Conekta, as far as it says which company a key belongs to."""

    async def send(self, request: Request) -> dict[str, object]:
        place, _, company = request.path.rpartition("/companies/")
        shown = "6a00000000000000000000aa" if company == "current" else company
        return {"data": []} if place or not company else {"id": shown}


def given_store(given: tuple[str, ...]) -> Path:
    return Path(given[given.index("--store") + 1])


def spend(path: Path, kind: str, *amounts: int, key: str = KEY, child: str | None = None) -> None:
    """Count what was spent today with a key; the day may end meanwhile."""

    async def reserved() -> None:
        store = SqliteStore(str(path), time.time)
        used = KeyInUse.from_key(key, Company(), child)
        account = (await Identities.from_settings(Settings(), lambda: store).read_identity(used)).name
        for at in (time.time(), time.time() + 86400):
            for number, amount in enumerate(amounts):
                counter = name_counter(account, kind, at)
                assert await store.reserve(f"{at} {number}", [Cap(counter=counter, amount=amount)]) is None
        await store.close()

    anyio.run(reserved)


def test_an_allowed_call_ends_with_0(run: Run, given: tuple[str, ...]) -> None:
    said = run("policy", "check", "refund_order", REFUND, "--mode", "test", *given, CONEKTA_API_KEY=KEY)
    assert (said.code, said.err) == (0, "")
    # The account of a key is learnt at its first write; then it is known what it spent.
    assert "today: not known: the account of the key is not known before its first write" in said.out
    spend(given_store(given), "refund")
    said = run("policy", "check", "refund_order", REFUND, "--mode", "test", *given, CONEKTA_API_KEY=KEY)
    assert said.out.splitlines() == [
        "allow: Nothing hinders it.",
        "profile: default; mode: test; risk: money",
        "kind: refund; amount: MXN 500.00",
        "repeated: once; can be undone: no; decides who gets money or data: no",
        "limit of refund a day: MXN 3,000.00 and 10 calls; today: MXN 0.00 in 0 calls",
        "note: the currency is read from Conekta when the call is made; MXN is assumed",
        "note: what is still refundable is read from Conekta when the call is made",
    ]


def test_a_call_that_a_person_is_asked_about_ends_with_3(run: Run, given: tuple[str, ...]) -> None:
    by_level = run("policy", "check", "refund_order", REFUND, *given)
    assert by_level.code == 3
    assert by_level.out.splitlines()[:2] == [
        (
            'confirm: A person has to say yes: consent is set to "money" in live mode, and this call moves '
            "or asks for money."
        ),
        "profile: default; mode: unknown, which counts as live; risk: money",
    ]
    large = REFUND.replace("50000", "100001")
    by_rule = run("policy", "check", "refund_order", large, "--mode", "test", *given)
    assert by_rule.code == 3
    assert by_rule.out.startswith(
        "confirm: A rule of the operator asks for a person's yes (rule large refunds).\n"
    )


def test_a_denied_call_ends_with_4_and_the_reason(run: Run, given: tuple[str, ...]) -> None:
    said = run("policy", "check", "create_token", "{}", *given)
    assert said.code == 4
    assert said.out.startswith(
        "deny: A rule of the operator does not allow create_token here "
        "(rule keys are made in the panel). Ask Ana.\n"
    )
    limited = run("policy", "check", "refund_order", REFUND, "--max-amount", "499.99", *given)
    assert limited.code == 4
    assert limited.out.startswith("deny: One call may be of MXN 499.99 at most (max_amount); ")


def test_what_was_spent_today_is_told_and_counts(run: Run, given: tuple[str, ...], tmp_path: Path) -> None:
    spend(tmp_path / "store.sqlite3", "refund", 100000, 150000)
    words = ("policy", "check", "refund_order", "--mode", "test", *given)
    fits = run(*words, REFUND, CONEKTA_API_KEY=KEY)
    assert fits.code == 0
    assert "today: MXN 2,500.00 in 2 calls\n" in fits.out
    over = run(*words, REFUND.replace("50000", "50001"), CONEKTA_API_KEY=KEY)
    assert over.code == 4
    assert over.out.startswith(
        "deny: The day's limit max_daily_refunds is MXN 3,000.00: MXN 2,500.00 are spent, MXN 500.00 are "
        "left, and this call is of MXN 500.01. The day ends on "
    )
    assert run(*words, REFUND, CONEKTA_API_KEY=KEY).out == fits.out, "looking counts nothing"
    assert "today: not known: the account of the key is not known before its first write" in (
        run(*words, REFUND, CONEKTA_API_KEY="key_other").out
    )


def test_what_was_spent_with_another_key_of_the_company_counts(
    run: Run, given: tuple[str, ...], tmp_path: Path
) -> None:
    spend(tmp_path / "store.sqlite3", "refund", 250000, key="key_old")
    spend(tmp_path / "store.sqlite3", "refund", key=KEY)
    words = ("policy", "check", "refund_order", REFUND, "--mode", "test", *given)
    assert "today: MXN 2,500.00 in 1 calls\n" in run(*words, CONEKTA_API_KEY=KEY).out


def test_calls_of_all_profiles_of_an_account_are_counted_together(
    run: Run, given: tuple[str, ...], tmp_path: Path
) -> None:
    spend(tmp_path / "store.sqlite3", "calls", *[0] * 5)
    flags = (*given[:4], "--profile", "store-b", "--language", "en", "--mode", "test")
    keys = {"CONEKTA_API_KEY": "key_other", "CONEKTA_API_KEY_STORE_B": KEY}
    said = run("policy", "check", "refund_order", REFUND, *flags, **keys)
    assert said.code == 4
    assert said.out.startswith("deny: The day's limit max_daily_calls is 5 calls, and 5 were made. ")
    assert "profile: store-b; " in said.out


def test_what_a_child_company_spent_is_its_own(run: Run, given: tuple[str, ...], tmp_path: Path) -> None:
    child = "6a0000000000000000000001"
    spend(tmp_path / "store.sqlite3", "refund", 250000, child=child)
    spend(tmp_path / "store.sqlite3", "refund")
    words = ("policy", "check", "refund_order", "--mode", "test", *given, REFUND)
    of_child = run(*words, CONEKTA_API_KEY=KEY, CONEKTA_CHILD_COMPANY_ID=child)
    assert "today: MXN 2,500.00 in 1 call" in of_child.out
    assert "today: MXN 0.00 in 0 calls" in run(*words, CONEKTA_API_KEY=KEY).out


NO_KEY = "the profile has no key here"
MEMORY = "the store is the memory of the server's process"


@pytest.mark.parametrize(
    ("words", "environment", "why"),
    [
        (("--store", "memory"), {}, NO_KEY),
        (("--store", "memory"), {"CONEKTA_API_KEY": KEY}, MEMORY),
        (("--store", "memory", "--sandbox"), {}, MEMORY),
        (("--sandbox",), {}, MEMORY),
    ],
)
def test_what_is_spent_is_not_known_where_nothing_keeps_it(
    words: tuple[str, ...], environment: dict[str, str], why: str, run: Run
) -> None:
    flags = ("--mode", "test", "--max-daily-refunds", "3000")
    said = run("policy", "check", "refund_order", REFUND, *flags, *words, **environment)
    assert said.code == 0
    assert f"limit of refund a day: MXN 3,000.00; today: not known: {why}\n" in said.out


def test_a_store_that_cannot_be_read_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no store\n" * 1000)
    flags = ("--sandbox", "--max-daily-refunds", "3000", "--store", str(tmp_path / "notes.txt"))
    said = run("policy", "check", "refund_order", REFUND, *flags)
    assert said.code == 0
    assert "; today: not known: " in said.out
    assert "conekta-mcp: name another file." in said.out


def test_a_read_is_allowed_or_denied_and_has_no_kind(run: Run, given: tuple[str, ...]) -> None:
    said = run("policy", "check", "list_logs", *given)
    assert (said.code, said.out.splitlines()) == (
        0,
        ["allow: It only reads.", "profile: default; mode: unknown, which counts as live; risk: read"],
    )
    denied = run("policy", "check", "list_logs", *given[:4], "--profile", "store-b", "--language", "en")
    assert denied.code == 4
    assert denied.out.startswith("deny: A rule of the operator does not allow list_logs here (rule no logs).")


def test_what_conekta_has_to_be_asked_can_be_assumed(run: Run, given: tuple[str, ...]) -> None:
    words = ("policy", "check", "create_subscription", SUBSCRIBE, "--mode", "test", *given)
    endless = run(*words, "--max-amount", "400", "--amount", "400")
    assert endless.code == 4
    assert "without end, and max_amount limits amounts. --max-recurring" in endless.out
    limited = (*words, "--max-amount", "400", "--max-recurring", "400")
    unknown = run(*limited)
    assert unknown.code == 4
    assert "deny: Nothing tells how much this call may ask for in a month" in unknown.out
    assert "repeated: not known whenever somebody pays, without end" in unknown.out
    assert "kind: charge; amount: not known" in unknown.out
    assert (
        "note: the amount is read from Conekta when the call is made; assume one with --amount" in unknown.out
    )
    assert [run(*limited, "--amount", amount).code for amount in ("400", "400.01")] == [0, 4]
    assert run(*limited, "--kind", "removal").code == 0


def test_an_amount_of_the_arguments_wins_over_an_assumed_one(run: Run, given: tuple[str, ...]) -> None:
    said = run("policy", "check", "refund_order", REFUND, "--amount", "1", *given)
    assert "kind: refund; amount: MXN 500.00\n" in said.out
    assert "note: --amount is not used: the arguments say MXN 500.00\n" in said.out


def test_on_the_sandbox_the_mode_is_test_unless_it_is_named(run: Run) -> None:
    words = ("policy", "check", "refund_order", REFUND, "--sandbox", "--language", "en")
    assert [run(*words).code, run(*words, "--mode", "live").code] == [0, 3]


def test_the_verdict_is_said_in_the_language_that_is_set(run: Run) -> None:
    said = run("policy", "check", "refund_order", "-", "--language", "es", stdin=f"\ufeff{REFUND}")
    assert said.out.splitlines()[1:] == [
        "perfil: default; modo: no se sabe, y cuenta como live; riesgo: money",
        "clase: refund; importe: MXN 500.00",
        "se repite: una vez; se puede deshacer: no; decide quién recibe dinero o datos: no",
        "nota: la moneda se lee de Conekta al hacer la llamada; se supone MXN",
        "nota: lo que aún se puede devolver se lee de Conekta al hacer la llamada",
    ]
    assert said.out.startswith(
        'confirm: Una persona tiene que decir que sí: la confirmación está en "money" en modo live, y esta '
        "llamada mueve o pide dinero.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "which call? such as: conekta-mcp policy check refund_order '{\"order_id\": ...}'"),
        (("refund_ordr",), "there is no tool refund_ordr; did you mean refund_order?"),
        (("zzz",), "there is no tool zzz; conekta-mcp tools --all names all"),
        (("call_write_operation",), "there is no tool call_write_operation; "),
        (("refund_order", "{"), "the arguments are not JSON: "),
        (("refund_order", '{"amount": 1, "amount": 2}'), "the arguments are not JSON: "),
        (("refund_order", "[]"), "the arguments are a JSON object"),
        (
            ("refund_order", '{"order_id": "ord_1"}', "--language", "en"),
            "amount: is required. reason: is required.",
        ),
    ],
)
def test_what_is_no_call_ends_with_2(words: tuple[str, ...], said: str, run: Run) -> None:
    ended = run("policy", "check", *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"conekta-mcp policy check: {said}")


@pytest.mark.parametrize("words", [("--amount", "5,00"), ("--kind", "refunds"), ("--mode", "prod")])
def test_what_cannot_be_assumed_ends_with_2(words: tuple[str, ...], run: Run) -> None:
    assert run("policy", "check", "refund_order", REFUND, *words).code == 2


def test_a_wrong_file_ends_with_2(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[limits]\nmax_amount = 5.5")
    said = run("policy", "show", "--policy", str(path))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(
        f"conekta-mcp: --policy {path}: [limits] max_amount: expected an amount of MXN"
    )


def test_show_says_everything_that_holds(run: Run, given: tuple[str, ...]) -> None:
    said = run("policy", "show", *given, "--max-amount", "5000.5", "--confirm", "destructive")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "default: allow",
        "confirm in test mode: destructive",
        "confirm in live mode: destructive",
        "limits: max_amount MXN 5,000.50, max_daily_refunds MXN 3,000.00, max_daily_refund_calls 10",
        (
            "limits of profile store-b: max_amount MXN 5,000.50, max_daily_refunds MXN 3,000.00, "
            "max_daily_calls 5, max_daily_refund_calls 10"
        ),
        'rule "large refunds": confirm toolsets refunds; amount_over MXN 1,000.00',
        'rule "keys are made in the panel": deny risks secret (Ask Ana.)',
        'rule "no logs": deny tools list_logs, get_log; profiles store-b',
        'rule "nothing else": allow every call',
    ]


def test_show_without_anything_set_tells_the_defaults(run: Run) -> None:
    assert run("policy", "show").out.splitlines() == [
        "default: allow",
        "confirm in test mode: never",
        "confirm in live mode: money",
        "limits: none",
    ]


def test_rules_and_wrong_calls_are_told_in_spanish(run: Run, given: tuple[str, ...]) -> None:
    said = run("policy", "show", *given, "--language", "es")
    assert said.out.splitlines()[0] == "por omisión: allow"
    assert said.out.splitlines()[-1] == 'regla "nothing else": allow toda llamada'
    wrong = run("policy", "check", "refund_ordr", "--language", "es")
    assert wrong.err == (
        "conekta-mcp policy check: no hay herramienta refund_ordr; ¿quisiste decir refund_order?\n"
    )
    plan = {"name": "Oro", "amount": 50_000, "interval": "month", "frequency": 1}
    often = run("policy", "check", "create_plan", json.dumps(plan), "--language", "es").out
    assert "se repite: MXN 500.00 cada 1 mes(es), sin fin;" in often


def test_every_interval_has_a_text() -> None:
    intervals = {name.removeprefix("every_") for name in WORDS["en"] if name.startswith("every_")}
    assert intervals >= {"week", "half_month", "month", "year"}


def test_nothing_is_sent_and_no_key_is_shown(run: Run, given: tuple[str, ...]) -> None:
    nowhere = {"CONEKTA_API_KEY": "key_hush", "CONEKTA_BASE_URL": "http://127.0.0.1:1"}
    said = run("policy", "check", "refund_order", REFUND, *given, **nowhere)
    assert (said.code, "hush" in said.out + said.err) == (3, False)
    assert json.loads(REFUND)["order_id"] not in said.out


def test_the_rules_as_json(run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "policy.toml"
    rules.write_text(
        '[limits]\nmax_amount = 5000\n[[rule]]\nname = "r"\neffect = "deny"\ntools = ["get_balance"]\n'
    )
    said = run("policy", "show", "--json", "--policy", str(rules))
    assert said.code == 0
    assert json.loads(said.out) == {
        "default": "allow",
        "confirm": {"test": "never", "live": "money"},
        "limits": {"max_amount": 500000},
        "profile_limits": {},
        "rules": [{"name": "r", "effect": "deny", "tools": ["get_balance"]}],
    }


def test_a_decision_as_json(run: Run) -> None:
    given = '{"order_id": "ord_2tUigJ8DgBhbp6w5D", "reason": "requested_by_client", "amount": 30000}'
    words = ("policy", "check", "refund_order", given, "--mode", "test", "--max-daily-refunds", "1000")
    said = run(*words, "--json", "--language", "en")
    found = json.loads(said.out)
    assert (said.code, found["verdict"], found["kind"], found["amount"]) == (0, "allow", "refund", 30000)
    assert (found["mode"], found["currency"]) == ("test", "MXN")
    assert found["limits"] == [
        {"kind": "refund", "most": 100000, "why_unknown": "the profile has no key here"}
    ]
    read = json.loads(run("policy", "check", "get_balance", "--json", "--language", "en").out)
    assert (read["verdict"], read["why"], "limits" in read) == ("allow", "It only reads.", False)
