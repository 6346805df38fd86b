"""Finds out what happened to lost writes by reading, for the settle command."""

import json
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import anyio
from pydantic import ValidationError

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
from conekta_mcp.cli.diagnosis.reachable_accounts import ReachableAccount
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.effects.write_plan import list_touched_ids
from conekta_mcp.errors import Failure, Outcome, StoreUnavailable
from conekta_mcp.storage.records import UNSETTLED_STATES, Claim
from conekta_mcp.writes.locks import hold_locks
from conekta_mcp.writes.settling import ABSENCE_SECONDS, QUIET_SECONDS, LostCall
from conekta_mcp.writes.settling import Settler as ClaimSettler

log = logging.getLogger(__name__)

SHORTENED_ARGUMENT = re.compile(r'"sha256:[0-9a-f]{64}"')
SettlementReason = Literal[
    "read",
    "person",
    "absent",
    "untold",
    "no_key",
    "no_tool",
    "shortened",
    "unreadable",
    "at_work",
    "busy",
    "taken",
]


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What is now known of one lost write."""

    claim: Claim
    outcome: Outcome
    why: SettlementReason
    profile: str | None = None
    key: str | None = None
    """The fingerprint of the key that reads."""
    ids: tuple[str, ...] = ()
    amount: int | None = None
    """Centavos in its arguments."""
    currency: str = "MXN"
    look: str | None = None
    """For an unknown outcome: the read that shows whether it was applied."""
    again_at: float | None = None
    """Unix seconds from which settling again may find out more."""


class Settler:
    """Settles the claims of one store with the available keys; it reads, and never sends a write."""

    def __init__(
        self,
        app: App,
        accounts: Mapping[str, ReachableAccount],
        tools: Mapping[str, Tool[Any]],
        handlers: Mapping[str, WriteHandler] = WRITE_HANDLERS,
    ) -> None:
        self._app, self._accounts, self._tools, self._handlers = app, accounts, tools, handlers
        self._intents = app.intents

    async def settle(self, standing: Claim) -> Settlement:
        """Find out what happened to one claim; raise StoreUnavailable if that cannot be recorded."""
        tool, account = self._tools.get(standing.tool), self._accounts.get(standing.account)
        arguments = rebuild_arguments(tool, standing) if tool else None
        handler = self._handlers.get(standing.tool)
        told = _build_settlement(standing, tool, arguments, account, handler)
        if account is None or tool is None or arguments is None or handler is None:
            return replace(told, why=_find_obstacle(standing, tool if handler else None, account))
        # Its lease has not ended: the process may still be sending it.
        if standing.state == "claimed" and await self._app.store.read_time() < standing.until:
            return replace(told, why="at_work", again_at=standing.until)
        try:
            owned = replace(standing, owner=secrets.token_hex(16))
            touches = list_touched_ids(handler, arguments, json.loads(standing.witness))
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
        taken = await self._intents.take_claim(standing, secrets.token_hex(16))
        # Taking it is compare-and-swap: only one process settles a claim.
        if taken is None:
            return replace(told, why="taken")
        verification = Verification(outcome="unknown")

        async def verify(claim: Claim) -> Verification:
            nonlocal verification
            handler, key = self._handlers[tool.name], told.key or ""
            read_mode = partial(self._app.identities.modes.get_known_mode, key)
            lost = LostCall(self._intents, handler, tool, arguments, sender, key, read_mode)
            verification = await lost.verify(claim)
            return verification

        try:
            # Without a resender: settling never sends the request again.
            makes = self._handlers[tool.name].makes_object
            settler = ClaimSettler(intents=self._intents, verify=verify, makes_object=makes)
            ended = await settler.settle(taken, standing.until)
        except StoreUnavailable:
            raise
        except Failure:
            return _explain_unknown(told, tool, verification)
        finally:
            # If this is cancelled, the claim would otherwise stay taken until its lease ends.
            with anyio.CancelScope(shield=True):
                await self._release_claim(taken, standing)
        told = replace(
            told,
            outcome="applied" if ended.state == "done" else "not_applied",
            why="read",
            ids=tuple(dict.fromkeys((*told.ids, *ended.made))),
            look=None,
        )
        await self._app.audit.record(_build_entry(told, arguments, self._app.clock(), settled_by="reading"))
        return told

    async def settle_by_word(self, standing: Claim, outcome: Outcome, why: str) -> Settlement:
        """Store what a person says about a lost claim; nothing is sent.

        Before "not_applied" it is read once more, since the call may then be made again: what reading shows
        outweighs a word.
        """
        if outcome == "not_applied":
            read = await self.settle(standing)
            if read.outcome != "unknown" or read.why in {"at_work", "busy", "taken"}:
                return read
            standing = await self._app.store.find(standing.place) or standing
            if standing.state not in UNSETTLED_STATES:
                return replace(read, why="taken")
        tool = self._tools.get(standing.tool)
        arguments = rebuild_arguments(tool, standing) if tool else None
        account = self._accounts.get(standing.account)
        told = _build_settlement(standing, tool, arguments, account, self._handlers.get(standing.tool))
        if standing.state == "claimed" and await self._app.store.read_time() < standing.until:
            return replace(told, why="at_work", again_at=standing.until)
        taken = await self._intents.take_claim(standing, secrets.token_hex(16))
        if not (taken and await self._intents.settle_by_person(taken, applied=outcome == "applied")):
            return replace(told, why="taken")
        told = replace(told, outcome=outcome, why="person", look=None)
        entry = _build_entry(told, arguments, self._app.clock(), settled_by="person")
        await self._app.audit.record(replace(entry, why=why))
        return told

    async def _release_claim(self, taken: Claim, standing: Claim) -> None:
        """Return the claim to other processes if settling was interrupted."""
        await self._intents.store.replace(taken, replace(taken, state="unknown", until=standing.until))


def rebuild_arguments(tool: Tool[Any], claim: Claim) -> Input | None:
    """Return the arguments of a claim as its tool parses them; None if they were shortened."""
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
    handler: WriteHandler | None,
) -> Settlement:
    kept = json.loads(claim.arguments)
    return Settlement(
        claim=claim,
        outcome="unknown",
        why="untold",
        profile=account.profile if account else None,
        key=account.key if account else None,
        ids=find_ids(kept),
        amount=handler.compute_effect(arguments, None).amount if handler and arguments else None,
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
        since = told.claim.absent_since
        again_at = told.claim.until + QUIET_SECONDS if since is None else since + ABSENCE_SECONDS
        return replace(told, why="absent", again_at=again_at)
    return replace(told, why="untold", look=proof.lookup or tool.settled_by)


def _build_entry(told: Settlement, arguments: Input | None, now: float, *, settled_by: str) -> Entry:
    claim = told.claim
    return Entry(
        event="settlement",
        at=now,
        call=claim.call,
        tool=claim.tool,
        settled_by=settled_by,
        arguments=arguments.model_dump(mode="json", exclude_none=True) if arguments else {},
        account=told.key or claim.account,
        profile=told.profile,
        client="conekta-mcp settle",
        ids=told.ids,
        amount=told.amount,
        currency=told.currency if told.amount is not None else None,
        idempotency_key=claim.key,
        outcome=told.outcome,
    )
