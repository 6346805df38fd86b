"""conekta-mcp doctor"""

import contextlib
import json
import os
import re
import socket
import sqlite3
import threading
import time
from pathlib import Path

import anyio
import httpx
import pytest

from conekta_mcp import __version__
from conekta_mcp.cli.diagnosis.network import NameLookup
from conekta_mcp.policy.safe_start import RISKS
from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from conekta_mcp.storage.opening import open_store
from conekta_mcp.storage.records import Claim
from tests.cli.conftest import Ended, Run
from tests.storage.redis_server import found_or_installed, running_redis

GETADDRINFO = "conekta_mcp.cli.diagnosis.network.socket.getaddrinfo"

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
HEADERS = {"Authorization": "Bearer key_doctor"}
FINGERPRINT = "3a3eb3cef7beb8f8"
BUSY = "<html>busy</html>"
ALONE = f"it cannot be read; writes are kept for account {FINGERPRINT}, which is the key alone"
COMPANY = r"ok  company: .+ \([0-9a-f]{24}\); writes are kept for account [0-9a-f]{16}"
OPEN = "others may read or write the file; chmod 600 it, and replace the key"
FROM_THE_VARIABLE = f"ok  key: from CONEKTA_API_KEY; fingerprint {FINGERPRINT}"


@pytest.fixture
def run(run: Run) -> Run:
    """Doctor in English; other languages have tests of their own."""

    def run_in_english(*words: str, stdin: str = "", **environment: str) -> Ended:
        return run(*words, stdin=stdin, **{"CONEKTA_LANGUAGE": "en", **environment})

    return run_in_english


def findings(out: str) -> list[str]:
    """What was found of the accounts, without the line of the versions."""
    first, *others = out.splitlines()
    assert first.startswith(f"ok  versions: conekta-mcp {__version__}, mcp 2.3.")
    return others[: len(others) - len(guarded(out))]


def guarded(out: str) -> list[str]:
    """What was found of the safeguards."""
    lines = out.splitlines()
    start = next(number for number, line in enumerate(lines) if line[4:].strip().startswith("store: "))
    return lines[start:]


def name_company(conekta: RunningSandbox, mode: str) -> str:
    """What is found of the company of key_doctor."""
    shown = httpx.get(f"{conekta.url}/companies/current", headers=HEADERS, trust_env=False).json()
    account = fingerprint_key(json.dumps([conekta.url, shown["id"], None, mode]))
    return f"company: {shown['name']} ({shown['id']}); writes are kept for account {account}"


def post(conekta: RunningSandbox, path: str, body: object) -> None:
    httpx.post(conekta.url + path, json=body, headers=HEADERS, trust_env=False).raise_for_status()


def test_without_a_key_it_says_what_to_set(run: Run) -> None:
    said = run("doctor")
    assert (said.code, said.err) == (1, "")
    assert findings(said.out) == [
        "FIX key: none",
        "    Run conekta-mcp login, set CONEKTA_API_KEY to a private key, or add --sandbox.",
    ]


def test_on_the_sandbox_all_is_well(run: Run) -> None:
    said = run("doctor", "--sandbox")
    assert (said.code, said.err) == (0, "")
    assert [COMPANY if re.fullmatch(COMPANY, line) else line for line in findings(said.out)] == [
        "ok  key: the sandbox's own; CONEKTA_API_KEY is not used; fingerprint 141f0150572288af",
        "ok  API: the sandbox in this process answers and accepts the key",
        COMPANY,
        "ok  mode: sandbox: no real money",
    ]


@pytest.mark.parametrize("customers", [0, 1])
def test_the_mode_is_what_conekta_says_of_an_object_or_of_the_keys(
    customers: int, run: Run, conekta: RunningSandbox
) -> None:
    for _ in range(customers):
        post(conekta, "/customers", ANA)
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, said.err) == (0, "")
    assert findings(said.out) == [
        FROM_THE_VARIABLE,
        f"ok  API: {conekta.url} answers and accepts the key",
        f"ok  {name_company(conekta, 'test')}",
        "ok  mode: test",
    ]


