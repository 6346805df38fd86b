"""conekta-mcp doctor names the cause of a network failure, and its fix."""

import socket
from pathlib import Path

import pytest

from conekta_mcp.sandbox.running import serve_sandbox
from tests.cli.conftest import Run
from tests.journeys.own_authority import Authority, answering
from tests.journeys.processes import free_port

EMPTY = b'{"object":"list","has_more":false,"data":[]}'
PAGE = b"<!DOCTYPE html><html><body>Welcome to the airport</body></html>"
JSON, HTML = "application/json", "text/html"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_doctor_says_which_it_is_and_what_to_do(language: str, run: Run, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    certificate = Authority(tmp_path).issue()
    with (
        answering(EMPTY, JSON, certificate) as (inspected, _),
        answering(EMPTY, JSON) as (plain, _),
        answering(PAGE, HTML) as (portal, _),
    ):
        networks = [
            ("--base-url", "https://conekta.invalid"),
            ("--base-url", nobody),
            ("--base-url", inspected),
            ("--base-url", plain.replace("http:", "https:")),
            ("--base-url", "https://conekta.invalid", "--proxy", nobody),
            ("--base-url", "https://conekta.invalid", "--proxy", plain),
            ("--base-url", portal),
        ]
        said = [
            run("doctor", *flags, "--language", language, "--timeout", "20", CONEKTA_API_KEY="key_n")
            for flags in networks
        ]
    found = [next(line for line in one.out.splitlines() if line.startswith("FIX API: ")) for one in said]
    words = {
        "en": ["DNS", "refused", "certificate", "TLS", "proxy", "proxy", "web page"],
        "es": ["DNS", "rechazada", "certificado", "TLS", "proxy", "proxy", "página web"],
    }[language]
    assert [word for word, line in zip(words, found, strict=True) if word not in line] == []
    assert len(set(found)) >= len(set(words))
    assert [one.code for one in said] == [1] * len(said)


def test_a_store_that_is_silent_is_the_only_thing_that_is_blamed(run: Run) -> None:
    """Such as a Redis behind a firewall that drops what it is sent."""
    with socket.create_server(("127.0.0.1", 0)) as silent, serve_sandbox() as conekta:
        store = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        flags = ("--base-url", conekta.url, "--store", store, "--language", "en", "--timeout", "12")
        said = run("doctor", *flags, CONEKTA_API_KEY="key_n")
    wrong = [line for line in said.out.splitlines() if line.startswith("FIX")]
    assert (said.code, [line.startswith(f"FIX store: {store}: ") for line in wrong]) == (1, [True])
    assert f"ok  API: {conekta.url} answers and accepts the key" in said.out.splitlines()


def test_settle_asks_nothing_of_conekta_while_the_store_is_away(run: Run) -> None:
    with answering(EMPTY, JSON) as (conekta, asked):
        store = f"redis://127.0.0.1:{free_port()}"
        said = run("settle", "--base-url", conekta, "--store", store, CONEKTA_API_KEY="key_n")
    assert (said.code, said.err.count("\n"), asked) == (1, 1, [])
