"""The replicas of an account: the real server in this process, in front of the sandbox's socket."""

import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mcp import Client

from conekta_mcp.api.breaker import CircuitBreaker
from conekta_mcp.api.retries import RetryPolicy
from conekta_mcp.api.server_time import ServerTimes
from conekta_mcp.app import App
from conekta_mcp.catalog import Toolset
from conekta_mcp.settings import Settings
from conekta_mcp.storage.sqlite import SqliteStore
from tests.soak.clocks import Clock, WallClock
from tests.soak.line import Line
from tests.soak.plan import LIMITED, TIMEOUT, Planning

ASLEEP = 60.0
"""Seconds that a process which freezes may take for a request: it gives up when it wakes, not before."""
TOOLSETS = ("all", *(one.value for one in Toolset if one not in (Toolset.DISCOVERY, Toolset.SANDBOX)))
"""With every tool that shows or makes a secret, which "all" leaves out."""


@dataclass(frozen=True, kw_only=True)
class Replica:
    """One server, its line and its wall clock."""

    app: App
    client: Client
    line: Line
    wall: WallClock


async def wait_for_nothing(_seconds: float) -> None:
    """Wait for nothing."""


@asynccontextmanager
async def serve_replica(
    url: str, key: str, store: str, clock: Clock, line: Line, planning: Planning, *, sleeps: bool = False
) -> AsyncIterator[Replica]:
    """Serve one replica as long as the context lasts."""
    limits: dict[str, Any] = {}
    if planning.limit is not None:
        limits = {LIMITED[planning.intents[0].tool].setting: planning.limit}
    settings = Settings(
        api_key=key,
        base_url=url,
        timeout=ASLEEP if sleeps else TIMEOUT,
        store=store,
        toolsets=TOOLSETS,
        **limits,
    )
    wall = WallClock(clock)
    app = App(settings, lambda: line, clock=wall if planning.steps else clock)
    # Before the intents, which read it: Conekta's time is carried on by a clock that the soak moves, too.
    app.conekta.server_times = ServerTimes(clock, clock)
    if planning.steps:
        app.store = SqliteStore(store, wall, clock)
        app.intents = replace(app.intents, monotonic=clock)
    app.conekta.retry_policy = RetryPolicy(sleep=wait_for_nothing)
    app.conekta.breaker = CircuitBreaker(itertools.count(step=600).__next__)
    try:
        async with Client(app.server) as client:
            yield Replica(app=app, client=client, line=line, wall=wall)
    finally:
        await app.close()


def copy_store(store: str) -> None:
    """Back the store up as SQLite does, while it is in use."""
    with closing(sqlite3.connect(store)) as source, closing(sqlite3.connect(f"{store}.copy")) as target:
        source.backup(target)


def bring_back(store: str, planning: Planning) -> None:
    """Lose the store's file, and put the copy in its place where it is restored."""
    for name in (store, f"{store}-wal", f"{store}-shm"):
        Path(name).unlink(missing_ok=True)
    if planning.fate == "restored":
        shutil.copyfile(f"{store}.copy", store)
        Path(store).chmod(0o600)
