"""One account: intents acted on by an agent through two replicas, faults on the way, time, and settling."""

import itertools
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.to_thread
import httpx
from mcp import Client

from conekta_mcp.api.breaker import CircuitBreaker
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.app import App
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.settings import Settings
from tests.soak.judge import Finding, Intent, Json, applied, findings, logs_of, outcome_of, struck
from tests.soak.plan import FAULTS, TIMEOUT, Planned, Planning
from tests.soak.shops import Soaked, prepare

START = 1_768_564_855
AT_ONCE = 4
SETTLINGS = 4
PATIENCE = 120.0
"""Seconds until a late request must have reached the ledger."""
AN_ACCOUNT = 400.0
"""Seconds until an account must be done."""
TOOLS: dict[str, Any] = {tool.name: tool for tool in ALL_TOOLS}


@dataclass
class Clock:
    """Unix seconds that run, and can be moved."""

    ahead: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        return START + self.ahead + time.monotonic() - self.began


class Blinding(httpx.AsyncBaseTransport):
    """The network; after a write that failed so many readings fail as the plan says."""

    def __init__(self, blinds: Iterator[int]) -> None:
        self._network = httpx.AsyncHTTPTransport(trust_env=False)
        self._blinds = blinds
        self._left = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and self._left:
            self._left -= 1
            raise httpx.ReadError("blinded", request=request)
        try:
            response = await self._network.handle_async_request(request)
        except httpx.TransportError:
            self._blind(request)
            raise
        if response.status_code >= 500:
            self._blind(request)
        return response

    def _blind(self, request: httpx.Request) -> None:
        if request.method != "GET":
            self._left += next(self._blinds, 0)

    def see(self) -> None:
        """Let readings pass again."""
        self._left, self._blinds = 0, iter(())

    async def aclose(self) -> None:
        await self._network.aclose()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How an account ended."""

    planning: Planning
    intents: list[Intent]
    struck: dict[int, list[str]]
    made: dict[int, list[str]]
    findings: list[Finding]


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


@asynccontextmanager
async def replica(url: str, key: str, store: str, clock: Clock, transport: Blinding) -> AsyncIterator[Client]:
    """The real server in this process, whose Conekta is the sandbox behind its socket."""
    settings = Settings(api_key=key, base_url=url, timeout=TIMEOUT, store=store, toolsets=("all",))
    app = App(settings, lambda: transport, clock=clock)
    app.conekta.retry_policy = RetryPolicy(sleep=at_once)
    app.conekta.breaker = CircuitBreaker(itertools.count(step=600).__next__)
    try:
        async with Client(app.server) as client:
            yield client
    finally:
        await app.close()


async def account(url: str, store: str, planning: Planning) -> Verdict:
    """Play one account through, and judge it."""
    key = f"key_soak_{planning.seed}_{planning.number}"
    shop = Soaked(url, key)
    clock = Clock()
    blinds = [iter([one.blind for one in planning.intents[place::2]]) for place in (0, 1)]
    networks = [Blinding(one) for one in blinds]
    with anyio.fail_after(AN_ACCOUNT):
        intents = await anyio.to_thread.run_sync(_prepared, shop, planning)
        before = {log["id"] for log in await anyio.to_thread.run_sync(logs_of, shop)}
        async with (
            replica(url, key, store, clock, networks[0]) as first,
            replica(url, key, store, clock, networks[1]) as second,
        ):
            play = Play(planning, shop, clock, (first, second), networks, intents)
            await play.act()
            await play.settle()
    verdict = await anyio.to_thread.run_sync(_judged, planning, shop, intents, play.names, before)
    shop.http.close()
    return verdict


def _prepared(shop: Soaked, planning: Planning) -> list[Intent]:
    shop.open()
    made: dict[int, Json] = {}
    for plan in planning.intents:
        if plan.like not in made:
            made[plan.like] = prepare(shop, plan.tool, plan.like)
    return [_intent(plan, made[plan.like]) for plan in planning.intents]


def _intent(plan: Planned, arguments: Json) -> Intent:
    tool = TOOLS[plan.tool]
    request = tool.build_request(tool.input.model_validate(arguments))
    return Intent(
        plan=plan, arguments=arguments, method=request.method, path=request.path, idempotent=tool.idempotent
    )


def _judged(
    planning: Planning, shop: Soaked, intents: list[Intent], names: dict[str, str], before: set[str]
) -> Verdict:
    made = applied(shop, intents, before)
    return Verdict(
        planning=planning,
        intents=intents,
        struck=struck(shop, intents, names),
        made=made,
        findings=findings(planning.seed, planning.number, intents, made),
    )


class Play:
    """An agent at work on one account."""

    def __init__(
        self,
        planning: Planning,
        shop: Soaked,
        clock: Clock,
        clients: tuple[Client, Client],
        networks: list[Blinding],
        intents: list[Intent],
    ) -> None:
        self.planning, self.shop, self.clock, self.clients = planning, shop, clock, clients
        self.networks, self.intents = networks, intents
        self.names: dict[str, str] = {}
        self.placed = 0

    async def act(self) -> None:
        """Make every intent once, some twice at the same moment, a few at a time."""
        room = anyio.CapacityLimiter(AT_ONCE)

        async def one(intent: Intent) -> None:
            async with room:
                await self._first(intent)

        async with anyio.create_task_group() as calls:
            for intent in self.intents:
                calls.start_soon(one, intent)

    async def settle(self) -> None:
        """Let time pass and repeat what is not known, first amid what faults are left, then without."""
        for attempt in range(SETTLINGS):
            await self._all_arrived()
            if attempt:
                await anyio.to_thread.run_sync(self.shop.delete, "/_sandbox/faults")
                for network in self.networks:
                    network.see()
                self.placed = -1
            self.clock.ahead += self.planning.passes
            if not attempt:
                await anyio.to_thread.run_sync(self.shop.pass_time, self.planning.passes)
            for intent in self._open(attempt):
                await self._again(intent)

    def _open(self, attempt: int) -> Iterable[Intent]:
        for intent in self.intents:
            told = intent.told
            if told == "unknown" or (told == "not_applied" and intent.plan.stubborn and not attempt):
                yield intent

    async def _first(self, intent: Intent) -> None:
        plan = intent.plan
        fault = {
            **FAULTS[plan.fault], "method": intent.method, "path_prefix": intent.path, "count": plan.times
        }  # fmt: skip
        made = await anyio.to_thread.run_sync(self.shop.post, "/_sandbox/faults", fault)
        self.names[made["id"]] = plan.fault
        self.placed += plan.times
        given = {**intent.arguments, **self._key(intent)}
        async with anyio.create_task_group() as calls:
            for client in self.clients if plan.twice else self.clients[plan.number % 2 :][:1]:
                calls.start_soon(self._call, client, intent, given)
        if plan.eager and intent.told == "unknown":
            await self._again(intent)

    def _key(self, intent: Intent) -> Json:
        return {"idempotency_key": f"soak-{intent.plan.number}"} if intent.plan.own_key else {}

    async def _again(self, intent: Intent) -> None:
        """Repeat a call as its error says."""
        told = [answer["error"] for answer in intent.answers if outcome_of(answer) == "unknown"]
        keys = [error["idempotency_key"] for error in told if "idempotency_key" in error]
        key = {"idempotency_key": keys[0]} if keys else self._key(intent)
        await self._call(self.clients[(intent.plan.number + 1) % 2], intent, {**intent.arguments, **key})

    async def _call(self, client: Client, intent: Intent, given: Json) -> None:
        result = await client.call_tool(intent.plan.tool, given)
        intent.answers.append(result.structured_content or {"error": {"type": "no structure"}})

    async def _all_arrived(self) -> None:
        """Wait until every request that a fault holds back has reached the ledger."""
        with anyio.move_on_after(PATIENCE):
            while await anyio.to_thread.run_sync(self._under_way):  # noqa: ASYNC110  another process
                await anyio.sleep(0.05)
            return
        raise AssertionError(f"requests of {self.planning} did not reach the ledger in {PATIENCE:g} s")

    def _under_way(self) -> bool:
        if self.placed < 0:
            return False
        pending = sum(one["count"] for one in self.shop.get("/_sandbox/faults")["data"])
        kept = self.shop.get("/_sandbox/requests", limit=250)["data"]
        return bool(self.placed - pending > sum("fault" in entry for entry in kept))
