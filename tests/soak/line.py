"""The network between one replica and the sandbox, with the faults of the plan."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx

from tests.soak.echoes import alter, invent
from tests.soak.judge import Intent
from tests.soak.plan import ALTERED, INVENTED

Json = dict[str, Any]
BLIND = 12
"""Readings that fail after one of two equal intents was lost, so that the other one is lost meanwhile."""


@dataclass
class Strikes:
    """What the lines of an account do to requests of its intents, whichever replica sends them."""

    intents: list[Intent]
    left: dict[int, int] = field(default_factory=dict)
    """How many requests of an intent are still answered falsely, by its number."""
    frozen: dict[int, "Freeze"] = field(default_factory=dict)

    def find(self, request: httpx.Request) -> Intent | None:
        """Return the intent whose request this is, while there is something to do to it."""
        body = _read_body(request)
        sent = {"method": request.method, "path": request.url.path, "body": body}
        return next(
            (
                one
                for one in self.intents
                if (self.left.get(one.plan.number) or one.plan.number in self.frozen) and one.sent(sent)
            ),
            None,
        )


@dataclass
class Freeze:
    """A process that stands still before its request leaves."""

    reached: anyio.Event = field(default_factory=anyio.Event)
    wakes: anyio.Event = field(default_factory=anyio.Event)


class Line(httpx.AsyncBaseTransport):
    """The network; after a write that failed so many readings fail as the plan says."""

    def __init__(self, blinds: Iterator[int], strikes: Strikes, *, freezes: bool = False) -> None:
        self._network = httpx.AsyncHTTPTransport(trust_env=False)
        self._blinds, self._strikes, self._freezes = blinds, strikes, freezes
        self._left = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and self._left:
            self._left -= 1
            raise httpx.ReadError("blinded", request=request)
        intent = None if request.method == "GET" else self._strikes.find(request)
        if intent and self._freezes and (freeze := self._strikes.frozen.get(intent.plan.number)):
            freeze.reached.set()
            await freeze.wakes.wait()
        elif intent and self._strikes.left.get(intent.plan.number):
            return await self._answer_falsely(request, intent)
        return await self._pass(request)

    async def _pass(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._network.handle_async_request(request)
        except httpx.TransportError:
            self._blind(request)
            raise
        if response.status_code >= 500:
            self._blind(request)
        return response

    async def _answer_falsely(self, request: httpx.Request, intent: Intent) -> httpx.Response:
        body, path, turn = _read_body(request), request.url.path, intent.plan.number
        invented = intent.plan.fault == INVENTED
        if invented:
            made = invent(intent.kinds, request.method, path, body, turn)
            response = None
        else:
            response = await self._pass(request)
            await response.aread()
            await response.aclose()
            shown = _parse(response.content)
            made = alter(request.method, path, body, shown, turn) if response.is_success and shown else None
        if made is None:
            self._strikes.left.pop(intent.plan.number)
            return await self._pass(request) if response is None else _copy(response, response.content)
        self._strikes.left[intent.plan.number] -= 1
        answer, false = made
        if false is not None:
            intent.false.append(false)
        intent.strikes.append(INVENTED if invented else ALTERED)
        self._blind(request)
        if intent.plan.together:
            self._left = max(self._left, BLIND)
        content = json.dumps(answer).encode()
        if response is None:
            return httpx.Response(200, content=content, headers={"Content-Type": "application/json"})
        return _copy(response, content)

    def _blind(self, request: httpx.Request) -> None:
        if request.method != "GET":
            self._left += next(self._blinds, 0)

    def see(self) -> None:
        """Let everything pass again."""
        self._left, self._blinds = 0, iter(())
        self._strikes.left.clear()

    async def aclose(self) -> None:
        await self._network.aclose()


def _copy(response: httpx.Response, content: bytes) -> httpx.Response:
    dropped = ("content-length", "content-encoding", "transfer-encoding")
    headers = [(name, value) for name, value in response.headers.items() if name.lower() not in dropped]
    return httpx.Response(response.status_code, content=content, headers=headers)


def _read_body(request: httpx.Request) -> Json:
    try:
        return _parse(request.content)
    except httpx.RequestNotRead:  # a form with files
        return {}


def _parse(content: bytes) -> Json:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
