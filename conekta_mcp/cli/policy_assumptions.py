"""What can be told of a call's stakes without asking Conekta, for conekta-mcp policy check."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conekta_mcp.catalog import Effect, EffectKind, Risk, Tool
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.domains.all_writes import compute_amount, find_kind
from conekta_mcp.policy.limits import AMOUNT_KINDS, CURRENCY
from conekta_mcp.redaction import to_error_text
from conekta_mcp.results.text import format_pesos

KIND_BY_RISK = {Risk.MONEY: EffectKind.CHARGE, Risk.DESTRUCTIVE: EffectKind.REMOVAL}


@dataclass(frozen=True)
class AssumedEffect:
    """Stakes as far as the arguments tell them, and what is not known."""

    effect: Effect
    notes: tuple[str, ...] = ()


def list_all_tools() -> tuple[Tool[Any], ...]:
    """Give the tools that rules can be about."""
    return (*ALL_TOOLS, *SANDBOX_TOOLS)


def find_tool(name: str) -> Tool[Any]:
    """Find a tool.

    Raises:
        ValueError: there is none of that name.
    """
    tools = {tool.name: tool for tool in list_all_tools()}
    if name not in tools:
        near = difflib.get_close_matches(name, tools, n=1)
        more = f"did you mean {near[0]}?" if near else "conekta-mcp tools --all names all"
        raise ValueError(f"there is no tool {to_error_text(name)}; {more}")
    return tools[name]


def assume_effect(
    tool: Tool[Any], arguments: Any, amount: int | None, kind: EffectKind | None
) -> AssumedEffect:
    """Give the stakes of a call; `amount` (centavos) counts where the arguments name none."""
    named = compute_amount(tool.name, arguments)
    found = find_kind(tool.name, arguments) or KIND_BY_RISK.get(tool.risk, EffectKind.CHANGE)
    stakes = Effect(
        kind=kind or found,
        amount=amount if named is None else named,
        currency=getattr(arguments, "currency", None) or CURRENCY,
    )
    return AssumedEffect(stakes, tuple(_collect_notes(stakes, amount, named)))


def _collect_notes(stakes: Effect, amount: int | None, named: int | None) -> Iterator[str]:
    if amount is not None and named is not None and amount != named:
        yield f"--amount is not used: the arguments say {format_pesos(named, stakes.currency)}"
    if stakes.kind in AMOUNT_KINDS and stakes.amount is None:
        yield "the amount is read from Conekta when the call is made; assume one with --amount"
    if stakes.kind is EffectKind.REFUND:
        yield "what is still refundable is read from Conekta when the call is made"
