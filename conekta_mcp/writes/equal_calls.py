"""Finds calls without a key that equal one of the last minutes: is it a repeat, or wanted twice?"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import normalize

import anyio
import anyio.lowlevel

from conekta_mcp.catalog import Effect, EffectKind, Input, Operation, Tool
from conekta_mcp.consent.client import Client
from conekta_mcp.effects.question_text import BilingualText, format_id
from conekta_mcp.effects.write_plan import has_same_content
from conekta_mcp.errors import Unreachable
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.storage.records import UNSETTLED_STATES, Claim
from conekta_mcp.writes.idempotency import WriteResult, replay_answer
from conekta_mcp.writes.intents import ClaimSettler, Intents
from conekta_mcp.writes.unsettled import build_lost_duplicate, build_possible_duplicate

LOST_SECONDS = 86_400.0
"""How long a lost write blocks equal calls: its object could be mistaken for theirs."""
ONCE_KINDS = frozenset({EffectKind.CHARGE, EffectKind.REFUND, EffectKind.PAYOUT, EffectKind.MESSAGE})
"""Kinds of which an equal call needs a new key: they move money or send something to a person."""

NOUNS: Mapping[str, BilingualText] = {
    "order": ("orden", "order"),
    "checkout": ("link de pago", "payment link"),
    "customer": ("cliente", "customer"),
    "payment_source": ("forma de pago", "payment source"),
    "plan": ("plan", "plan"),
    "subscription": ("suscripción", "subscription"),
    "charge": ("cargo", "charge"),
}
"""The name of what a call made, by the type of Conekta's object."""
EXACT_FIELDS = frozenset({"metadata"})
"""Fields that a merchant writes for programs: capitals and blanks matter there."""
CASELESS_FIELDS = frozenset({"email", "country"})
PHONE_FIELDS = frozenset({"phone", "phonenumber"})
MEXICAN_PHONE = re.compile(r"(?:\+?521?)?([0-9]{10})")
"""A Mexican number, with or without country code and the 1 that mobiles had before 2019."""


def fingerprint_call(tool: Tool[Any], arguments: Input) -> str:
    """Return a digest of what a call asks of Conekta, independent of spelling and of the tool used.

    Only differences that Conekta ignores are ignored. A change is compared as it is written, because an empty
    list or a capital letter may be the whole change.
    """
    if isinstance(tool.loaded, Operation):
        endpoint = tool.loaded.equal_endpoint or tool.loaded.endpoint
        route, body = f"{endpoint.method} {endpoint.template}", arguments.payload()
        if endpoint.method == "POST":
            assumed = arguments.assumed_values
            body = {name: one for name, one in body.items() if name not in assumed or one != assumed[name]}
            body = _normalize(body)
    else:
        route, body = tool.name, arguments.model_dump(mode="json", exclude_none=True)
    return hashlib.sha256(f"{route} {_write(body)}".encode()).hexdigest()


@dataclass(frozen=True)
class EqualClaims:
    """The claims of equal calls, newest first."""

    relevant: list[Claim]
    """The claims that this call may repeat: done just now, or lost."""
    done: Claim | None
    """The newest one that was done within a day; the question mentions it."""

    def find_done(self, effect: Effect) -> Claim | None:
        """Return the finished claim to mention; None if it sent something else than `effect` would."""
        return self.done if self.done and sends_same(self.done, effect) else None


async def find_equal_claims(intents: Intents, wanted: Claim) -> EqualClaims:
    now = await intents.store.read_time()
    found = await intents.store.list_equal(wanted.account, wanted.fingerprint, now - LOST_SECONDS)
    others = [one for one in found if one.place != wanted.place]
    # A whole day, so that the question does not change while a person is reading it.
    done = next((one for one in others if one.state == "done"), None) if intents.duplicate_window else None
    return EqualClaims([one for one in others if _is_relevant(one, now, intents.duplicate_window)], done)


def describe_equal_call(done: Claim, times: LocalTimes) -> dict[str, str]:
    """Return a text for the question, by language: an equal call was made, when, and what it created."""
    made = _read_object(done)
    spanish, english = NOUNS.get(str(made.get("object")), ("", ""))
    return {
        "es": (
            f"OJO: ya se hizo una igual el {times.format_second(done.at, 'es')}"
            f"{_name_object(made, spanish)}. Si apruebas, se hace otra vez."
        ),
        "en": (
            f"NOTE: an equal one was made on {times.format_second(done.at, 'en')}"
            f"{_name_object(made, english)}. If you approve, it is done once more."
        ),
    }


