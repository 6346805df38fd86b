"""What a claim keeps of its call and what a repeat of it is given; how an intent's key goes to Conekta."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from conekta_mcp.catalog import Input, Request, Sender
from conekta_mcp.errors import Detail, Failure, RequestRefused
from conekta_mcp.redaction import redact, redact_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conekta_mcp.storage.records import Claim

Json = dict[str, Any]
MAX_ARGUMENT_LENGTH = 4000


@dataclass(frozen=True)
class WriteResult:
    """A write that was applied."""

    raw: Json
    """Conekta's object."""
    settled: str = ""
    """How a lost answer was found applied, in the words of `Claim.settled_by`."""
    repeated: bool = False
    """Whether it is the answer of an earlier call."""
    equal_call: Json | None = None
    """The id of the object that an equal call made just before, and how many seconds ago."""


class IdempotentSender:
    """Sends requests that belong to no intent, such as reads, with the key of the caller."""

    def __init__(self, api: Sender, account: str, tool: str, key: str) -> None:
        # Imported here: the path of a write is imported by the first write, not at the start.
        from conekta_mcp.writes.intent_sender import digest_key

        self._api = api
        self._key = digest_key(account, tool, key)

    async def send(self, request: Request) -> Json:
        """Send `request` as the account of the call."""
        keyed = replace(request, idempotency_key=self._key) if request.accepts_key else request
        return await self._api.send(keyed)


def to_failure_json(failure: Failure) -> Json:
    kept = {one.name: getattr(failure, one.name) for one in fields(failure)}
    return {**kept, "details": [vars(detail) for detail in failure.details]}


def build_failure_answer(failure: Failure) -> dict[str, Any]:
    """Return the answer of a claim that was applied but is reported as a failure, such as a decline."""
    return {"failure": to_failure_json(failure)}


def build_raw_answer(raw: Mapping[str, Any], *, settled: bool) -> dict[str, Any]:
    return {"raw": redact_object(dict(raw)), "settled": settled}


def replay_answer(claim: Claim) -> WriteResult:
    """Return the stored answer of a finished intent, for a repeat of it.

    Raises:
        Failure: the failure that the intent ended with.
    """
    answer = json.loads(claim.answer)
    if "failure" in answer:
        failure = answer["failure"]
        details = tuple(Detail(**detail) for detail in failure["details"])
        raise RequestRefused(**{**failure, "details": details, "repeated": True})
    settled = (claim.settled_by or "reading") if answer.get("settled") else ""
    return WriteResult(answer["raw"], settled=settled, repeated=True)


def to_canonical_json(arguments: Input) -> str:
    """Write the tool's own arguments as JSON, the same for the same; what is huge or secret is a digest."""
    whole = arguments.model_dump(mode="json", exclude_none=True)
    return json.dumps({name: _shorten_value(value) for name, value in whole.items()}, sort_keys=True)


def _shorten_value(value: Any) -> Any:
    if isinstance(value, str) and (len(value) > MAX_ARGUMENT_LENGTH or redact(value) != value):
        return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    if isinstance(value, list):
        return [_shorten_value(item) for item in value]
    return {name: _shorten_value(item) for name, item in value.items()} if isinstance(value, dict) else value
