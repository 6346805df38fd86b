"""Records every write before and after it is sent, and every refused write."""

import contextlib
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from conekta_mcp.audit.redaction import redact_arguments
from conekta_mcp.errors import ConektaMcpError, Detail, Failure, StoreUnavailable
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.redaction import redact
from conekta_mcp.storage.records import Record

Event = Literal["intent", "result", "refusal", "settlement", "sign_in", "decision"]
MUST_BE_RECORDED: frozenset[Event] = frozenset({"intent", "sign_in", "decision"})
"""Events that are refused if they cannot be recorded."""
MAX_WORD_LENGTH = 80

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One audit record; `as_record` returns its stored form."""

    event: Event
    at: float
    """Unix seconds."""
    call: str
    """A random id that the intent and the result of one call share."""
    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    account: str | None = None
    """The fingerprint of the acting key."""
    profile: str | None = None
    mode: str | None = None
    """test, live, sandbox or unknown."""
    client: str | None = None
    """Name and version, as the MCP client reports them."""
    ids: tuple[str, ...] = ()
    amount: int | None = None
    """Centavos that the call would move."""
    currency: str | None = None
    consent: str | None = None
    """not_due, approved, declined, unavailable, expired, invalid or preview; with the person and place."""
    rule: str | None = None
    """The rule of the policy that decided."""
    idempotency_key: str | None = field(default=None, repr=False)
    outcome: str | None = None
    """applied, not_applied, unknown or refused; for sign-ins signed_in, refused, locked_out, signed_out."""
    settled_by: str | None = None
    """For a settlement: reading, resending or person."""
    why: str | None = None
    """For a settlement by a person: their reason."""
    person: str | None = None
    """The approver who signed in, or whose name was tried; never an unknown name."""
    address: str | None = None
    """The client's address; behind a proxy, the proxy's."""
    http_status: int | None = None
    code: str | None = None
    log_id: str | None = None
    duration_ms: int | None = None

    def as_record(self) -> dict[str, Any]:
        """Return the record as JSON: arguments masked, texts short and clean, the idempotency key hashed."""
        words = (
            "event", "call", "tool", "account", "profile", "mode", "client", "currency", "consent", "rule",
            "outcome", "settled_by", "why", "person", "address", "code", "log_id",
        )  # fmt: skip
        numbers = ("amount", "http_status", "duration_ms")
        kept: dict[str, Any] = {"at": self.at, **{name: _clean_word(getattr(self, name)) for name in words}}
        kept |= {name: getattr(self, name) for name in numbers}
        kept |= {"ids": [_clean_word(one) for one in self.ids], "arguments": redact_arguments(self.arguments)}
        kept["key"] = hash_key(self.idempotency_key) if self.idempotency_key else None
        return {name: value for name, value in kept.items() if value not in (None, [], {})}

    def to_result(self, *, at: float, duration_ms: int, **more: Any) -> "Entry":
        return replace(self, event="result", at=at, duration_ms=duration_ms, **more)


class Sink(Protocol):
    """Where records go: a Store or an AuditFile; it raises StoreUnavailable or OSError."""

    async def append(self, record: dict[str, Any]) -> None: ...


class AuditLog:
    """Writes records to a sink; without one it records nothing."""

    def __init__(self, sink: Sink | None) -> None:
        self._sink = sink

    async def record(self, entry: Entry) -> None:
        """Record `entry`; raise StoreUnavailable if it is one of MUST_BE_RECORDED and cannot be recorded."""
        if self._sink is None:
            return
        try:
            await self._sink.append(entry.as_record())
        except Exception as cause:
            # A result or a refusal is over: failing the call now would hide from the agent what happened.
            if entry.event in MUST_BE_RECORDED:
                raise _to_audit_failure(cause) from cause
            log.error(
                "the audit misses the %s of call %s of %s (%s): %s",
                entry.event, entry.call, entry.tool, entry.outcome, type(cause).__name__,
            )  # fmt: skip

    def build_joint_record(self, entry: Entry, store: Sink) -> Record:
        """Return the record of `entry` if `store` holds the audit log and can write it with a claim.

        None if it has to be recorded separately, by `record`.
        """
        if self._sink is not store:
            return None
        with contextlib.suppress(Exception):  # record() says what is wrong with it
            return entry.as_record()
        return None


def hash_key(key: str) -> str:
    """Return a digest of an idempotency key."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _clean_word(text: object) -> str | None:
    if text is None:
        return None
    word = str(text)
    if word.isascii() and word.isalpha() and len(word) <= MAX_WORD_LENGTH:
        return word  # most are one word of letters, which is nothing to redact
    # Cut twice: first what comes in, then what redaction made longer.
    return clean_line(redact(clean_line(word, MAX_WORD_LENGTH)), MAX_WORD_LENGTH)


def _to_audit_failure(cause: Exception) -> Failure | ConektaMcpError:
    if isinstance(cause, StoreUnavailable):
        return cause
    return StoreUnavailable(
        type="store_unavailable",
        details=(
            Detail(
                code="conekta_mcp.errors.audit_unavailable",
                message="The audit cannot be written, so nothing was sent.",
            ),
        ),
        retryable=True,
        outcome="not_applied",
        hint="Nothing was sent. Ask the person who runs this server to look at --audit and --store.",
    )
