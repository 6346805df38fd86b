"""Networks between this server and Conekta: each failure is named by its cause, with its cure."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.clients import Era, in_memory
from tests.journeys.own_authority import Authority, answering
from tests.journeys.processes import finished, free_port

EMPTY = b'{"object":"list","has_more":false,"data":[]}'
PAGE = b"<!DOCTYPE html><html><body>Welcome to the airport</body></html>"
JSON, HTML = "application/json", "text/html"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def inspected(authority: Authority) -> Iterator[tuple[str, list[str]]]:
    """Conekta as it is seen behind a proxy that inspects TLS."""
    with answering(EMPTY, JSON, authority.issue()) as served:
        yield served


async def ask(era: Era, tool: str = "list_customers", **settings: Any) -> Any:
    async with in_memory(era, sandbox=False, api_key="key_network", store="memory", **settings) as (
        client,
        _,
    ):
        given = {"name": "Ana", "email": "ana@example.com", "phone": "+525555555555"}
        return await client.call_tool(tool, given if tool == "create_customer" else {})


@pytest.mark.anyio
async def test_an_authority_of_ones_own_is_trusted_where_it_is_named(
    inspected: tuple[str, list[str]], authority: Authority, era: Era
) -> None:
    result = await ask(era, base_url=inspected[0], ca_file=str(authority.path))
    assert (result.is_error, result.structured_content["rows"]) == (False, [])


@pytest.mark.anyio
@pytest.mark.parametrize(("language", "word"), [("en", "certificate"), ("es", "certificado")])
async def test_without_it_the_certificate_is_named_and_nothing_is_tried_again(
    language: str, word: str, inspected: tuple[str, list[str]], era: Era, monkeypatch: pytest.MonkeyPatch,
    authority: Authority,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    read = (await ask(era, base_url=inspected[0], language=language)).structured_content["error"]
    assert (read["code"], read["retryable"]) == ("conekta_mcp.errors.untrusted_certificate", False)
    assert word in read["message"]
    assert "--ca-file" in read["hint"]
    written = await ask(era, "create_customer", base_url=inspected[0], confirm="never")
    assert written.structured_content["error"]["outcome"] == "not_applied"
    assert inspected[1] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_doctor_says_which_it_is_and_what_to_do(language: str, inspected: tuple[str, list[str]]) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with answering(EMPTY, JSON) as (plain, _), answering(PAGE, HTML) as (portal, _):
        networks = [
            ("--base-url", "https://conekta.invalid"),
            ("--base-url", nobody),
            ("--base-url", inspected[0]),
            ("--base-url", plain.replace("http:", "https:")),
            ("--base-url", "https://conekta.invalid", "--proxy", nobody),
            ("--base-url", "https://conekta.invalid", "--proxy", plain),
            ("--base-url", portal),
        ]
        said = [
            finished("doctor", *flags, "--language", language, "--timeout", "20", CONEKTA_API_KEY="key_n")
            for flags in networks
        ]
    found = [next(line for line in one.stdout.splitlines() if line.startswith("FIX API: ")) for one in said]
    words = {
        "en": ["DNS", "refused", "certificate", "TLS", "proxy", "proxy", "web page"],
        "es": ["DNS", "rechazada", "certificado", "TLS", "proxy", "proxy", "página web"],
    }[language]
    assert [word for word, line in zip(words, found, strict=True) if word not in line] == []
    assert len(set(found)) >= len(set(words))
    assert [one.returncode for one in said] == [1] * len(said)
