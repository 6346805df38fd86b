"""Finds out, by reading only, what happened to lost writes, for the settle command."""

import json
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import anyio
from pydantic import ValidationError

from conekta_mcp.accounts.key_in_use import KeyInUse
from conekta_mcp.app import App
from conekta_mcp.audit.log import Entry
from conekta_mcp.audit.redaction import find_ids
from conekta_mcp.catalog import (
    Input,
    Sender,
    Tool,
    Verification,
    WriteHandler,
)
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.effects.write_plan import list_touched_ids
from conekta_mcp.errors import Failure, Outcome, StoreUnavailable
from conekta_mcp.storage.records import Claim
from conekta_mcp.writes.call import describe_loss
from conekta_mcp.writes.intents import QUIET_SECONDS
from conekta_mcp.writes.locks import hold_locks

log = logging.getLogger(__name__)

SHORTENED_ARGUMENT = re.compile(r'"sha256:[0-9a-f]{64}"')
SettlementReason = Literal[
    "read", "absent", "untold", "no_key", "no_tool", "shortened", "unreadable", "at_work", "busy", "taken"
]


@dataclass(frozen=True, kw_only=True)
class ReachableAccount:
    """An account whose key is at hand."""

    profile: str
    key: str
    """The fingerprint of its key."""
    sender: Sender = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What is known of one lost write now."""

    claim: Claim
    outcome: Outcome
    why: SettlementReason
    profile: str | None = None
    key: str | None = None
    """The fingerprint of the key that reads."""
    ids: tuple[str, ...] = ()
    amount: int | None = None
    """Centavos that its arguments name."""
    currency: str = "MXN"
    look: str | None = None
    """Where the outcome is unknown: the read call that shows whether it was applied."""
    again_at: float | None = None
    """Unix seconds; from then on settling again can find out more."""


async def load_accounts(app: App) -> dict[str, ReachableAccount]:
    """Return the accounts of the profiles by identity; raise ConfigurationError for a key of no use.

    Any key of a company settles what was lost with another one. A key's fingerprint names its account too:
    writes are kept under it where the company cannot be read.
    """
    found: dict[str, ReachableAccount] = {}
    for name in app.profiles.names:
        key, profile = app.profiles.read_key(name), app.profiles.find_profile(name)
        if key and profile:
            child = profile.child_company_id or app.settings.child_company_id
            asked = KeyInUse.from_key(key, app.conekta.get_account(key, child), child)
            account = ReachableAccount(profile=name, key=asked.fingerprint, sender=asked.sender)
            found[asked.fingerprint] = account
            if identity := await _read_identity(app, name, asked):
                found.setdefault(identity, account)
    return found


async def _read_identity(app: App, profile: str, key: KeyInUse) -> str | None:
    try:
        return (await app.identities.read_identity(key)).name
    except Failure as failure:
        log.warning("profile %s: only what was lost with this key can be settled: %s", profile, failure)
        return None


class Settler:
    """Settles the claims of one store with the keys at hand; it reads, and never sends a write."""

    def __init__(
        self,
        app: App,
        accounts: Mapping[str, ReachableAccount],
        tools: Mapping[str, Tool[Any]],
        care: Mapping[str, WriteHandler] = WRITE_HANDLERS,
    ) -> None:
        self._app, self._accounts, self._tools, self._care = app, accounts, tools, care
        self._intents = app.intents

    async def settle(self, standing: Claim) -> Settlement:
        """Find out what happened to one claim; raise StoreUnavailable if that cannot be recorded."""
        tool, account = self._tools.get(standing.tool), self._accounts.get(standing.account)
        arguments = rebuild_arguments(tool, standing) if tool else None
        care = self._care.get(standing.tool)
        told = _build_settlement(standing, tool, arguments, account, care)
        if account is None or tool is None or arguments is None or care is None:
            return replace(told, why=_find_obstacle(standing, tool if care else None, account))
        # Its lease has not ended: the process may still be sending it.
        if standing.state == "claimed" and self._app.clock() < standing.until:
            return replace(told, why="at_work", again_at=standing.until)
        try:
            owned = replace(standing, owner=secrets.token_hex(16))
            touches = list_touched_ids(care, arguments, json.loads(standing.witness))
            # Calls on the same objects wait: what is read here must not change meanwhile.
            async with hold_locks(self._intents, owned, touches):
                return await self._settle_by_reading(told, tool, arguments, account.sender)
        except StoreUnavailable:
            raise
        except Failure:
            return replace(told, why="busy")

    async def _settle_by_reading(
        self, told: Settlement, tool: Tool[Any], arguments: Input, sender: Sender
    ) -> Settlement:
        standing = told.claim
        taken = await self._intents.take_claim(standing, standing.owner)
        # Taking it is compare-and-swap: only one process settles a claim.
        if taken is None:
            return replace(told, why="taken")
        proof = Verification(outcome="unknown")

        async def verify(claim: Claim) -> Verification:
            nonlocal proof
            care = self._care[tool.name]
            if care.verify:
                proof = await care.verify(sender, arguments, describe_loss(claim))
            return proof

        try:
            # Without a resender: settling never sends the request again.
            done = await self._intents.settle(taken, standing.until, verify)
        except StoreUnavailable:
            raise
        except Failure:
            return _explain_unknown(told, tool, proof)
        finally:
            # If this is cancelled, the claim would otherwise stay taken until its lease ends.
            with anyio.CancelScope(shield=True):
                await self._release_claim(taken, standing)
        made = find_ids({"id": (proof.answer or {}).get("id")})
        told = replace(
            told,
            outcome="applied" if done else "not_applied",
            why="read",
            ids=tuple(dict.fromkeys((*told.ids, *made))),
            look=None,
        )
        await self._app.audit.record(_build_entry(told, arguments, self._app.clock()))
        return told

    async def _release_claim(self, taken: Claim, standing: Claim) -> None:
        """Return the claim to others if settling it was cut off; one that is settled stays as it is."""
        await self._intents.store.replace(taken, replace(taken, state="unknown", until=standing.until))


def rebuild_arguments(tool: Tool[Any], claim: Claim) -> Input | None:
    """Return a claim's arguments as its tool reads them; None where they were shortened or no longer fit."""
    if SHORTENED_ARGUMENT.search(claim.arguments):
        return None
    try:
        arguments: Input = tool.input.model_validate_json(claim.arguments)
    except ValidationError:
        return None
    return arguments


