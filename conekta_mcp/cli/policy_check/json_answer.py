"""The operator's rules, and what they decide, as JSON; amounts are centavos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conekta_mcp.policy.limits import list_set_limits, split_counter

if TYPE_CHECKING:
    from conekta_mcp.cli.policy_check.assumptions import CheckedCall
    from conekta_mcp.cli.policy_check.spending import SpentToday
    from conekta_mcp.policy.policy import Decision, Policy


def to_rules(policy: Policy) -> dict[str, Any]:
    return {
        "default": "deny" if policy.closed else "allow",
        "confirm": dict(policy.levels),
        "limits": dict(list_set_limits(policy.limits)),
        "profile_limits": {
            profile: dict(list_set_limits(policy.get_limits(profile))) for profile in policy.profile_limits
        },
        "rules": [rule.model_dump(exclude_none=True, mode="json") for rule in policy.rules],
    }


def to_facts(decision: Decision, spent: SpentToday, case: CheckedCall, language: str) -> dict[str, Any]:
    effect = case.assumed.effect
    facts = {
        "verdict": decision.verdict,
        "why": decision.why[language],
        "tool": case.tool.name,
        "profile": case.profile,
        "mode": {True: "live", False: "test", None: None}[case.livemode],
        "risk": case.tool.risk.value,
    }
    if case.tool.risk.read_only:
        return facts
    limits = [
        {
            "kind": split_counter(cap.counter)[0],
            "most": cap.most,
            "most_calls": cap.most_calls,
            "spent": None if isinstance(spent, str) else spent[cap.counter].spent,
            "calls": None if isinstance(spent, str) else spent[cap.counter].calls,
            "why_unknown": spent if isinstance(spent, str) else None,
        }
        for cap in decision.caps
        if cap.most is not None or cap.most_calls is not None
    ]
    return facts | {
        "kind": effect.kind.value,
        "amount": effect.amount,
        "currency": effect.currency,
        "limits": [{name: value for name, value in one.items() if value is not None} for one in limits],
        "notes": list(case.assumed.notes),
    }
