"""Computes a call's effect without asking Conekta, for `policy check`."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from conekta_mcp.catalog import Effect, EffectKind, Tool
from conekta_mcp.cli.words.policy import choose_words
from conekta_mcp.cli.words.shared import Tell
from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.domains.deferred_tools import list_all_tools as list_all_tools
from conekta_mcp.policy.sums import AMOUNT_KINDS
from conekta_mcp.redaction import to_error_text
from conekta_mcp.results.text import format_pesos


@dataclass(frozen=True)
class AssumedEffect:
    """An effect as far as the arguments say it, and what is unknown."""

    effect: Effect
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckedCall:
    """The call to check, and the account it is for."""

    tool: Tool[Any]
    assumed: AssumedEffect
    profile: str
    livemode: bool | None


def find_tool(name: str, tell: Tell) -> Tool[Any]:
    """Find a tool.

    Raises:
        ValueError: there is none of that name.
    """
    tools = {tool.name: tool for tool in list_all_tools()}
    if name not in tools:
        near = difflib.get_close_matches(name, tools, n=1)
        more = tell("near", near=near[0]) if near else tell("all_tools")
        raise ValueError(tell("no_tool", name=to_error_text(name), more=more))
    return tools[name]


def assume_effect(
    tool: Tool[Any], arguments: Any, amount: int | None, kind: EffectKind | None, language: str = "en"
) -> AssumedEffect:
    """Compute what a call does as the server would, without reading from Conekta.

    `amount` (centavos) is used if the arguments name none.
    """
    handler = WRITE_HANDLERS.get(tool.name)
    # What has no handler reads, or is a control of the sandbox: the server neither asks nor counts.
    told = handler.compute_effect(arguments, None) if handler else Effect(kind=EffectKind.CHANGE)
    effect = replace(told, kind=kind or told.kind, amount=amount if told.amount is None else told.amount)
    if amount is not None and told.amount is None:
        effect = _assume_sum(effect, amount)
    return AssumedEffect(effect, tuple(_collect_notes(effect, told, amount, choose_words(language))))


def _assume_sum(effect: Effect, amount: int) -> Effect:
    """Use an assumed amount instead of the one to be read; for a plan, monthly without end."""
    again = effect.recurrence
    if again is not None and again.amount is None:
        again = replace(again, amount=amount, interval=again.interval or "month")
    after = {**effect.after, "amount": amount} if "amount" in effect.after else effect.after
    return replace(effect, recurrence=again, after=after)


def describe_effect(effect: Effect, tell: Tell) -> str:
    """Return what makes a call need an approval, and what limits measure of it."""
    again = effect.recurrence
    if again is None:
        often = tell("once")
    else:
        every = tell("every_payment")
        if again.interval:
            every = tell(f"every_{again.interval}", frequency=again.frequency)
        end = tell("no_end") if again.times is None else tell("times", times=again.times)
        amount = format_pesos(again.amount, effect.currency) or tell("not_known")
        often = tell("often", amount=amount, every=every, end=end)
    undone, decides = (
        tell("yes" if one else "no") for one in (effect.is_reversible, effect.decides_destination)
    )
    return tell("effect", often=often, undone=undone, decides=decides)


def _collect_notes(effect: Effect, told: Effect, amount: int | None, tell: Tell) -> Iterator[str]:
    named = told.amount
    if amount is not None and named is not None and amount != named:
        yield tell("amount_unused", amount=format_pesos(named, effect.currency))
    if effect.amount is None and (effect.kind in AMOUNT_KINDS or "amount" in effect.after):
        yield tell("amount_read")
    if effect.amount is not None and not effect.is_currency_known:
        yield tell("currency_read", currency=effect.currency)
    if told.recurrence is not None and told.recurrence.amount is None:
        yield tell("recurrence_read")
    if effect.kind is EffectKind.REFUND:
        yield tell("refundable_read")
