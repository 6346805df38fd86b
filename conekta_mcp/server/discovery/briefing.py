"""Tells an agent the operator's rules before a call: limits, and when a person is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from conekta_mcp.catalog import Tool
from conekta_mcp.settings.limits import Limits

if TYPE_CHECKING:
    from conekta_mcp.policy.policy import Policy
    from conekta_mcp.settings import Settings


@dataclass(frozen=True)
class Briefing:
    """The operator's rules as text."""

    line: str = ""
    """The line for the instructions; "" without limits and rules."""
    describe: Callable[[Tool[Any]], str | None] = lambda _: None
    """Returns the rules for a writing tool, for any arguments."""


NO_BRIEFING = Briefing()


def create_briefing(settings: Settings, find_policy: Callable[[], Policy], profile: str) -> Briefing:
    """Return the rules for `profile`; without limits the policy is not loaded."""

    def describe(tool: Tool[Any]) -> str | None:
        from conekta_mcp.policy.briefing import brief_tool

        return brief_tool(find_policy(), tool, profile)

    if not settings.policy and all(getattr(settings, one.name) is None for one in fields(Limits)):
        return Briefing(describe=describe)
    from conekta_mcp.policy.briefing import brief_policy

    return Briefing(brief_policy(find_policy(), profile), describe)
