"""conekta-mcp doctor"""

import json
from pathlib import Path

import httpx
import pytest

from conekta_mcp import __version__
from conekta_mcp.sandbox.running import RunningSandbox

from .conftest import Run

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
HEADERS = {"Authorization": "Bearer key_doctor"}
FINGERPRINT = "3a3eb3cef7beb8f8"
OPEN = "others may read or write the file; chmod 600 it, and replace the key"
FROM_THE_VARIABLE = f"ok  key: from CONEKTA_API_KEY; fingerprint {FINGERPRINT}"


def findings(out: str) -> list[str]:
    """What was found, without the line of the versions."""
    first, *others = out.splitlines()
    assert first.startswith(f"ok  versions: conekta-mcp {__version__}, mcp 2.3.")
    return others


def post(conekta: RunningSandbox, path: str, body: object) -> None:
    httpx.post(conekta.url + path, json=body, headers=HEADERS, trust_env=False).raise_for_status()


def test_without_a_key_it_says_what_to_set(run: Run) -> None:
    said = run("doctor")
    assert (said.code, said.err) == (1, "")
    assert findings(said.out) == [
        "FIX key: none",
        "    Set CONEKTA_API_KEY to a private key, or add --sandbox.",
    ]


def test_on_the_sandbox_all_is_well(run: Run) -> None:
    said = run("doctor", "--sandbox")
    assert (said.code, said.err) == (0, "")
    assert findings(said.out) == [
        "ok  key: the sandbox's own; CONEKTA_API_KEY is not used; fingerprint 141f0150572288af",
        "ok  API: the sandbox in this process answers and accepts the key",
        "ok  mode: sandbox: no real money",
    ]


@pytest.mark.parametrize(
    ("customers", "mode"),
    [
        (
            0,
            "unknown: no order, customer, plan or event that the key can read says it yet; it counts as live",
        ),
        (1, "test"),
    ],
)
def test_the_mode_is_what_conekta_says_of_an_object(
    customers: int, mode: str, run: Run, conekta: RunningSandbox
) -> None:
    for _ in range(customers):
        post(conekta, "/customers", ANA)
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, said.err) == (0, "")
    assert findings(said.out) == [
        FROM_THE_VARIABLE,
        f"ok  API: {conekta.url} answers and accepts the key",
        f"ok  mode: {mode}",
    ]


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
        "    Set CONEKTA_API_KEY_C to a private key, or add --sandbox.",
        f"ok  profile d, key: from KEY_D; fingerprint {FINGERPRINT}",
        f"ok  profile d, API: {conekta.url} answers and accepts the key",
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
        "FIX key accepted: HTTP 401: Acceso no autorizado.",
        "    Copy the private key again from Conekta's panel.",
    ]


def test_a_conekta_in_trouble_is_to_be_asked_later(run: Run, conekta: RunningSandbox) -> None:
    post(conekta, "/_sandbox/faults", {"status": 500, "body": "<html>busy</html>"})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert said.code == 1
    assert findings(said.out)[-2:] == [
        "FIX key accepted: HTTP 500: Conekta answered 500 without an explanation.",
        "    Try again later.",
    ]


def test_an_address_where_nobody_answers_is_to_be_checked(run: Run) -> None:
    nobody = "http://127.0.0.1:1"
    said = run("doctor", "--base-url", nobody, "--timeout", "5", CONEKTA_API_KEY="key_doctor")
    assert said.code == 1
    assert findings(said.out) == [
        FROM_THE_VARIABLE,
        "FIX API: No answer from Conekta: it cannot be reached.",
        f"    Check the network and {nobody}; proxies of the environment are not used.",
    ]


@pytest.mark.parametrize("command", ["doctor", "call"])
def test_the_help_names_where_keys_come_from(command: str, run: Run) -> None:
    text = " ".join(run(command, "--help").out.split())
    assert "key is CONEKTA_API_KEY; that of a profile such as store-b is CONEKTA_API_KEY_STORE_B" in text
