"""The in-process transport behaves like a network: it can be slow, and it can disconnect."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from conekta_mcp.api import Conekta
from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.app import App
from conekta_mcp.catalog import GET, POST
from conekta_mcp.errors import Unreachable
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio


async def echo(request: Request) -> JSONResponse:
    return JSONResponse({"body": await request.json(), "key": request.headers["authorization"]})


async def cut(_: Request) -> JSONResponse:
    raise ConnectionError


async def hang(_: Request) -> JSONResponse:
    await anyio.sleep_forever()
    raise AssertionError


@asynccontextmanager
async def connected(timeout: float = 30.0) -> AsyncIterator[Conekta]:
    routes = [Route(f"/{one.__name__}", one, methods=["GET", "POST"]) for one in (echo, cut, hang)]
    made = Conekta(Settings(timeout=timeout), lambda: InProcessTransport(Starlette(routes=routes)))
    yield made
    await made.close()


async def test_a_request_reaches_the_app_whole() -> None:
    async with connected() as conekta:
        answer = await conekta.get_account("key_a").send(POST("/echo").build_request({"amount": 1}))
    assert answer == {"body": {"amount": 1}, "key": "Bearer key_a"}


@pytest.mark.parametrize(
    ("path", "timeout", "said"),
    [
        ("/cut", 30.0, "No answer from Conekta: the connection broke."),
        ("/hang", 0.05, "No answer from Conekta: it took longer than 0.05 s."),
    ],
)
@pytest.mark.parametrize(("make", "outcome"), [(GET, None), (POST, "unknown")])
async def test_an_app_that_hangs_or_hangs_up_is_told_as_a_network(
    path: str, timeout: float, said: str, make: Any, outcome: str | None
) -> None:
    async with connected(timeout) as conekta:
        with pytest.raises(Unreachable) as caught:
            await conekta.get_account("key_a").send(make(path).build_request({}))
    assert (str(caught.value), caught.value.outcome) == (said, outcome)


async def test_the_sandbox_is_a_conekta_of_this_process(tmp_path: Any) -> None:
    state = str(tmp_path / "shop.db")
    for expected in (1, 2):
        app = App(Settings(sandbox=True, state=state))
        account = app.conekta.get_account("key_sandbox")
        person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
        await account.send(POST("/customers").build_request(person))
        found = await account.send(GET("/customers").build_request({"search": "ana@example.com"}))
        await app.close()
        assert len(found["data"]) == expected