def test_a_mode_that_nothing_says_is_unknown(run: Run, conekta: RunningSandbox) -> None:
    bar(conekta, "/api_keys")
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, findings(said.out)[2:]) == (
        0,
        [
            f"ok  {name_company(conekta, 'live')}",
            (
                "ok  mode: unknown: no order, customer, plan, event or API key that the key can read says it "
                "yet; it counts as live"
            ),
        ],
    )


def test_a_key_that_cannot_read_its_company_stands_for_it_alone(run: Run, conekta: RunningSandbox) -> None:
    post(conekta, "/customers", ANA)
    bar(conekta, "/companies", CLOSED)
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, findings(said.out)[2:]) == (
        0,
        [
            f"WARN company: {ALONE}",
            (
                "    Let the key read its company before its first write. Otherwise a new key of the same "
                "company knows nothing of the writes and limits of this one."
            ),
            "ok  mode: test",
        ],
    )


def test_a_company_that_conekta_does_not_say_lets_nothing_be_written(
    run: Run, conekta: RunningSandbox
) -> None:
    post(conekta, "/_sandbox/faults", {"status": 500, "body": BUSY, "path_prefix": "/companies", "count": 10})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, findings(said.out)[2:4]) == (
        1,
        [
            "FIX company: Conekta answered 500 without an explanation.",
            "    Nothing is written before Conekta says which company the key belongs to. Try again later.",
        ],
    )


CLOSED = '{"object":"error","type":"processing_error","details":[{"message":"Not for this key."}]}'


def bar(conekta: RunningSandbox, path: str, body: str = "{}") -> None:
    """Let the key not read what begins with `path`."""
    post(conekta, "/_sandbox/faults", {"status": 403, "body": body, "path_prefix": path, "count": 10})


def answer_live(conekta: RunningSandbox) -> None:
    live = '{"object":"list","has_more":false,"data":[{"id":"cus_1","livemode":true}]}'
    post(conekta, "/_sandbox/faults", {"status": 200, "body": live})


def test_a_live_account_is_called_live(run: Run, conekta: RunningSandbox) -> None:
    answer_live(conekta)
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, findings(said.out)[-1]) == (0, "ok  mode: LIVE: real money")


def test_a_live_key_in_a_profile_called_test_is_to_be_corrected(run: Run, conekta: RunningSandbox) -> None:
    answer_live(conekta)
    said = run("doctor", "--profile", "test", CONEKTA_API_KEY_TEST="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, findings(said.out)[-2:]) == (
        1,
        [
            "FIX mode: LIVE: real money",
            "    The profile is said to be test: it writes nothing until the key or that is corrected.",
        ],
    )


def test_each_profile_is_examined_and_a_bad_one_hides_no_other(
    run: Run, conekta: RunningSandbox, tmp_path: Path
) -> None:
    post(conekta, "/customers", ANA)
    (tmp_path / "open.key").write_text("key_open")
    (tmp_path / "open.key").chmod(0o644)
    profiles = tmp_path / "profiles.toml"
    profiles.write_text("[a]\nkey_file='open.key'\n[b]\nkey_file='none.key'\n[c]\n[d]\nkey_env='KEY_D'\n")
    words = ("doctor", "--profiles-file", str(profiles), "--profile", "a,b,c,d", "--base-url", conekta.url)
    said = run(*words, KEY_D="key_doctor")
    assert (said.code, said.err) == (1, "")
    assert findings(said.out) == [
        f"FIX profile a, key: --profiles-file [a] key_file: {OPEN}",
        "    Correct it; the others are not affected.",
        "FIX profile b, key: none in the file of --profiles-file [b] key_file",
        "    Put a private key there.",
        "FIX profile c, key: none",
        "    Run conekta-mcp login --profile c, set CONEKTA_API_KEY_C to a private key, or add --sandbox.",
        f"ok  profile d, key: from KEY_D; fingerprint {FINGERPRINT}",
        f"ok  profile d, API: {conekta.url} answers and accepts the key",
        f"ok  profile d, {name_company(conekta, 'test')}",
        "ok  profile d, mode: test",
    ]


