"""What a finished claim keeps and what a repeat of it is given; how an intent's key goes to Conekta."""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import Any

from conekta_mcp.catalog import Request, Sender
from conekta_mcp.errors import Detail, Failure, RequestRefused
from conekta_mcp.storage.records import Claim

Json = dict[str, Any]


@dataclass(frozen=True)
class WriteResult:
    """A write that was applied."""

    raw: Json
    """Conekta's object."""
    settled: bool = False
    """Whether the answer was lost, and reading showed that it was applied."""


class IdempotentSender:
    """Sends with the Idempotency-Key of an intent where Conekta takes one."""

    def __init__(self, api: Sender, tool: str, key: str) -> None:
        self._api = api
        self._key = hashlib.sha256(f"{tool} {key}".encode()).hexdigest()[:40]

    async def send(self, request: Request) -> Json:
        """Send `request` as the account of the call."""
        keyed = replace(request, idempotency_key=self._key) if request.accepts_key else request
        return await self._api.send(keyed)


def to_failure_json(failure: Failure) -> Json:
    """Give a failure as JSON."""
    kept = {one.name: getattr(failure, one.name) for one in fields(failure)}
    return {**kept, "details": [vars(detail) for detail in failure.details]}


def replay_answer(claim: Claim) -> WriteResult:
    """Give the answer that a repeat of a finished intent gets.

    Raises:
        Failure: the one that it ended with.
    """
    answer = json.loads(claim.answer)
    if "failure" in answer:
        failure = answer["failure"]
        raise RequestRefused(
            **{**failure, "details": tuple(Detail(**detail) for detail in failure["details"])}
        )
    return WriteResult(answer["raw"], settled=bool(answer.get("settled")))
