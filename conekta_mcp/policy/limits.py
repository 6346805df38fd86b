"""Limits in MXN and in calls: which one a call exceeds, and what the call adds to the day's counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from conekta_mcp.catalog.effect import Effect, EffectKind
from conekta_mcp.errors import Detail, Forbidden, Outcome
from conekta_mcp.policy.messages import Texts, format_texts
from conekta_mcp.policy.sums import (
    AMOUNT_KINDS,
    get_counted_kind,
    is_free,
    measure_month,
    measure_rise,
    measure_whole,
    names_price,
)
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings.limits import Limits, Unit, list_limits
from conekta_mcp.settings.table import LANGUAGES
from conekta_mcp.storage.records import Cap, LimitExceeded

CURRENCY = "MXN"
"""The currency of all limits."""
MERCHANTS_DAY = LocalTimes()
"""The time zone of a day unless another one is set."""
RECURRING = "max_recurring"
BUILT_IN_LIMITS = ("refundable", "ceiling", "amount")
"""Limits that exist without any of the operator's."""


@dataclass(frozen=True)
class CallLimitExceeded:
    """A limit that a call exceeds by itself, whatever was spent today."""

    limit: str
    why: Texts


def merge_strictest(one: Limits, other: Limits) -> Limits:
    """Return the lower value of both for each limit."""
    return Limits(**{name: _get_lower(getattr(one, name), getattr(other, name)) for name in list_limits()})


def list_set_limits(limits: Limits) -> dict[str, int]:
    """Return the limits that are set, by name: centavos or calls."""
    return {name: most for name in list_limits() if (most := getattr(limits, name)) is not None}


def find_limit_name(counter: str, unit: Unit) -> str:
    """Return the daily limit in `unit` with this counter."""
    return next(
        name
        for name, meaning in list_limits().items()
        if (meaning.period, meaning.counter, meaning.unit) == ("day", counter, unit)
    )


def find_exceeded_limit(
    limits: Limits, effect: Effect, operation: str | None = None
) -> CallLimitExceeded | None:
    """Return the limit that a call exceeds by its amount alone; None if it changes no price."""
    if is_free(effect):
        return None
    if effect.kind in AMOUNT_KINDS and not effect.is_amount_knowable:
        for limit, _ in _list_amount_limits(limits, effect.kind, operation):
            return CallLimitExceeded(limit, format_texts("amount_unknown", limit=limit))
        return CallLimitExceeded("amount", format_texts("amount_unreadable"))
    if effect.amount is not None and effect.amount < 0:
        return CallLimitExceeded("amount", format_texts("amount_negative"))
    if effect.amount == 0 and effect.kind in AMOUNT_KINDS and effect.recurrence is None:
        return CallLimitExceeded("amount", format_texts("amount_zero"))
    if effect.amount is not None and effect.ceiling is not None and effect.amount > effect.ceiling:
        key = "refundable" if effect.kind is EffectKind.REFUND else "ceiling"
        most, asked = (_format_amount(one, effect) for one in (effect.ceiling, effect.amount))
        text = "nothing_left" if key == "ceiling" and not effect.ceiling else key
        return CallLimitExceeded(key, format_texts(text, most=most, amount=asked))
    return _compare_recurrence(limits, effect) or _compare_amount(limits, effect, operation)


def build_caps(
    limits: Limits,
    effect: Effect,
    *,
    account: str,
    at: float,
    store_time: float | None = None,
    counted: Limits | None = None,
    times: LocalTimes = MERCHANTS_DAY,
    operation: str | None = None,
) -> tuple[Cap, ...]:
    """Return what the call adds to each counter of the day of `at` (unix seconds) that has a limit.

    A clock that was set begins no new day: where the store's, which never steps, is on another, both count.
    `counted` are the limits of all profiles: what one does counts towards the limit of another. Without the
    name of its `operation` all limits of its kind watch the call.
    """
    kind, rise = get_counted_kind(effect), measure_rise(effect)
    moments = {times.find_day(one): one for one in (at, at if store_time is None else store_time)}
    watched: dict[str, dict[Unit, int | None]] = {}
    for name in list_set_limits(limits if counted is None else merge_strictest(limits, counted)):
        meaning = list_limits()[name]
        if meaning.period == "day" and meaning.watches(kind.value, operation):
            watched.setdefault(meaning.counter, {})[meaning.unit] = getattr(limits, name)
    return tuple(
        Cap(
            counter=name_counter(account, counter, moment, times),
            # Centavos are counted only where a limit in MXN watches: a counter of calls adds no amount.
            amount=(rise or 0) if "pesos" in most else 0,
            most=most.get("pesos"),
            most_calls=most.get("calls"),
        )
        for counter, most in sorted(watched.items(), key=lambda one: one[0] == "calls")
        for moment in moments.values()
    )


def name_counter(account: str, kind: str, at: float, times: LocalTimes = MERCHANTS_DAY) -> str:
    """Return the name of the counter of one account, kind and day; all profiles of an account share it.

    The time zone is not in the name, so that another zone continues with the counters of the day.
    """
    return f"{account}:{kind}:{times.find_day(at).isoformat()}"


def split_counter(counter: str) -> tuple[str, date]:
    """Return the kind and the day in a counter's name."""
    _, kind, day = counter.rsplit(":", 2)
    return kind, date.fromisoformat(day)


