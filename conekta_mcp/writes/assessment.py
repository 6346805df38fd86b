"""What a write would do, read just now, and what policy and limits say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conekta_mcp.audit.log import AuditLog
from conekta_mcp.catalog import Effect, WriteHandler
from conekta_mcp.consent.consent import Consent
from conekta_mcp.errors import Failure
from conekta_mcp.policy.policy import Decision, Policy
from conekta_mcp.writes.call import Assessment, Call, build_approval_request
from conekta_mcp.writes.intents import Intents

LIVEMODE = {"test": False, "live": True, "unknown": None}


@dataclass(frozen=True, kw_only=True)
class WriteSafeguards:
    """What writes are kept safe with."""

    policy: Policy
    intents: Intents
    audit: AuditLog
    consent: Consent
    handlers: Mapping[str, WriteHandler]
    """How each writing tool is handled, by its name."""
    random: Callable[[], str]


async def assess(safeguards: WriteSafeguards, call: Call, language: str) -> Assessment:
    """Read what a call does, and decide.

    Raises:
        Forbidden: the policy or a limit does not allow it.
    """
    policy, profile = safeguards.policy, call.account.profile
    await _decide(call, language, lambda livemode: policy.find_denial(call.tool, profile, livemode))
    stakes = await _read_effect(call, safeguards.handlers[call.tool.name])
    call.effects.append(stakes)
    decision = await _decide(
        call,
        language,
        lambda livemode: policy.decide(
            call.tool,
            stakes,
            profile=profile,
            livemode=livemode,
            at=safeguards.intents.clock(),
            account=call.account.fingerprint,
        ),
    )
    assert decision is not None  # noqa: S101 - decide always decides
    return Assessment(effect=stakes, decision=decision, approval_request=build_approval_request(call, stakes))


async def _read_effect(call: Call, care: WriteHandler) -> Effect:
    try:
        return await care.read_effect(call.account.sender, call.arguments)
    except Failure as failure:
        failure.outcome = None if call.tool.risk.read_only else "not_applied"
        raise


async def _decide(
    call: Call, language: str, decide: Callable[[bool | None], Decision | None]
) -> Decision | None:
    """Decide, asking for the mode of the account only where it makes a difference."""
    known = LIVEMODE[call.account.known_mode]
    differs = _get_verdict(decide(False)) != _get_verdict(decide(True))
    if call.account.expected_mode or (known is None and differs):
        known = LIVEMODE[await call.account.read_mode()]
    decision = decide(known)
    if decision and decision.verdict == "deny":
        raise decision.to_failure(language)
    return decision


def _get_verdict(decision: Decision | None) -> tuple[object, ...] | None:
    return (decision.verdict, decision.rule, decision.limit) if decision else None
