"""Networks between this server and Conekta: each failure is named by its cause, with its cure."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.clients import Era, in_memory
from tests.journeys.own_authority import Authority, answering

EMPTY = b'{"object":"list","has_more":false,"data":[]}'
JSON = "application/json"


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