def test_a_key_that_conekta_refuses_is_to_be_copied_again(run: Run, conekta: RunningSandbox) -> None:
    detail = {
        "code": "conekta.errors.authentication.unrecognized_key",
        "message": "Acceso no autorizado.",
        "debug_message": "The access key was not recognized.",
    }
    refused = json.dumps({"details": [detail], "object": "error", "type": "authentication_error"})
    post(conekta, "/_sandbox/faults", {"status": 401, "body": refused})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert said.code == 1
    assert findings(said.out) == [
        FROM_THE_VARIABLE,
        f"ok  API: {conekta.url} answers",
        "FIX key: Conekta refuses it (HTTP 401): Acceso no autorizado.",
        "    Copy the private key again from Conekta's panel.",
    ]


def test_a_conekta_in_trouble_is_to_be_asked_later(run: Run, conekta: RunningSandbox) -> None:
    post(conekta, "/_sandbox/faults", {"status": 500, "body": BUSY})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert said.code == 1
    assert findings(said.out)[-2:] == [
        "FIX API: HTTP 500: Conekta answered 500 without an explanation.",
        "    Try again later.",
    ]


def test_an_address_where_nobody_answers_is_to_be_checked(run: Run) -> None:
    nobody = "http://127.0.0.1:1"
    said = run("doctor", "--base-url", nobody, "--timeout", "5", CONEKTA_API_KEY="key_doctor")
    assert said.code == 1
    assert findings(said.out) == [
        FROM_THE_VARIABLE,
        "FIX API: No answer from Conekta: 127.0.0.1 refused the connection.",
        f"    Check the port in {nobody}, and whether a firewall stands between.",
    ]


