"""A complete server in front of a sandbox, with a connection and a store that tests can break."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx
from mcp import Client

from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.app import App
from conekta_mcp.errors import Detail, StoreUnavailable
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.settings import Settings
from tests.conftest import KEY, QUICK

NOON = 1_795_284_000.0
"""2026-11-21, 12:00 in Mexico City."""
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 125000, "quantity": 1}]
ORDER = {**PERSON, "line_items": LINES}


class MovableClock:
    """Unix seconds that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Wire(httpx.AsyncBaseTransport):
    """The line to the sandbox: each of `faults` strikes one request of a method, before or after it acts.

    A fault "refused" is a connection that never was, "hold" waits for `go`. After a fault that struck a write
    so many reads fail as `blind` says.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.inner = InProcessTransport(create_sandbox(ledger))
        self.sent: list[httpx.Request] = []
        self.faults: list[tuple[str, str]] = []
        self.blind = 0
        self.arrived, self.go = anyio.Event(), anyio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        fault = next((one for one in self.faults if one[0] == request.method), ("", ""))
        if fault[0]:
            self.faults.remove(fault)
        if fault[0] == "POST":
            self.faults += [("GET", "before")] * self.blind
        if fault[1] == "refused":
            raise httpx.ConnectError("refused")
        if fault[1] == "before":
            raise httpx.ReadError("cut")
        answer = await self.inner.handle_async_request(request)
        if fault[1] == "hold":
            self.arrived.set()
            with anyio.fail_after(60):
                await self.go.wait()
        if fault[1] == "after":
            raise httpx.ReadError("cut")
        return answer

    def posts(self) -> list[str]:
        """The paths of the writes that left."""
        return [request.url.path for request in self.sent if request.method != "GET"]


class Failing:
    """A store of which the methods named in `down` do not answer; `append` also as a part of another one."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.down: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name in self.down:
            return self._fail
        method = getattr(self._store, name)
        if name not in {"claim", "replace"}:
            return method

        async def change(*given: Any, **more: Any) -> Any:
            appends = more.get("record") is not None
            return await (self._fail() if appends and "append" in self.down else method(*given, **more))

        return change

    async def _fail(self, *_: Any, **__: Any) -> None:
        detail = Detail(code="conekta_mcp.errors.store_down", message="The store does not answer.")
        raise StoreUnavailable(type="store_unavailable", details=(detail,), outcome="not_applied")


@dataclass
class Scene:
    """One merchant; `server` gives another replica in front of the same ledger and line."""

    wire: Wire
    clock: MovableClock
    where: str
    apps: list[App] = field(default_factory=list)

    def server(self, **settings: Any) -> App:
        given = {"api_key": KEY, "confirm": "never", "store": self.where, "language": "en", **settings}
        app = App(Settings(**given), transport=lambda: self.wire, clock=self.clock)
        app.conekta.retry_policy = QUICK
        self.apps.append(app)
        return app

    def broken(self, **settings: Any) -> tuple[App, "Failing"]:
        """A replica, and its store, which fails in the methods that are put into `down`."""
        app = self.server(**settings)
        failing = Failing(app.store)
        app.store = failing  # type: ignore[assignment]  # a Store by delegation
        return app, failing


@asynccontextmanager
async def scene(where: str) -> AsyncIterator[Scene]:
    ledger = Ledger()
    one = Scene(Wire(ledger), MovableClock(), where)
    try:
        yield one
    finally:
        for app in one.apps:
            await app.close()
        ledger.close()


def make_live(one: Scene) -> None:
    """Let Conekta's answers be those of a live key."""
    answer = one.wire.handle_async_request

    async def live(request: httpx.Request) -> httpx.Response:
        told = await answer(request)
        content = (await told.aread()).replace(b'"livemode":false', b'"livemode":true')
        headers = {"content-type": "application/json", "date": told.headers["date"]}
        return httpx.Response(told.status_code, headers=headers, content=content)

    one.wire.handle_async_request = live  # type: ignore[method-assign]  # as long as the test lasts


async def ask(app: App, tool: str, arguments: dict[str, Any], *, listed: bool = False) -> dict[str, Any]:
    """What the tool answered, success or error; `listed` says that it is called by its own name."""
    async with Client(app.server) as client:
        named = {"name": tool, "arguments": arguments}
        if not listed and tool not in LISTED:
            return (await client.call_tool("call_write_operation", named)).structured_content or {}
        return (await client.call_tool(tool, arguments)).structured_content or {}


def error(answer: dict[str, Any]) -> tuple[str, str | None]:
    """The type and the outcome of the error that a tool answered."""
    return answer["error"]["type"], answer["error"].get("outcome")


LISTED = {"create_order", "get_order", "create_customer", "update_customer", "list_orders", "cancel_order"}


async def settle_absence(one: Scene, app: App, tool: str, call: dict[str, Any]) -> dict[str, Any]:
    """Repeat a lost call as often as its absence has to be read, and return the last answer."""
    one.clock.now += 120
    first = await ask(app, tool, call)
    assert first["error"]["outcome"] == "unknown"
    one.clock.now += 60
    return await ask(app, tool, call)


async def paid_order(app: App, amount: int = 125000) -> str:
    """An order that a test card paid."""
    made = await ask(
        app,
        "create_card_order",
        {
            **PERSON,
            "line_items": [{**LINES[0], "unit_price": amount}],
            "token_id": "tok_test_visa_4242",
            # Tests share a Redis: without a key it would equal the order of another test.
            "idempotency_key": uuid.uuid4().hex,
        },
    )
    assert "id" in made, made
    order_id: str = made["id"]
    return order_id


def refund(order_id: str, amount: int = 50000, **more: Any) -> dict[str, Any]:
    return {"order_id": order_id, "amount": amount, "reason": "requested_by_client", **more}


async def refunded(app: App, order_id: str) -> int:
    """Centavos that went back to the buyer."""
    amount: int = (await ask(app, "get_order", {"order_id": order_id}))["amount_refunded"]
    return amount
