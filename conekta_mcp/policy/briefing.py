"""Tells an agent the operator's rules before it calls: limits, and when a person is asked."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from conekta_mcp.catalog import Risk, Tool
from conekta_mcp.policy.limits import list_set_limits
from conekta_mcp.policy.policy import Policy
from conekta_mcp.results.text import format_pesos
from conekta_mcp.settings.limits import Limits, list_limits

LEVELS = {
    "never": "nobody is asked",
    "destructive": "a person is asked before what cannot be undone",
    "money": "a person is asked before what moves or bills money or cannot be undone",
    "writes": "a person is asked before every write",
}
RULES = "Rules of this server: {rules}. Say so before the person decides, not after."


def brief_policy(policy: Policy, profile: str) -> str:
    """Return one line for the instructions; "" if there is no limit and no rule.

    It does not say when a person is asked: that is the same for most servers, and describe_operation says it.
    """
    sentences = [*_say_limits(policy.get_limits(profile)), *_say_rules(policy)]
    return RULES.format(rules="; ".join(sentences)) if sentences else ""


def brief_tool(policy: Policy, tool: Tool[Any], profile: str) -> str | None:
    """Return what the rules say about a writing tool before its arguments are known; None for a read."""
    if tool.risk.read_only:
        return None
    limits = _say_limits(policy.get_limits(profile)) if tool.risk is Risk.MONEY else ()
    levels = {f"{LEVELS[level]} ({mode} mode)" for mode, level in policy.levels.items()}
    return "; ".join([*limits, *sorted(levels), *_say_rules(policy)])


def _say_limits(limits: Limits) -> Iterable[str]:
    purposes = {one.name: one.metadata["help"] for one in fields(Limits)}
    for name, most in list_set_limits(limits).items():
        shown = format_pesos(most) if list_limits()[name].unit == "pesos" else str(most)
        yield f"{purposes[name]}: {shown}"


def _say_rules(policy: Policy) -> Iterable[str]:
    if policy.closed:
        yield "only what a rule of the operator allows is allowed"
    if policy.rules:
        yield f"{len(policy.rules)} more rules of the operator decide by tool, amount or account"
