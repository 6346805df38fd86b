"""One account: an agent's intents through two replicas, faults, passing time, and settling."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import anyio
import anyio.to_thread

from conekta_mcp.domains.all_tools import ALL_TOOLS
from tests.soak.clocks import Clock
from tests.soak.judge import Finding, Intent, Json, Ledger, findings, logs_of, read_ledger, struck
from tests.soak.line import Line
from tests.soak.plan import QUIET, Planned, Planning
from tests.soak.play import Play
from tests.soak.replicas import Replica, bring_back, copy_store, serve_replica
from tests.soak.shops import Soaked, prepare

AN_ACCOUNT = 400.0
"""Seconds until an account must be done."""
TOOLS: dict[str, Any] = {tool.name: tool for tool in ALL_TOOLS}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How an account ended."""

    planning: Planning
    intents: list[Intent]
    struck: dict[int, list[str]]
    ledger: Ledger
    findings: list[Finding]


@dataclass(frozen=True, kw_only=True)
class Company:
    """Whose account it is: its two API keys, and where its replicas keep their store."""

    url: str
    old_key: str
    new_key: str
    store: str


async def play_account(url: str, store: str, planning: Planning) -> Verdict:
    """Play one account through, and judge it."""
    in_redis = "://" in store
    if in_redis:  # its time is its own, and it has no file to lose
        planning = replace(planning, fate="kept", steps=False)
    key = f"key_soak_{planning.seed}_{planning.number}"
    shop = Soaked(url, key)
    with anyio.fail_after(AN_ACCOUNT):
        intents = await anyio.to_thread.run_sync(_prepare, shop, planning)
        new_key = await anyio.to_thread.run_sync(shop.rotate) if planning.rotates else key
        before = {log["id"] for log in await anyio.to_thread.run_sync(logs_of, shop)}
        # A file of its own: each account has its own time, and a file has one.
        store = store if in_redis else f"{store}.{planning.number}"
        company = Company(url=url, old_key=key, new_key=new_key, store=store)
        play = Play(planning, shop, Clock(), intents)
        await _play_through(play, company)
    verdict = await anyio.to_thread.run_sync(_judge, play, before)
    shop.http.close()
    return verdict


async def _play_through(play: Play, company: Company) -> None:
    """Act and settle; between the two the store may be lost, and with it every process."""
    planning, strikes = play.planning, play.strikes
    blinds = [iter([one.blind for one in planning.intents[place::2]]) for place in (0, 1)]
    lines = [Line(blinds[0], strikes), Line(blinds[1], strikes), Line(blinds[1], strikes)]
    if planning.fate == "kept":
        async with _serve(company, play, lines) as replicas:
            await play.act(replicas, _note_nothing)
            await play.settle(replicas)
        return

    async def note_copy() -> None:
        if planning.fate == "restored":
            await anyio.to_thread.run_sync(copy_store, company.store)

    async with _serve(company, play, lines) as replicas:
        await play.act(replicas, note_copy)
    bring_back(company.store, planning)
    async with _serve(company, play, [Line(blinds[place], strikes) for place in (0, 1, 1)]) as replicas:
        await play.settle(replicas)


async def _note_nothing() -> None:
    """Keep no copy."""


@asynccontextmanager
async def _serve(company: Company, play: Play, lines: list[Line]) -> AsyncIterator[list[Replica]]:
    """Serve two replicas with the old key, one with the new, and one that freezes, as the plan says."""
    planning, clock, store = play.planning, play.clock, company.store
    keys = [company.old_key, company.old_key, *([company.new_key] if planning.rotates else [])]
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(serve_replica(company.url, key, store, clock, line, planning))
            for key, line in zip(keys, lines, strict=False)
        ]
        if any(one.frozen for one in planning.intents):
            line = Line(iter(()), play.strikes, freezes=True)
            play.sleeper = await stack.enter_async_context(
                serve_replica(company.url, company.old_key, store, clock, line, planning, sleeps=True)
            )
        yield replicas


def _prepare(shop: Soaked, planning: Planning) -> list[Intent]:
    shop.open()
    made: dict[int, Json] = {}
    for plan in planning.intents:
        if plan.like not in made:
            made[plan.like] = prepare(shop, plan.tool, plan.like)
    return [
        _build_intent(plan, made[plan.like], remembered=planning.passes == QUIET) for plan in planning.intents
    ]


def _build_intent(plan: Planned, arguments: Json, *, remembered: bool) -> Intent:
    tool = TOOLS[plan.tool]
    request = tool.build_request(tool.input.model_validate(arguments))
    return Intent(
        plan=plan,
        arguments=arguments,
        method=request.method,
        path=request.path,
        body=request.body or {},
        idempotent=tool.idempotent,
        kept_by_key=tool.endpoint.accepts_key and plan.own_key and remembered,
        kinds=tool.output.KIND.names,
    )


def _judge(play: Play, before: set[str]) -> Verdict:
    requests = play.look_at_requests()
    ledger = read_ledger(play.shop, play.intents, before, requests)
    return Verdict(
        planning=play.planning,
        intents=play.intents,
        struck=struck(requests, play.intents, play.names),
        ledger=ledger,
        findings=findings(play.planning, play.intents, ledger),
    )
