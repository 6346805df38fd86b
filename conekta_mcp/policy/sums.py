"""The amounts that limits measure: the rise of a change, a recurring month, the total until its end."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from conekta_mcp.catalog.effect import Effect, EffectKind, Recurrence
from conekta_mcp.settings.limits import AMOUNTS

AMOUNT_KINDS = tuple(map(EffectKind, AMOUNTS))
RHYTHM = ("currency", "interval", "frequency", "times")
PRICE = ("amount", *RHYTHM)
"""The fields of `Effect.before` and `Effect.after` that are a price."""
PER_MONTH: Mapping[str, Fraction] = {
    "day": Fraction(366, 12),
    "week": Fraction(366, 12 * 7),
    "half_month": Fraction(2),
    "month": Fraction(1),
    "year": Fraction(1, 12),
}
"""How many intervals there are in a month, in a leap year."""


def names_price(effect: Effect) -> bool:
    """Tell whether a change sets a price."""
    return any(name in effect.after for name in PRICE)


def changes_price(effect: Effect) -> bool:
    """Tell whether a change alters, or may alter, what is paid."""
    return any(effect.after[name] != effect.before.get(name) for name in PRICE if name in effect.after) or (
        "amount" in effect.after and effect.after["amount"] is None and not effect.before
    )


def measure_rise(effect: Effect) -> int | None:
    """Return by how many centavos a call raises what is paid; None if that is not known."""
    if not names_price(effect):
        return effect.amount
    before, after = effect.before.get("amount"), effect.after.get("amount")
    if after is None:
        return None if changes_price(effect) or not effect.is_amount_knowable else 0
    if before is None or any(effect.before.get(name) != effect.after.get(name) for name in RHYTHM):
        return int(after)
    return int(max(after - before, 0))


def is_free(effect: Effect) -> bool:
    """Tell whether limits have nothing to measure: the call ends something or changes no price."""
    if not effect.is_amount_knowable:
        return False
    if not names_price(effect):
        return effect.kind is EffectKind.REMOVAL
    return not changes_price(effect) or (effect.kind is EffectKind.REMOVAL and measure_rise(effect) == 0)


def get_counted_kind(effect: Effect) -> EffectKind:
    """Return the kind that limits count: a change that raises a price counts as a bill."""
    if effect.kind in AMOUNT_KINDS or not names_price(effect) or measure_rise(effect) == 0:
        return effect.kind
    return EffectKind.BILL


def asks_for_money(effect: Effect) -> bool:
    """Tell whether a call moves money, asks for it, or sets how much is asked for."""
    if effect.kind in AMOUNT_KINDS or changes_price(effect) or not effect.is_amount_knowable:
        return True
    if effect.kind is EffectKind.REMOVAL or names_price(effect):
        return False
    return effect.amount is not None or effect.recurrence is not None


def is_endless(effect: Effect) -> bool:
    """Tell whether a call asks for money repeatedly and without end, so that no total bounds it."""
    again = effect.recurrence
    return again is not None and again.times is None and again.amount != 0 and not is_free(effect)


def measure_month(recurrence: Recurrence) -> int | None:
    """Return the most centavos of an average month; None if it is not known."""
    if recurrence.amount is None:
        return None
    whole = None if recurrence.times is None else recurrence.amount * recurrence.times
    often = PER_MONTH.get(recurrence.interval or "")
    if often is None:
        return whole
    month = ceil(recurrence.amount * often / recurrence.frequency)
    return month if whole is None else min(month, whole)


def measure_whole(effect: Effect) -> int | None:
    """Return the total centavos of a call with all its repetitions, if these end."""
    again = effect.recurrence
    if again is None or again.amount is None or again.times is None:
        return effect.amount
    return max(effect.amount or 0, again.amount * again.times)