EVICTING = ("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
NOT_OURS = "What the store's setting names was not made by conekta-mcp: name another file."
FORGETTING = (
    "    Intents, limits and approvals are forgotten when the process ends, and no other shares them: "
    "leave --store away, or name a file."
)
NOBODY = "The store that remembers intents and limits does not answer (ConnectionError)."
SAFE = [
    "ok  store: memory",
    "ok  writes: none is unsettled",
    "ok  audit: in the store",
    "ok  policy: no file",
    "ok  consent: a person is asked before, test: never, live: money",
    "ok  limits: none",
    "ok  webhooks: none are received: payments are noticed by asking Conekta",
    "ok  inbox: no approvers in the store: nobody can approve at /approvals over HTTP",
    "ok  pii: full: people's data are shown as Conekta gives them",
]


def test_the_safeguards_are_told(run: Run) -> None:
    said = run("doctor", "--sandbox")
    assert (said.code, guarded(said.out)) == (0, SAFE)


def test_what_is_set_is_told(run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "policy.toml"
    rules.write_text(
        'default = "deny"\n[confirm]\ntest = "writes"\n[profiles.b.limits]\nmax_daily_calls = 5\n'
        '[[rule]]\nname = "reads"\neffect = "allow"\ntools = ["get_order"]\n'
    )
    words = ("doctor", "--sandbox", "--profile", "a,b", "--policy", str(rules), "--max-amount", "1500.50")
    audit, kept = str(tmp_path / "audit.jsonl"), str(tmp_path / "safety")
    said = run(*words, "--confirm", "destructive", "--pii", "masked", "--audit", audit, "--store", kept)
    assert (said.code, guarded(said.out)) == (
        0,
        [
            f"ok  store: {kept}",
            "ok  writes: none is unsettled",
            f"ok  audit: in {audit}",
            "ok  policy: 1 rules, what no rule allows is denied",
            "ok  consent: a person is asked before, test: writes, live: destructive",
            "ok  profile a, limits: max_amount MXN 1,500.50",
            "ok  profile b, limits: max_amount MXN 1,500.50, max_daily_calls 5",
            "ok  webhooks: none are received: payments are noticed by asking Conekta",
            "ok  inbox: no approvers in the store: nobody can approve at /approvals over HTTP",
            "ok  pii: masked: e-mails, phones, names, tax ids and CLABEs are masked",
        ],
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - nothing listens there
@pytest.mark.parametrize("transport", ["streamable-http", "sse", "sse,streamable-http"])
def test_over_http_no_key_is_needed_and_conekta_is_asked_without_one(
    transport: str, host: str, run: Run, conekta: RunningSandbox
) -> None:
    words = ("doctor", "--transport", transport, "--host", host, "--base-url", conekta.url)
    said = run(*words)
    assert (said.code, findings(said.out)) == (
        0,
        [
            "ok  key: none here, and none is needed: each request over HTTP brings its own",
            f"ok  API: {conekta.url} answers",
        ],
    )


def test_over_http_without_a_key_an_api_that_does_not_answer_is_still_a_fault(run: Run) -> None:
    said = run("doctor", "--transport", "sse", "--base-url", "http://127.0.0.1:9", "--timeout", "5")
    assert (said.code, findings(said.out)[0][:13]) == (1, "ok  key: none")
    assert findings(said.out)[1].startswith("FIX API: ")


@pytest.mark.parametrize("more", [("--profile", "store-b"), ("--webhooks",)])
def test_over_http_what_needs_a_key_of_the_server_still_asks_for_it(more: tuple[str, ...], run: Run) -> None:
    said = run("doctor", "--transport", "streamable-http", *more)
    assert (said.code, findings(said.out)[0]) == (1, "FIX key: none")


OVER_HTTP = ("doctor", "--sandbox", "--transport", "streamable-http", "--confirm", "money")


def find_inbox(out: str) -> list[str]:
    """What was found of the inbox, before what is found of people's data."""
    lines = guarded(out)
    return lines[next(number for number, line in enumerate(lines) if "inbox: " in line) : -1]


def test_over_http_an_inbox_without_approvers_is_a_warning_where_a_person_is_asked(run: Run) -> None:
    said = run(*OVER_HTTP)
    assert (said.code, find_inbox(said.out)) == (
        0,
        [
            "WARN inbox: no approvers in the store: nobody can approve at /approvals over HTTP",
            "    conekta-mcp approvers add NAME",
        ],
    )
    assert find_inbox(run(*OVER_HTTP[:-2]).out) == [SAFE[-2]], "in test mode nobody is asked"


def test_who_can_approve_in_the_inbox_is_told(run: Run, tmp_path: Path) -> None:
    place = ("--approvers", str(tmp_path / "approvers.json"))
    for name in ("luis", "ana", "eva"):
        run("approvers", "add", name, "--generate", *place)
    run("approvers", "disable", "eva", *place)
    found = f"ok  inbox: 2 in {place[1]} can approve at /approvals over HTTP"
    assert find_inbox(run(*OVER_HTTP, *place).out) == [f"{found}: ana, luis"]
    said = run(*OVER_HTTP, *place, "--four-eyes")
    assert find_inbox(said.out) == [f"{found}, each of them but the caller's own: ana, luis"]
    said = run(*OVER_HTTP, *place, "--approval-channels", "client,terminal")
    assert find_inbox(said.out) == ["ok  inbox: off: --approval-channels leaves it out"]


def test_a_file_of_approvers_that_others_can_open_is_to_be_corrected(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "approvers.json"
    run("approvers", "add", "ana", "--generate", "--approvers", str(file))
    file.chmod(0o644)
    said = run(*OVER_HTTP, "--approvers", str(file))
    assert (said.code, find_inbox(said.out)) == (
        1,
        [
            "FIX inbox: --approvers: others may read or write the file; chmod 600 it",
            "    Correct it: until then nobody can approve at /approvals.",
        ],
    )


def test_a_policy_file_without_rules_is_valid(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('default = "allow"')
    said = run("doctor", "--sandbox", "--policy", str(tmp_path / "policy.toml"))
    assert (said.code, guarded(said.out)[3]) == (0, "ok  policy: valid, no rules")


def test_a_policy_that_cannot_be_used_is_to_be_corrected_and_hides_nothing_else(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "policy.toml").write_text('default = "perhaps"\n')
    said = run("doctor", "--sandbox", "--policy", str(tmp_path / "policy.toml"))
    _, _, _, policy, fix, _, _, pii = guarded(said.out)
    assert (said.code, len(findings(said.out)), fix) == (1, 4, "    Correct it: no server starts with it.")
    assert policy.startswith("FIX policy: ")
    assert "default" in policy
    assert pii == SAFE[-1]


def test_a_wrong_profile_is_a_wrong_setting_as_before(run: Run) -> None:
    said = run("doctor", "--profile", "a b")
    assert (said.code, said.out) == (2, "")


def test_what_is_off_or_forgets_is_a_warning_and_no_fault(run: Run, conekta: RunningSandbox) -> None:
    said = run(
        "doctor", "--store", "memory", "--audit", "off",
        CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url,
    )  # fmt: skip
    assert (said.code, guarded(said.out)[:9]) == (
        0,
        [
            "WARN store: memory",
            FORGETTING,
            "ok  writes: none is unsettled",
            "WARN audit: off: nothing is recorded",
            "    --audit store, or a file, records every write and refusal.",
            f"WARN live money: nothing is written to a live account: {RISKS['memory-store']['en']}",
            "    Or accept it with --i-accept-losing-safety memory-store. Test mode is not refused.",
            f"WARN live money: nothing is written to a live account: {RISKS['audit-off']['en']}",
            "    Or accept it with --i-accept-losing-safety audit-off. Test mode is not refused.",
        ],
    )


def test_what_is_accepted_is_told(run: Run, conekta: RunningSandbox) -> None:
    said = run(
        "doctor", "--store", "memory", "--i-accept-losing-safety", "memory-store",
        CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url,
    )  # fmt: skip
    assert (said.code, guarded(said.out)[4:6]) == (
        0,
        [
            "WARN live money: --i-accept-losing-safety memory-store",
            "    Without it, live writes are refused for what the other lines warn of.",
        ],
    )


def test_secrets_of_replicas_without_one_store_are_to_be_corrected(run: Run, conekta: RunningSandbox) -> None:
    said = run(
        "doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url,
        CONEKTA_MCP_APPROVAL_SECRETS="s" * 32,
    )  # fmt: skip
    start, fix = guarded(said.out)[3:5]
    assert (said.code, fix) == (1, "    Correct it: no server starts with it.")
    assert start.startswith("FIX start: CONEKTA_MCP_APPROVAL_SECRETS are for replicas, and replicas need one")


@pytest.mark.system
@pytest.mark.parametrize("appendonly", [True, False])
def test_a_redis_that_live_money_is_not_written_with_is_told(
    appendonly: bool, run: Run, conekta: RunningSandbox
) -> None:
    try:
        found_or_installed()
    except LookupError as reason:
        pytest.skip(f"no Redis: {reason}")
    with running_redis(appendonly=appendonly) as server:
        said = run(
            "doctor", "--store", server.url, CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url
        )
    told = f"WARN live money: nothing is written to a live account: {RISKS['forgetful-redis']['en']}"
    assert (told in guarded(said.out)) is not appendonly


def test_an_audit_file_that_no_server_starts_with_is_to_be_fixed(run: Run, tmp_path: Path) -> None:
    where = tmp_path / "audit.jsonl"
    where.touch()
    where.chmod(0o644)
    told = "se puede escribir (otros usuarios pueden usar audit.jsonl; hazle chmod 600)"
    for found in (f"no {told}", "no es una bitácora; nombra una que hizo conekta-mcp, o un archivo nuevo"):
        said = run("doctor", "--sandbox", "--audit", str(where), "--language", "es")
        assert f"FIX bitácora: --audit: {where}: {found}\n    Corrígelo: ningún servidor" in said.out
        where.write_text("Hola\n")
        where.chmod(0o600)


def test_a_policy_that_cannot_be_read_is_told_in_spanish(run: Run) -> None:
    said = run("doctor", "--sandbox", "--policy", "none.toml", "--language", "es")
    assert "FIX reglas: --policy none.toml: no se puede leer\n" in said.out


def test_an_audit_that_cannot_be_written_is_to_be_fixed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = tmp_path / "audit.jsonl"
    where.touch()
    monkeypatch.setattr("os.access", lambda path, mode: (Path(path), mode) != (where, os.W_OK))
    said = run("doctor", "--sandbox", "--audit", str(where))
    assert (said.code, guarded(said.out)[2:4]) == (
        1,
        [
            f"FIX audit: {where} cannot be written",
            "    Let this user write there; until then nothing is written to Conekta.",
        ],
    )


def test_a_store_of_somebody_else_is_to_be_corrected(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with sqlite3.connect(other) as theirs:
        theirs.execute("CREATE TABLE theirs (id)")
    theirs.close()
    said = run("doctor", "--sandbox", "--store", str(other))
    assert (said.code, guarded(said.out)[:3]) == (
        1,
        [
            f"FIX store: {other}: {NOT_OURS}",
            "    Correct it, or name another one with --store; until then nothing is written to Conekta.",
            "ok  audit: in the store",
        ],
    )


def test_writes_that_are_not_settled_are_counted(run: Run, tmp_path: Path) -> None:
    where = str(tmp_path / "safety")

    async def lose() -> None:
        store = open_store(where, sandbox_state=None, sandbox=False, clock=time.time)
        for state in ("unknown", "claimed", "unknown"):
            await store.claim(
                Claim(
                    account="a",
                    tool="refund_order",
                    key=f"{state}-{time.monotonic_ns()}",
                    fingerprint="f",
                    arguments="{}",
                    owner="o",
                    at=0,
                    until=0,
                    state=state,
                )
            )
        await store.close()

    anyio.run(lose)
    said = run("doctor", "--sandbox", "--store", where)
    assert (said.code, guarded(said.out)[1:3]) == (
        0,
        [
            "WARN writes: 2 not known to be applied or not, 1 still at work or dead",
            "    conekta-mcp settle finds out what became of them.",
        ],
    )


@pytest.mark.system
@pytest.mark.parametrize(
    ("options", "appendonly", "marks"),
    [
        ((), True, ["ok "]),
        ((), False, ["WARN"]),
        (("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"), True, ["FIX"]),
    ],
)
def test_a_redis_is_named_without_its_password_and_judged_by_what_it_keeps(
    options: tuple[str, ...], appendonly: bool, marks: list[str], run: Run
) -> None:
    try:
        found_or_installed()
    except LookupError as reason:
        pytest.skip(f"no Redis: {reason}")
    with running_redis(*options, appendonly=appendonly) as server:
        server.ask("CONFIG", "SET", "requirepass", "s3cret-word")
        address = server.url.removeprefix("redis://")
        said = run("doctor", "--sandbox", "--store", f"redis://:s3cret-word@{address}")
    store = guarded(said.out)[0]
    assert ([store[:4].strip().ljust(3)], said.code) == ([marks[0].ljust(3)], int(marks == ["FIX"]))
    assert f" store: redis://{address}" in store
    assert "s3cret-word" not in said.out + said.err


def test_a_redis_that_is_not_there_is_to_be_corrected(run: Run) -> None:
    said = run("doctor", "--sandbox", "--store", "redis://ana:s3cret-word@127.0.0.1:1/0")
    assert (said.code, guarded(said.out)[0]) == (
        1,
        f"FIX store: redis://127.0.0.1:1/0: {NOBODY}",
    )
    assert "s3cret-word" not in said.out + said.err


@pytest.mark.system
def test_a_redis_that_does_not_say_is_not_judged(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ResponseError

    async def silent(*_: object) -> None:
        raise ResponseError("ERR unknown command")

    try:
        found_or_installed()
    except LookupError as reason:
        pytest.skip(f"no Redis: {reason}")
    with running_redis() as server:
        monkeypatch.setattr("redis.asyncio.Redis.info", silent)
        said = run("doctor", "--sandbox", "--store", server.url)
    assert (said.code, guarded(said.out)[0]) == (0, f"ok  store: {server.url}")


@pytest.mark.parametrize("command", ["doctor", "call"])
def test_the_help_names_where_keys_come_from(command: str, run: Run) -> None:
    text = " ".join(run(command, "--help").out.split())
    assert "key is CONEKTA_API_KEY; that of a profile such as store-b is CONEKTA_API_KEY_STORE_B" in text


def test_in_spanish_it_says_cause_and_cure_in_spanish(run: Run, conekta: RunningSandbox) -> None:
    post(conekta, "/_sandbox/faults", {"status": 401, "body": "{}"})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url, CONEKTA_LANGUAGE="es")
    lines = said.out.splitlines()
    assert (said.code, lines[0].startswith("ok  versiones: ")) == (1, True)
    assert lines[1] == f"ok  llave: en CONEKTA_API_KEY; huella {FINGERPRINT}"
    assert lines[3].startswith("FIX llave: Conekta la rechaza (HTTP 401): ")
    assert lines[4] == "    Copia otra vez la llave privada del panel de Conekta."
    assert lines[-1] == "ok  datos de personas: full: los datos de personas se muestran como Conekta los da"


def test_what_answers_and_is_not_conekta_is_not_well(run: Run, conekta: RunningSandbox) -> None:
    post(conekta, "/_sandbox/faults", {"status": 200, "body": "<html>Sign in to the Wi-Fi</html>"})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, findings(said.out)[1:]) == (
        1,
        [
            "FIX API: A web page came instead of Conekta's answer.",
            f"    Open {conekta.url} in a browser: a captive portal, a proxy or a firewall answers.",
        ],
    )


def test_what_is_said_as_json_is_the_same(run: Run) -> None:
    said = run("doctor", "--json")
    found = json.loads(said.out)
    assert said.code == 1
    assert found[1] == {
        "name": "key",
        "result": "fix",
        "found": "none",
        "fix": "Run conekta-mcp login, set CONEKTA_API_KEY to a private key, or add --sandbox.",
    }
    assert [one["result"] for one in found if one["name"] == "versions"] == ["ok"]


@pytest.mark.parametrize(
    ("language", "told", "cure"),
    [
        ("en", "no answer within", "or allow more time with --timeout."),
        ("es", "sin respuesta en", "o da más tiempo con --timeout."),
    ],
)
def test_an_api_that_says_nothing_is_told_in_the_time_that_was_given(
    language: str, told: str, cure: str, run: Run
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"http://127.0.0.1:{silent.getsockname()[1]}"
        words = ("--base-url", place, "--timeout", "2", "--language", language)
        said = run("doctor", *words, CONEKTA_API_KEY="key_doctor")
        requests = count_connections(silent)
    api, fix = said.out.partition("FIX API: ")[2].splitlines()[:2]
    assert (said.code, requests <= 1) == (1, True), "it is asked once, and not again and again"
    assert api in {f"{told} 1.8 s", f"{told} 2 s"}
    assert fix.endswith(cure)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "DNS did not answer within 0.9 s for api.example"),
        ("es", "el DNS no respondió en 0.9 s por api.example"),
    ],
)
def test_a_dns_that_hangs_keeps_nobody(
    language: str, told: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, asked = threading.Event(), []

    def hang(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        released.wait()
        return []

    monkeypatch.setattr(GETADDRINFO, hang)
    words = ("--base-url", "https://api.example", "--timeout", "1", "--language", language)
    said = run("doctor", *words, CONEKTA_API_KEY="key_doctor")
    assert (said.code, asked, released.is_set()) == (1, ["api.example"], False)
    assert f"FIX API: {told}" in said.out
    released.set()


async def wait_for_a_dns_that_hangs(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether it is still waiting once its caller has given it up."""
    released = threading.Event()
    monkeypatch.setattr(GETADDRINFO, lambda *_, **__: released.wait())
    lookup = NameLookup(Settings(api_key="key_doctor", base_url="https://api.example", timeout=3600))
    with anyio.move_on_after(0.05):
        await lookup.run()
    waits = lookup.is_waiting
    released.set()
    return waits


def test_whoever_gives_up_does_not_wait_for_a_dns_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ctrl+C does; the timeout of an hour would be that of the test."""
    assert anyio.run(wait_for_a_dns_that_hangs, monkeypatch)


def test_a_deadline_that_is_over_before_that_of_the_lookup_names_dns_too(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conekta_mcp.cli.commands.doctor.NETWORK_SHARE", 60.0)
    released = threading.Event()
    monkeypatch.setattr(GETADDRINFO, lambda *_, **__: released.wait())
    words = ("--base-url", "https://api.example", "--timeout", "1", "--language", "en")
    said = run("doctor", *words, CONEKTA_API_KEY="key_doctor")
    released.set()
    assert (said.code, "FIX API: DNS did not answer within" in said.out) == (1, True)


def count_connections(server: socket.socket) -> int:
    server.setblocking(False)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def test_it_takes_the_flags_of_serve(run: Run) -> None:
    words = ("--toolsets", "orders", "--read-only", "--transport", "sse", "--port", "8080")
    assert run("doctor", "--sandbox", *words).code == 0
    said = run("doctor", "--sandbox", "--port", "8080")
    assert findings(said.out)[:2] == [
        "WARN settings: --port: not used over stdio",
        "    Leave it out: it changes nothing.",
    ]


def test_what_no_server_starts_with_is_to_be_corrected(run: Run, tmp_path: Path) -> None:
    said = run("doctor", "--state", str(tmp_path / "shop.sqlite3"))
    assert said.code == 1
    assert "FIX start: --state: it keeps the sandbox's data" in said.out
