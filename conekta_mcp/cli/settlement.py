"""What became of writes that were lost, found out by reading, for conekta-mcp settle."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import anyio
from pydantic import ValidationError

from conekta_mcp.accounts.active_account import account_name
from conekta_mcp.app import App
from conekta_mcp.audit.log import Entry
from conekta_mcp.audit.redaction import ids_in
from conekta_mcp.catalog import (
    Care,
    Input,
    Proof,
    Sender,
    Tool,
)
from conekta_mcp.domains.all_writes import CARE, amount_of
from conekta_mcp.errors import Failure, Outcome, StoreDown
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.intents import QUIET_SECONDS

SHORTENED = re.compile(r'"sha256:[0-9a-f]{64}"')
Why = Literal[
    "read", "absent", "untold", "no_key", "no_tool", "shortened", "unreadable", "at_work", "busy", "taken"
]


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account whose key is at hand."""

    profile: str
    sender: Sender = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is known of one lost write now."""

    claim: Claim
    outcome: Outcome
    why: Why
    profile: str | None = None
    ids: tuple[str, ...] = ()
    amount: int | None = None
    """Centavos that its arguments name."""
    currency: str = "MXN"
    look: str | None = None
    """The exact call that will tell, where the outcome is unknown."""
    again_at: float | None = None
    """Unix seconds from which on settling again tells more."""


def accounts_of(app: App) -> dict[str, Account]:
    """Give the accounts of the profiles, by fingerprint.

    Raises:
        ConfigurationError: a key cannot be used.
    """
    found: dict[str, Account] = {}
    for name in app.profiles.names:
        key, profile = app.profiles.key(name), app.profiles.named(name)
        if key and profile:
            child = profile.child_company_id or app.settings.child_company_id
            found[account_name(key, child)] = Account(profile=name, sender=app.conekta.account(key, child))
    return found


class Settling:
    """Settles the claims of one store with the keys at hand; it reads, and never sends a write."""

    def __init__(
        self,
        app: App,
        accounts: Mapping[str, Account],
        tools: Mapping[str, Tool[Any]],
        care: Mapping[str, Care] = CARE,
    ) -> None:
        self._app, self._accounts, self._tools, self._care = app, accounts, tools, care
        self._intents = app.intents

    async def settle(self, standing: Claim) -> Told:
        """Find out what became of one claim.

        Raises:
            StoreDown: what was found cannot be noted.
        """
        tool, account = self._tools.get(standing.tool), self._accounts.get(standing.account)
        arguments = rebuilt(tool, standing) if tool else None
        told = _known(standing, tool, arguments, account)
        if account is None or tool is None or arguments is None:
            return replace(told, why=_hindered(standing, tool, account))
        if standing.state == "claimed" and self._app.clock() < standing.until:
            return replace(told, why="at_work", again_at=standing.until)
        try:
            async with self._intents.turn(replace(standing, owner=secrets.token_hex(16)), arguments):
                return await self._read(told, tool, arguments, account.sender)
        except StoreDown:
            raise
        except Failure:
            return replace(told, why="busy")

    async def _read(self, told: Told, tool: Tool[Any], arguments: Input, sender: Sender) -> Told:
        standing = told.claim
        taken = await self._intents.take(standing, standing.owner)
        if taken is None:
            return replace(told, why="taken")
        proof = Proof(outcome="unknown")

        async def prove(claim: Claim) -> Proof:
            nonlocal proof
            care = self._care.get(tool.name)
            if care and care.prove:
                proof = await care.prove(sender, arguments, json.loads(claim.witness))
            return proof

        try:
            done = await self._intents.settle(taken, standing.until, prove)
        except StoreDown:
            raise
        except Failure:
            return _untold(told, tool, proof)
        finally:
            with anyio.CancelScope(shield=True):
                await self._give_back(taken, standing)
        made = ids_in({"id": (proof.answer or {}).get("id")})
        told = replace(
            told,
            outcome="applied" if done else "not_applied",
            why="read",
            ids=tuple(dict.fromkeys((*told.ids, *made))),
            look=None,
        )
        await self._app.audit.record(_record(told, arguments, self._app.clock()))
        return told

    async def _give_back(self, taken: Claim, standing: Claim) -> None:
        """Let others settle what was taken, should settling it have been torn off."""
        await self._intents.store.replace(taken, replace(taken, state="unknown", until=standing.until))


def rebuilt(tool: Tool[Any], claim: Claim) -> Input | None:
    """Give the arguments of a claim as its tool reads them; None where they were not kept whole."""
    if SHORTENED.search(claim.arguments):
        return None
    try:
        arguments: Input = tool.input.model_validate_json(claim.arguments)
    except ValidationError:
        return None
    return arguments


def _known(claim: Claim, tool: Tool[Any] | None, arguments: Input | None, account: Account | None) -> Told:
    kept = json.loads(claim.arguments)
    return Told(
        claim=claim,
        outcome="unknown",
        why="untold",
        profile=account.profile if account else None,
        ids=ids_in(kept),
        amount=amount_of(claim.tool, arguments) if arguments else None,
        currency=str(kept.get("currency") or "MXN"),
        look=tool.settled_by if tool else None,
    )


def _hindered(claim: Claim, tool: Tool[Any] | None, account: Account | None) -> Why:
    if account is None:
        return "no_key"
    if tool is None:
        return "no_tool"
    return "shortened" if SHORTENED.search(claim.arguments) else "unreadable"


def _untold(told: Told, tool: Tool[Any], proof: Proof) -> Told:
    if proof.outcome == "not_applied":
        return replace(told, why="absent", again_at=told.claim.until + QUIET_SECONDS)
    return replace(told, why="untold", look=proof.look or tool.settled_by)


def _record(told: Told, arguments: Input, now: float) -> Entry:
    claim = told.claim
    return Entry(
        event="result",
        at=now,
        call=claim.owner,
        tool=claim.tool,
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        account=claim.account,
        profile=told.profile,
        client="conekta-mcp settle",
        ids=told.ids,
        amount=told.amount,
        currency=told.currency if told.amount is not None else None,
        idempotency_key=claim.key,
        outcome=told.outcome,
    )