def build_limit_failure(
    passed: LimitExceeded, language: str = "es", times: LocalTimes = MERCHANTS_DAY
) -> Forbidden:
    """Return the failure: which daily limit, what is spent and left, and when the day ends."""
    kind, day = split_counter(passed.cap.counter)
    ends = times.find_start(day + timedelta(days=1))
    most, asked = passed.cap.most, passed.cap.amount
    if most is not None and passed.spent + asked > most:
        limit, left = find_limit_name(kind, "pesos"), format_pesos(max(0, most - passed.spent))
        numbers = {
            "most": format_pesos(most),
            "spent": format_pesos(passed.spent),
            "left": left,
            "amount": format_pesos(asked),
        }
        why = _format_day_texts("daily_amount", ends, times, limit=limit, **numbers)
        less = f"Ask for {left} or less, wait" if passed.spent < most else "Wait"
        splitting = " Do not split the amount to get around it."
    else:
        limit, calls = find_limit_name(kind, "calls"), passed.cap.most_calls
        why = _format_day_texts("daily_calls", ends, times, limit=limit, most=calls, spent=passed.calls)
        less, splitting = "Wait", ""
    hint = (
        f"Nothing was sent to Conekta. {less} until the day ends, or ask the person who runs this server "
        f"about {limit}.{splitting}"
    )
    return build_forbidden("limit_exceeded", limit, why, language, hint)


def _format_day_texts(text: str, ends: float, times: LocalTimes, **facts: object) -> Texts:
    """Fill in when the day ends, in the form of each language."""
    return {
        language: format_texts(text, ends=times.format_minute(ends, language), **facts)[language]
        for language in LANGUAGES
    }


def build_forbidden(
    kind: str, code: str, why: Texts, language: str, hint: str, *, writes: bool = True
) -> Forbidden:
    """Return the failure of type `kind` that says `why`."""
    detail = Detail(code=f"conekta_mcp.errors.{kind}.{code}", message=why[language], debug_message=why["en"])
    outcome: Outcome | None = "not_applied" if writes else None
    return Forbidden(type=kind, details=(detail,), outcome=outcome, hint=hint)


def _list_peso_limits(limits: Limits) -> list[tuple[str, int]]:
    """Return the limits in MXN that are set, except the monthly one; those of one call first."""
    found = [
        (name, most)
        for name, most in list_set_limits(limits).items()
        if list_limits()[name].unit == "pesos" and list_limits()[name].period != "month"
    ]
    return sorted(found, key=lambda one: list_limits()[one[0]].period)


def _list_amount_limits(limits: Limits, kind: EffectKind, operation: str | None) -> list[tuple[str, int]]:
    """Return the limits in MXN for a write; no single call above a day's limit can pass."""
    return [one for one in _list_peso_limits(limits) if list_limits()[one[0]].watches(kind.value, operation)]


def _compare_recurrence(limits: Limits, effect: Effect) -> CallLimitExceeded | None:
    """Compare a recurring amount with the monthly limit; without one, endless ones exceed the others."""
    again, most, others = effect.recurrence, limits.max_recurring, _list_peso_limits(limits)
    if again is None or (most is None and not others):
        return None
    month = measure_month(again)
    if most is None:
        if again.times is not None and month is not None:
            return None
        return CallLimitExceeded(RECURRING, format_texts("endless", limit=others[0][0]))
    if month is None:
        return CallLimitExceeded(RECURRING, format_texts("endless_unknown", limit=RECURRING))
    if effect.currency != CURRENCY:
        return CallLimitExceeded(
            RECURRING, format_texts("currency", limit=RECURRING, currency=effect.currency)
        )
    if month > most:
        numbers = {"most": format_pesos(most), "amount": format_pesos(month)}
        return CallLimitExceeded(RECURRING, format_texts("more_than_a_month", limit=RECURRING, **numbers))
    return None


def _compare_amount(limits: Limits, effect: Effect, operation: str | None) -> CallLimitExceeded | None:
    """Compare the amount of a call with the limit of one call, and its rise with the daily limits."""
    watching = _list_amount_limits(limits, get_counted_kind(effect), operation)
    if not watching:
        return None
    limit = watching[0][0]
    amount = effect.amount if limits.max_recurring is not None else measure_whole(effect)
    rise = measure_rise(effect)
    if amount is None or rise is None or not effect.is_amount_knowable:
        if effect.kind not in AMOUNT_KINDS and effect.is_amount_knowable and not names_price(effect):
            return None
        return CallLimitExceeded(limit, format_texts("amount_unknown", limit=limit))
    if effect.currency != CURRENCY:
        return CallLimitExceeded(limit, format_texts("currency", limit=limit, currency=effect.currency))
    for name, most in watching:
        a_day = list_limits()[name].period == "day"
        asked = rise if a_day else amount
        if asked > most:
            key = "more_than_a_day" if a_day else "more_than_a_call"
            numbers = {"most": format_pesos(most), "amount": format_pesos(asked)}
            return CallLimitExceeded(name, format_texts(key, limit=name, **numbers))
    return None


def _get_lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _format_amount(amount: int, effect: Effect) -> str:
    return format_pesos(amount, effect.currency) or ""
