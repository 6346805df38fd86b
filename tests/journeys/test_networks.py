"""Networks between this server and Conekta: each failure is named by its cause, with its cure."""

import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from conekta_mcp.api.announcements import AnnouncementPoster
from conekta_mcp.api.network import create_tls_context
from conekta_mcp.settings import Settings
from tests.journeys.clients import Era, in_memory
from tests.journeys.own_authority import Authority, answering

pytestmark = pytest.mark.system

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
async def test_a_certificate_that_newer_pythons_find_too_plain_is_trusted_too(
    inspected: tuple[str, list[str]], authority: Authority, era: Era, monkeypatch: pytest.MonkeyPatch
) -> None:
    create: Callable[..., ssl.SSLContext] = httpx.create_ssl_context

    def create_strict(**options: Any) -> ssl.SSLContext:
        made = create(**options)
        made.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does by itself
        return made

    monkeypatch.setattr(httpx, "create_ssl_context", create_strict)
    result = await ask(era, base_url=inspected[0], ca_file=str(authority.path))
    assert not result.is_error, result.content
    assert create_tls_context(None).verify_flags & ssl.VERIFY_X509_STRICT


@pytest.mark.anyio
async def test_news_of_an_approval_reach_a_webhook_behind_the_same_proxy(
    inspected: tuple[str, list[str]], authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    address, asked = inspected

    async def post(ca_file: str | None) -> None:
        settings = Settings(
            approval_webhook=f"{address}/hook", approval_webhook_secret=("secret_news",), ca_file=ca_file
        )
        await AnnouncementPoster(settings, time.time, sleep=lambda _: anyio.lowlevel.checkpoint()).post(
            "apr_1", b"{}"
        )

    await post(str(authority.path))
    assert (asked, caplog.text) == (["/hook"], "")
    await post(None)
    assert asked == ["/hook"]
    assert "127.0.0.1 did not take the news of an approval: no answer" in caplog.text


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
