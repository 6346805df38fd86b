"""All exceptions of this package.

ConektaMcpError
├── ConfigurationError       a setting is wrong; raised at start, names the setting, never its value
└── Failure                  a tool call that did not succeed; carries what the agent gets to read
    ├── InvalidArguments     the arguments do not fit the schema; nothing was sent
    ├── UnknownTool          no such tool; nothing was sent
    ├── NotConfigured        no key to act with; nothing was sent
    ├── Forbidden            the operator's policy or a limit; nothing was sent
    ├── NotApproved          a person has to approve and did not; nothing was sent
    ├── IdempotencyConflict  the same key with other arguments, or an expired one; nothing was sent
    ├── PossibleDuplicate    an equal call was answered just before; nothing was sent
    ├── StoreUnavailable     store or audit cannot record a write first; nothing was sent
    │   └── AnswerUnrecorded a person's answer stands, and the audit log does not have it
    ├── CircuitOpen          Conekta failed too often just now; nothing was sent
    ├── RequestRefused       Conekta answered with an error
    │   └── ForeignRefusal   the error is not in Conekta's words
    ├── Unreachable          no complete answer came from Conekta
    ├── UnreadableAnswer     an answer came that is not what was asked for
    └── InternalError        a defect of this server
"""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

CODE_PREFIX = "conekta_mcp.errors."
"""The start of the codes of this server's own failures."""
MISSING = re.compile(r"\.resource_not_found\.(?!unknown_route)")
"""Part of the code of Conekta's 404 for an object, but not for an unknown route (conekta-api.md 2.2)."""
Outcome = Literal["not_applied", "applied", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One reason of a refusal, with the fields of conekta-api.md 2.1."""

    code: str | None = None
    message: str | None = None
    debug_message: str | None = None
    param: str | None = None


class ConektaMcpError(Exception):
    """The root of this package's exceptions."""


class ConfigurationError(ConektaMcpError):
    """A setting that cannot be used; the message names it and what to do."""


@dataclass(kw_only=True, eq=False)
class Failure(ConektaMcpError):
    """A tool call that did not succeed, with the fields of docs/errors.md."""

    type: str
    details: tuple[Detail, ...]
    http_status: int | None = None
    log_id: str | None = None
    retryable: bool = False
    retry_after_s: int | None = None
    outcome: Outcome | None = None
    hint: str | None = None
    created: dict[str, Any] = field(default_factory=dict)
    refused_by_status: bool = False
    """For an unknown outcome: the status says that nothing was carried out, but nobody's words do."""
    look: str | None = None
    """For an unknown outcome: the read that shows whether the write was applied."""
    idempotency_key: str | None = None
    """For an unknown outcome: a call with this key is settled and never applied twice."""
    repeated: bool = False
    """Whether it is the failure of an earlier call."""
    earlier: dict[str, Any] = field(default_factory=dict)
    """For a possible duplicate: Conekta's object in the answer of the equal call."""
    current: dict[str, Any] = field(default_factory=dict)
    """For a refused refund: the state of its order, just read."""
    preview: dict[str, Any] = field(default_factory=dict)
    """What a person has to see before the call is repeated: question, token, expires_at, note."""

    @property
    def is_missing_object(self) -> bool:
        """Tell whether Conekta says that the object does not exist; a gateway's 404 does not count."""
        return self.http_status == 404 and any(MISSING.search(one.code or "") for one in self.details)

    def __str__(self) -> str:
        first = self.details[0]
        return first.message or first.debug_message or self.type


class InvalidArguments(Failure):
    """The arguments do not fit the tool's schema."""


class UnknownTool(Failure):
    """There is no tool of that name."""


class NotConfigured(Failure):
    """There is no API key to act with."""


class Forbidden(Failure):
    """The operator's policy or a limit does not allow it: type policy_denied or limit_exceeded."""


@dataclass(kw_only=True, eq=False)
class NotApproved(Failure):
    """A person has to approve first: type consent_unavailable, _declined, _expired, _invalid or _preview."""

    decision: str | None = None
    """For the audit log, never for the model: who refused it and where."""


class IdempotencyConflict(Failure):
    """An idempotency key was reused with other arguments (idempotency_conflict), or too late (_expired)."""


class PossibleDuplicate(Failure):
    """An equal call without a key was answered just before: type possible_duplicate, with `earlier`."""


class StoreUnavailable(Failure):
    """The store or the audit log does not answer: type store_unavailable."""


class AnswerUnrecorded(StoreUnavailable):
    """A person's answer is stored and valid, but could not be written to the audit log."""


class CircuitOpen(Failure):
    """Conekta failed too often in a row for this account: type circuit_open, with retry_after_s."""


class RequestRefused(Failure):
    """Conekta answered with an error."""


class ForeignRefusal(RequestRefused):
    """An error that is not in Conekta's words: something on the way may have answered."""


class Unreachable(Failure):
    """No complete answer came from Conekta."""


class UnreadableAnswer(Failure):
    """The answer is not what was asked for: no JSON, no list, or another object."""


class InternalError(Failure):
    """A bug in this server; the cause is in the log."""