async def answer_for_abandoned(
    intents: Intents, wanted: Claim, equal: list[Claim], settle: ClaimSettler, client: Client, *, keyed: bool
) -> WriteResult | None:
    """Return the answer of an equal call that its caller never saw: it was lost, or the caller left.

    Called while the locks of `wanted` are held, so that no equal call runs.

    Raises:
        Unreachable: it is not known how a lost one ended; its key settles it later.
    """
    for one in equal:
        is_same_tool = one.tool == wanted.tool
        if one.state not in UNSETTLED_STATES:
            # Another tool's answer may have another form, so its call counts as answered.
            if one.is_abandoned and is_same_tool and not keyed:
                return await _hand_over(intents, one, client)
            continue
        # It is settled by the arguments that it was made with, by who repeats it: another spelling or tool
        # would look for what was never sent.
        if not is_same_tool or one.arguments != wanted.arguments:
            raise build_lost_duplicate(one.tool, one.key)
        try:
            ended = await intents.settle_if_lost(one, wanted.owner, settle)
        except Unreachable:
            raise build_lost_duplicate(one.tool, one.key) from None
        if ended is None:
            raise build_lost_duplicate(one.tool, one.key)
        if ended.state == "done" and not keyed:
            return await _hand_over(intents, ended, client)
    return None


async def _hand_over(intents: Intents, done: Claim, client: Client) -> WriteResult:
    """Return the answer of an earlier call; a further equal call is then a new intent.

    Unless this caller has gone too: the next one gets the answer.
    """
    handed = replace(done, is_abandoned=client.has_departed)
    with anyio.CancelScope(shield=True):
        if handed != done:
            await intents.store.replace(done, handed)
    try:
        await anyio.lowlevel.checkpoint_if_cancelled()
    except anyio.get_cancelled_exc_class():
        with anyio.CancelScope(shield=True):
            await intents.store.replace(handed, replace(handed, is_abandoned=True))
        raise
    return replay_answer(handed)


async def note_equal_call(intents: Intents, equal: list[Claim], effect: Effect) -> dict[str, Any] | None:
    """Return a note about an equal call made just before, for the answer; None if there was none.

    Raises:
        PossibleDuplicate: this kind of call is not made twice without a new key.
    """
    done = next((one for one in equal if one.state == "done" and sends_same(one, effect)), None)
    if done is None:
        return None
    seconds_ago = round(await intents.store.read_time() - done.at)
    if is_made_once(effect):
        raise build_possible_duplicate(_read_object(done), seconds_ago)
    return {"id": _read_object(done).get("id"), "seconds_ago": seconds_ago}


def sends_same(done: Claim, effect: Effect) -> bool:
    """Tell whether an equal call sent the same as this one: a link's price may have changed since."""
    return has_same_content(json.loads(done.witness), effect.state_before)


def is_made_once(effect: Effect) -> bool:
    """Tell whether a repeat needs a key of its own: the call moves money or sends something."""
    return effect.kind in ONCE_KINDS


def _is_relevant(claim: Claim, now: float, window: float) -> bool:
    if claim.state == "done":
        return now - claim.at < window
    # A request that no read found may still arrive; a refused or unsent one cannot.
    return claim.state in UNSETTLED_STATES or claim.settled_by == "reading"


def _name_object(made: Mapping[str, Any], noun: str) -> str:
    return f": {noun} {format_id(made['id'])}".replace("  ", " ") if made.get("id") else ""


def _read_object(claim: Claim) -> dict[str, Any]:
    """Return Conekta's object of a finished claim, or what its failure says was created."""
    answer = json.loads(claim.answer)
    shown: dict[str, Any] = answer["failure"]["created"] if "failure" in answer else answer["raw"]
    return shown


def _normalize(value: Any, name: str = "", *, is_payer: bool = False) -> Any:
    """Return the value of the field `name` without differences that Conekta ignores.

    The order of a list is one: lines are added up, and methods are a set.
    """
    if isinstance(value, Mapping):
        inner = {
            key: _normalize_field(key, one, is_payer=name == "customer_info") for key, one in value.items()
        }
        return {key: one for key, one in inner.items() if one not in ("", [], {})}
    if isinstance(value, list | tuple):
        return sorted((_normalize(one) for one in value), key=_write)
    return _normalize_text(value, name, is_payer=is_payer) if isinstance(value, str) else value


def _normalize_field(name: str, value: Any, *, is_payer: bool) -> Any:
    return value if name in EXACT_FIELDS else _normalize(value, name, is_payer=is_payer)


def _normalize_text(text: str, name: str, *, is_payer: bool) -> str:
    text = normalize("NFC", text.strip())
    if name in PHONE_FIELDS:
        number = re.sub("[^0-9+]", "", text)
        mexican = MEXICAN_PHONE.fullmatch(number)
        return mexican[1] if mexican else number
    if name in CASELESS_FIELDS:
        return text.casefold()
    return " ".join(text.casefold().split()) if is_payer and name == "name" else text


def _write(value: Any) -> str:
    return json.dumps(_unify_numbers(value), sort_keys=True)


def _unify_numbers(value: Any) -> Any:
    """Return JSON with integral numbers as integers: 5.0 becomes 5."""
    if isinstance(value, Mapping):
        return {key: _unify_numbers(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_unify_numbers(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
