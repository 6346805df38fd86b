"""Limits in MXN and in calls: what hinders a call at once, and what it adds to the day's counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from conekta_mcp.catalog.effect import Effect, EffectKind
from conekta_mcp.errors import Detail, Forbidden, Outcome
from conekta_mcp.policy.messages import Texts, format_texts
from conekta_mcp.results.text import format_pesos
from conekta_mcp.settings.limits import AMOUNTS, MOVES, Limits, Unit, list_limits
from conekta_mcp.storage.records import Cap, LimitExceeded

MOVING_KINDS = tuple(map(EffectKind, MOVES))
AMOUNT_KINDS = tuple(map(EffectKind, AMOUNTS))
CURRENCY = "MXN"
"""The only one that limits are written in."""
MEXICO_CITY = timezone(timedelta(hours=-6), "America/Mexico_City")
"""For where tzdata is missing: no daylight saving time since October 2022 (Ley de los Husos Horarios)."""
BUILT_IN_LIMITS = ("refundable", "ceiling", "amount")
"""What hinders a call without any limit of the operator's."""


@dataclass(frozen=True)
class CallLimitExceeded:
    """A limit that a call passes by itself, whatever was done today."""

    limit: str
    why: Texts


def merge_strictest(one: Limits, other: Limits) -> Limits:
    """Return the lower of both, limit by limit."""
    return Limits(**{name: _get_lower(getattr(one, name), getattr(other, name)) for name in list_limits()})


def list_set_limits(limits: Limits) -> dict[str, int]:
    """Return the limits that are set, by name: centavos or calls."""
    return {name: most for name in list_limits() if (most := getattr(limits, name)) is not None}


def find_limit_name(counter: str, unit: Unit) -> str:
    """Return the daily limit in `unit` that is counted by `counter`."""
    return next(
        name
        for name, meaning in list_limits().items()
        if (meaning.period, meaning.counter, meaning.unit) == ("day", counter, unit)
    )


def find_exceeded_limit(limits: Limits, stakes: Effect) -> CallLimitExceeded | None:
    """Give the limit that a call passes by its amount alone; an end or a removal has none."""
    if stakes.kind is EffectKind.REMOVAL:
        return None
    if stakes.amount is not None and stakes.amount < 0:
        return CallLimitExceeded("amount", format_texts("amount_negative"))
    if stakes.amount is not None and stakes.ceiling is not None and stakes.amount > stakes.ceiling:
        said = "refundable" if stakes.kind is EffectKind.REFUND else "ceiling"
        return CallLimitExceeded(
            said,
            format_texts(
                said, most=_format_amount(stakes.ceiling, stakes), amount=_format_effect_amount(stakes)
            ),
        )
    return _compare_amount(limits, stakes)


def build_caps(limits: Limits, stakes: Effect, *, account: str, profile: str, at: float) -> tuple[Cap, ...]:
    """Return what the call adds to the counters of the day of `at` (unix seconds) that a limit watches."""
    watched: dict[str, dict[Unit, int]] = {}
    for name, most in list_set_limits(limits).items():
        meaning = list_limits()[name]
        if meaning.period == "day" and stakes.kind.value in meaning.kinds:
            watched.setdefault(meaning.counter, {})[meaning.unit] = most
    return tuple(
        Cap(
            counter=name_counter(account, counter, profile, at),
            # Centavos are counted only where a limit in MXN watches: a counter of calls adds no amount.
            amount=(stakes.amount or 0) if "pesos" in most else 0,
            most=most.get("pesos"),
            most_calls=most.get("calls"),
        )
        for counter, most in sorted(watched.items(), key=lambda one: one[0] == "calls")
    )


def name_counter(account: str, kind: str, profile: str, at: float) -> str:
    """Name the counter of one account, kind, profile and day in Mexico City."""
    return f"{account}:{kind}:{profile}:{get_local_day(at).isoformat()}"


def get_local_day(at: float) -> date:
    """Give the day in Mexico City at `at`, unix seconds."""
    return datetime.fromtimestamp(at, get_time_zone()).date()


def get_time_zone() -> tzinfo:
    """Give the time zone that days are counted in."""
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo("America/Mexico_City")
    except zoneinfo.ZoneInfoNotFoundError:
        return MEXICO_CITY


def build_limit_failure(passed: LimitExceeded, language: str = "es") -> Forbidden:
    """Say which daily limit a call would pass, what is spent and left, and when the day ends."""
    _, kind, rest = passed.cap.counter.split(":", 2)
    ends = date.fromisoformat(rest.rsplit(":", 1)[1]) + timedelta(days=1)
    most, asked = passed.cap.most, passed.cap.amount
    if most is not None and passed.spent + asked > most:
        limit, left = find_limit_name(kind, "pesos"), format_pesos(max(0, most - passed.spent))
        numbers = {
            "most": format_pesos(most),
            "spent": format_pesos(passed.spent),
            "left": left,
            "amount": format_pesos(asked),
        }
        why = format_texts("daily_amount", limit=limit, ends=ends.isoformat(), **numbers)
        less = f"Ask for {left} or less, wait" if passed.spent < most else "Wait"
    else:
        limit, calls = find_limit_name(kind, "calls"), passed.cap.most_calls
        why = format_texts("daily_calls", limit=limit, most=calls, spent=passed.calls, ends=ends.isoformat())
        less = "Wait"
    hint = (
        f"Nothing was sent to Conekta. {less} until the day ends, or ask the person who runs this server "
        f"about {limit}. Do not split the amount to get around it."
    )
    return build_forbidden("limit_exceeded", limit, why, language, hint)


def build_forbidden(
    kind: str, code: str, why: Texts, language: str, hint: str, *, writes: bool = True
) -> Forbidden:
    """Make the failure of type `kind` that says `why`."""
    detail = Detail(code=f"conekta_mcp.errors.{kind}.{code}", message=why[language], debug_message=why["en"])
    outcome: Outcome | None = "not_applied" if writes else None
    return Forbidden(type=kind, details=(detail,), outcome=outcome, hint=hint)


def _list_amount_limits(limits: Limits, kind: EffectKind) -> list[tuple[str, int]]:
    """Return the limits in MXN that watch a kind, those of one call first; no call above a day's can pass."""
    found = [
        (name, most)
        for name, most in list_set_limits(limits).items()
        if list_limits()[name].unit == "pesos" and kind.value in list_limits()[name].kinds
    ]
    return sorted(found, key=lambda one: list_limits()[one[0]].period)


def _compare_amount(limits: Limits, stakes: Effect) -> CallLimitExceeded | None:
    """Compare with the limit of one call, and with those of a whole day."""
    watching = _list_amount_limits(limits, stakes.kind)
    if not watching:
        return None
    limit = watching[0][0]
    if stakes.amount is None:
        if stakes.kind not in AMOUNT_KINDS:
            return None
        return CallLimitExceeded(limit, format_texts("amount_unknown", limit=limit))
    if stakes.currency != CURRENCY:
        return CallLimitExceeded(limit, format_texts("currency", limit=limit, currency=stakes.currency))
    for name, most in watching:
        if stakes.amount > most:
            said = "more_than_a_day" if list_limits()[name].period == "day" else "more_than_a_call"
            amount = _format_effect_amount(stakes)
            return CallLimitExceeded(
                name, format_texts(said, limit=name, most=format_pesos(most), amount=amount)
            )
    return None


def _get_lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _format_effect_amount(stakes: Effect) -> str:
    return _format_amount(stakes.amount or 0, stakes)


def _format_amount(amount: int, stakes: Effect) -> str:
    return format_pesos(amount, stakes.currency) or ""
