"""A call without a key that equals one of the last minutes: the same call again, or wanted once more?"""

import json
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import Effect, EffectKind
from conekta_mcp.errors import Unreachable
from conekta_mcp.storage.records import UNSETTLED_STATES, Claim
from conekta_mcp.writes.idempotency import WriteResult, replay_answer
from conekta_mcp.writes.intents import ClaimSettler, Intents
from conekta_mcp.writes.unsettled import build_lost_duplicate, build_possible_duplicate

LOST_SECONDS = 86_400.0
"""How long a lost write holds equal ones back: what they made could be taken for its own."""
ONCE_KINDS = frozenset({EffectKind.CHARGE, EffectKind.REFUND, EffectKind.PAYOUT, EffectKind.MESSAGE})
"""Kinds of which an equal call is not made without a new key: they take or give money, or reach a person."""


async def find_equal_claims(intents: Intents, wanted: Claim) -> list[Claim]:
    """Return the claims of equal calls that may matter, newest first: done just now, or lost."""
    now = await intents.store.read_time()
    found = await intents.store.list_equal(wanted.account, wanted.fingerprint, now - LOST_SECONDS)
    return [
        one for one in found if one.place != wanted.place and _is_relevant(one, now, intents.duplicate_window)
    ]


async def answer_for_abandoned(
    intents: Intents, wanted: Claim, equal: list[Claim], settle: ClaimSettler, *, keyed: bool
) -> WriteResult | None:
    """Return the answer of an equal call that nobody was told: lost, or its caller had gone.

    Called while the locks of `wanted` are held, so that no equal call is being made.

    Raises:
        Unreachable: what became of a lost one is not known; its key settles it later.
    """
    for one in equal:
        if one.state not in UNSETTLED_STATES:
            if one.is_abandoned and not keyed:
                # From now on it has been told: the same wish once more is another one.
                await intents.store.replace(one, replace(one, is_abandoned=False))
                return replay_answer(one)
            continue
        try:
            ended = await intents.settle_if_lost(one, wanted.owner, settle)
        except Unreachable:
            raise build_lost_duplicate(one.key) from None
        if ended is None:
            raise build_lost_duplicate(one.key)
        if ended.state == "done" and not keyed:
            return replay_answer(ended)
    return None


async def note_equal_call(intents: Intents, equal: list[Claim], effect: Effect) -> dict[str, Any] | None:
    """Return what an equal call made just before, for the answer; None where there was none.

    Raises:
        PossibleDuplicate: this kind of call is not made twice without a new key.
    """
    done = next((one for one in equal if one.state == "done"), None)
    if done is None:
        return None
    seconds_ago = round(await intents.store.read_time() - done.at)
    if is_made_once(effect):
        raise build_possible_duplicate(_read_object(done), seconds_ago)
    return {"id": _read_object(done).get("id"), "seconds_ago": seconds_ago}


def is_made_once(effect: Effect) -> bool:
    """Return whether an equal call has to be told apart by a key: money moves, or something is sent."""
    return effect.kind in ONCE_KINDS


def _is_relevant(claim: Claim, now: float, window: float) -> bool:
    if claim.state == "done":
        return now - claim.at < window
    # What reading did not find may still arrive; what Conekta refused, or never left, does not.
    return claim.state in UNSETTLED_STATES or claim.settled_by == "reading"


def _read_object(claim: Claim) -> dict[str, Any]:
    """Return Conekta's object of a done claim, or what a failure says was created."""
    answer = json.loads(claim.answer)
    shown: dict[str, Any] = answer["failure"]["created"] if "failure" in answer else answer["raw"]
    return shown
