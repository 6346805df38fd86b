"""Whose word counts for where a request comes from."""

from typing import Any

import pytest
from starlette.applications import Starlette

from conekta_mcp.server.http.listening import create_bounded_server
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::1", "203.0.113.9", "203.0.113.9"),
        # What a stranger sent stands before what the proxy added.
        ("127.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
    ],
)
async def test_only_a_proxy_on_this_machine_names_the_caller_whatever_the_platform_sets(
    peer: str, forwarded: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    seen: list[Any] = []

    async def note(scope: Any, _: Any, __: Any) -> None:
        seen.append(scope["client"][0])

    app = Starlette()
    monkeypatch.setattr(app, "middleware_stack", note)
    config = create_bounded_server(app, Settings(transport="streamable-http")).config
    config.load()
    headers = [(b"host", b"localhost"), (b"x-forwarded-for", forwarded.encode())]
    scope = {"type": "http", "client": (peer, 5000), "headers": headers, "app": app}
    await config.loaded_app(scope, None, None)  # type: ignore[arg-type]
    assert seen == [address]