def _build_settlement(
    claim: Claim,
    tool: Tool[Any] | None,
    arguments: Input | None,
    account: ReachableAccount | None,
    care: WriteHandler | None,
) -> Settlement:
    kept = json.loads(claim.arguments)
    return Settlement(
        claim=claim,
        outcome="unknown",
        why="untold",
        profile=account.profile if account else None,
        key=account.key if account else None,
        ids=find_ids(kept),
        amount=care.compute_effect(arguments, None).amount if care and arguments else None,
        currency=str(kept.get("currency") or "MXN"),
        look=tool.settled_by if tool else None,
    )


def _find_obstacle(
    claim: Claim, tool: Tool[Any] | None, account: ReachableAccount | None
) -> SettlementReason:
    if account is None:
        return "no_key"
    if tool is None:
        return "no_tool"
    return "shortened" if SHORTENED_ARGUMENT.search(claim.arguments) else "unreadable"


def _explain_unknown(told: Settlement, tool: Tool[Any], proof: Verification) -> Settlement:
    if proof.outcome == "not_applied":
        return replace(told, why="absent", again_at=told.claim.until + QUIET_SECONDS)
    return replace(told, why="untold", look=proof.lookup or tool.settled_by)


def _build_entry(told: Settlement, arguments: Input, now: float) -> Entry:
    claim = told.claim
    return Entry(
        event="result",
        at=now,
        call=claim.owner,
        tool=claim.tool,
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        account=told.key or claim.account,
        profile=told.profile,
        client="conekta-mcp settle",
        ids=told.ids,
        amount=told.amount,
        currency=told.currency if told.amount is not None else None,
        idempotency_key=claim.key,
        outcome=told.outcome,
    )
