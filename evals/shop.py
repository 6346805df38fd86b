"""The sandbox of a run: seeded over HTTP as a shop would, and read from its ledger."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.core.account import Account
from conekta_mcp.sandbox.running import serve_sandbox
from evals.paths import fill
from evals.task import START, Json, Seed

MEXICO_CITY = ZoneInfo("America/Mexico_City")
KEY = "key_evals"
SEED = 12
DERIVED = frozenset({"event", "webhook_delivery", "webhook_attempt", "log", "transaction", "token"})
"""Kinds that follow from others, or that nobody asks for."""

State = dict[tuple[str, str], Json]
"""Records by kind and id."""


@dataclass(frozen=True)
class Shop:
    url: str
    account: Account
    http: httpx.Client

    def seed(self, seeds: tuple[Seed, ...]) -> dict[str, Any]:
        """Empty the shop, send the seeds, and return what they are named for."""
        self._send("POST", "/_sandbox/reset", {})
        # Made at the first look, which the server takes before its first write.
        self._send("GET", "/companies/current", {})
        kept: dict[str, Any] = {}
        for one in seeds:
            answer = self._send(one.method, fill(one.path, kept), fill(one.body, kept), one.declined)
            if one.name:
                kept[one.name] = answer
        return kept

    def _send(self, method: str, path: str, body: Json, declined: bool = False) -> Json:
        answer = self.http.request(method, path, json=body or None)
        if answer.status_code != (402 if declined else 200):
            raise ValueError(f"seed {path}: {answer.status_code} {answer.text}")
        content: Json = answer.json()
        return content["data"] if declined else content

    def read_time(self) -> str:
        return datetime.fromtimestamp(self.account.now(), MEXICO_CITY).strftime("%A %d %B %Y, %H:%M")

    def read_state(self) -> State:
        """Return every record of the account but what is derived of others."""
        kinds = self.account.ledger.execute(
            "SELECT DISTINCT kind FROM records WHERE account = ?", (self.account.fingerprint,)
        )
        return {
            (kind, record["id"]): record
            for (kind,) in kinds
            if kind not in DERIVED and not kind.startswith("sandbox_")
            for record in self.account.list_all(kind)
        }


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Serve a sandbox on loopback whose clock stands at START until a seed moves it."""
    ledger = Ledger(clock=lambda: START, seed=SEED)
    try:
        with serve_sandbox(ledger) as running:
            headers = {"Authorization": f"Bearer {KEY}"}
            with httpx.Client(base_url=running.url, headers=headers, trust_env=False, timeout=30) as http:
                yield Shop(running.url, Account(ledger, hashlib.sha256(KEY.encode()).hexdigest()), http)
    finally:
        ledger.close()
