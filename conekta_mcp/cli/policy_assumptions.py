"""What can be told of a call's stakes without asking Conekta, for conekta-mcp policy check."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from conekta_mcp.catalog import Effect, EffectKind, Tool
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.domains.deferred_tools import list_all_tools as list_all_tools
from conekta_mcp.policy.sums import AMOUNT_KINDS
from conekta_mcp.redaction import to_error_text
from conekta_mcp.results.text import format_pesos


@dataclass(frozen=True)
class AssumedEffect:
    """Stakes as far as the arguments tell them, and what is not known."""

    effect: Effect
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckedCall:
    """A call that is checked, and for whom."""

    tool: Tool[Any]
    assumed: AssumedEffect
    profile: str
    livemode: bool | None


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
    """Compute what a call does as the server does, without what it reads from Conekta.

    `amount` (centavos) counts where the arguments name none.
    """
    handler = WRITE_HANDLERS.get(tool.name)
    # What has no handler reads, or is a control of the sandbox: the server neither asks nor counts.
    told = handler.compute_effect(arguments, None) if handler else Effect(kind=EffectKind.CHANGE)
    effect = replace(told, kind=kind or told.kind, amount=amount if told.amount is None else told.amount)
    if amount is not None and told.amount is None:
        effect = _assume_sum(effect, amount)
    return AssumedEffect(effect, tuple(_collect_notes(effect, told, amount)))


def _assume_sum(effect: Effect, amount: int) -> Effect:
    """Put an assumed sum where what is read would put the real one: of a plan, each month without end."""
    again = effect.recurrence
    if again is not None and again.amount is None:
        again = replace(again, amount=amount, interval=again.interval or "month")
    after = {**effect.after, "amount": amount} if "amount" in effect.after else effect.after
    return replace(effect, recurrence=again, after=after)


def describe_effect(effect: Effect) -> str:
    """Say what makes a person be asked about a call, and what limits measure of it."""
    again = effect.recurrence
    if again is None:
        often = "once"
    else:
        every = f"every {again.frequency} {again.interval}" if again.interval else "whenever somebody pays"
        end = "without end" if again.times is None else f"{again.times} times at most"
        often = f"{format_pesos(again.amount, effect.currency) or 'not known'} {every}, {end}"
    undone = "yes" if effect.is_reversible else "no"
    decides = "yes" if effect.decides_destination else "no"
    return f"repeated: {often}; can be undone: {undone}; decides who gets money or data: {decides}"


def _collect_notes(effect: Effect, told: Effect, amount: int | None) -> Iterator[str]:
    named = told.amount
    if amount is not None and named is not None and amount != named:
        yield f"--amount is not used: the arguments say {format_pesos(named, effect.currency)}"
    if effect.amount is None and (effect.kind in AMOUNT_KINDS or "amount" in effect.after):
        yield "the amount is read from Conekta when the call is made; assume one with --amount"
    if effect.amount is not None and not effect.is_currency_known:
        yield f"the currency is read from Conekta when the call is made; {effect.currency} is assumed"
    if told.recurrence is not None and told.recurrence.amount is None:
        yield "how much is asked for, how often and until when is read from Conekta when the call is made"
    if effect.kind is EffectKind.REFUND:
        yield "what is still refundable is read from Conekta when the call is made"
