"""conekta-mcp doctor"""

import json

import httpx
import pytest

from conekta_mcp import __version__
from conekta_mcp.sandbox.running import RunningSandbox

from .conftest import Run

ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
HEADERS = {"Authorization": "Bearer key_doctor"}


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
        "ok  key: the sandbox's own; CONEKTA_API_KEY is not used",
        "ok  API: the sandbox in this process answers and accepts the key",
        "ok  mode: sandbox: no real money",
    ]


@pytest.mark.parametrize(
    ("customers", "mode"),
    [(0, "unknown: the account has no customers yet; treat it as live"), (1, "test")],
)
def test_the_mode_is_what_conekta_says_of_a_customer(
    customers: int, mode: str, run: Run, conekta: RunningSandbox
) -> None:
    for _ in range(customers):
        post(conekta, "/customers", ANA)
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, said.err) == (0, "")
    assert findings(said.out) == [
        "ok  key: CONEKTA_API_KEY is set and looks like a key",
        f"ok  API: {conekta.url} answers and accepts the key",
        f"ok  mode: {mode}",
    ]


def test_a_live_account_is_called_live(run: Run, conekta: RunningSandbox) -> None:
    live = '{"object":"list","has_more":false,"data":[{"id":"cus_1","livemode":true}]}'
    post(conekta, "/_sandbox/faults", {"status": 200, "body": live})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert (said.code, findings(said.out)[-1]) == (0, "ok  mode: LIVE: real money")


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
        "ok  key: CONEKTA_API_KEY is set and looks like a key",
        f"ok  API: {conekta.url} answers",
        "FIX key accepted: HTTP 401: Acceso no autorizado.",
        "    Copy the private key again from Conekta's panel.",
    ]


def test_a_conekta_in_trouble_is_to_be_asked_later(run: Run, conekta: RunningSandbox) -> None:
    post(conekta, "/_sandbox/faults", {"status": 503, "body": "<html>busy</html>"})
    said = run("doctor", CONEKTA_API_KEY="key_doctor", CONEKTA_BASE_URL=conekta.url)
    assert said.code == 1
    assert findings(said.out)[-2:] == [
        "FIX key accepted: HTTP 503: Conekta answered 503 without an explanation.",
        "    Try again later.",
    ]


def test_an_address_where_nobody_answers_is_to_be_checked(run: Run) -> None:
    nobody = "http://127.0.0.1:1"
    said = run("doctor", "--base-url", nobody, "--timeout", "5", CONEKTA_API_KEY="key_doctor")
    assert said.code == 1
    assert findings(said.out) == [
        "ok  key: CONEKTA_API_KEY is set and looks like a key",
        "FIX API: No answer from Conekta: it cannot be reached.",
        f"    Check the network and {nobody}; proxies of the environment are not used.",
    ]
