"""Limits in MXN and in calls: what hinders a call at once, and what it adds to the day's counters."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from conekta_mcp.catalog.effect import Effect, EffectKind
from conekta_mcp.errors import Detail, Forbidden, Outcome
from conekta_mcp.policy.messages import Texts, format_texts
from conekta_mcp.results.text import format_pesos
from conekta_mcp.storage.records import Cap, LimitExceeded

if TYPE_CHECKING:
    from conekta_mcp.settings import Settings

MOVING_KINDS = (EffectKind.CHARGE, EffectKind.REFUND, EffectKind.PAYOUT)
"""The kinds that move money, which max_daily_calls counts."""
AMOUNT_KINDS = (*MOVING_KINDS, EffectKind.BILL)
"""The kinds that are about an amount of money; one that cannot be read is refused where a limit holds."""
CURRENCY = "MXN"
"""The only one that limits are written in."""
MEXICO_CITY = timezone(timedelta(hours=-6), "America/Mexico_City")
"""For where tzdata is missing: no daylight saving time since October 2022 (Ley de los Husos Horarios)."""
BUILT_IN_LIMITS = ("refundable", "ceiling", "amount")
"""What hinders a call without any limit of the operator's."""
ALL_CALLS = "calls"
"""What stands for the kind in the counter of all calls that move money."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that one call, and one day of one profile, may do; centavos and calls, None for no limit."""

    max_amount: int | None = None
    max_daily_charges: int | None = None
    max_daily_bills: int | None = None
    max_daily_refunds: int | None = None
    max_daily_payouts: int | None = None
    max_daily_calls: int | None = None
    max_daily_charge_calls: int | None = None
    max_daily_bill_calls: int | None = None
    max_daily_refund_calls: int | None = None
    max_daily_payout_calls: int | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        """Give the limits that flags and variables set."""
        settable = {one.name for one in fields(settings)}
        return cls(**{one.name: getattr(settings, one.name) for one in fields(cls) if one.name in settable})

    def merge_strictest(self, other: Limits) -> Limits:
        """Give the lower of both, one by one."""
        both = ((one.name, getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Limits(**{name: _get_lower(mine, theirs) for name, mine, theirs in both})

    def get_daily_amount(self, kind: EffectKind) -> int | None:
        """Give the centavos that calls of `kind` may reach a day."""
        return getattr(self, name_amount_limit(kind.value)) if kind in AMOUNT_KINDS else None

    def get_daily_calls(self, kind: EffectKind) -> int | None:
        """Give how many calls of `kind` a day may have."""
        return getattr(self, name_calls_limit(kind.value)) if kind in AMOUNT_KINDS else None

    def as_dict(self) -> dict[str, int]:
        """Give the limits that there are, by name."""
        return {
            one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None
        }


@dataclass(frozen=True)
class CallLimitExceeded:
    """A limit that a call passes by itself, whatever was done today."""

    limit: str
    why: Texts


def name_amount_limit(kind: str) -> str:
    """Name the daily limit of MXN of a kind."""
    return f"max_daily_{kind}s"


def name_calls_limit(kind: str) -> str:
    """Name the daily limit of calls of a kind, or of all that move money."""
    return "max_daily_calls" if kind == ALL_CALLS else f"max_daily_{kind}_calls"


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
    limit = _choose_amount_limit(limits, stakes.kind)
    return _compare_amount(limits, stakes, limit) if limit else None


def build_caps(limits: Limits, stakes: Effect, *, account: str, profile: str, at: float) -> tuple[Cap, ...]:
    """Give what the call adds to the counters of the day of `at` (unix seconds) that a limit watches."""
    kind, amount = stakes.kind, stakes.amount or 0
    found = []
    most, most_calls = limits.get_daily_amount(kind), limits.get_daily_calls(kind)
    if most is not None or most_calls is not None:
        counter = name_counter(account, kind.value, profile, at)
        counted = amount if most is not None else 0
        found.append(Cap(counter=counter, amount=counted, most=most, most_calls=most_calls))
    if kind in MOVING_KINDS and limits.max_daily_calls is not None:
        counter = name_counter(account, ALL_CALLS, profile, at)
        found.append(Cap(counter=counter, amount=0, most_calls=limits.max_daily_calls))
    return tuple(found)


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
        limit, left = name_amount_limit(kind), format_pesos(max(0, most - passed.spent))
        numbers = {
            "most": format_pesos(most),
            "spent": format_pesos(passed.spent),
            "left": left,
            "amount": format_pesos(asked),
        }
        why = format_texts("daily_amount", limit=limit, ends=ends.isoformat(), **numbers)
        less = f"Ask for {left} or less, wait" if passed.spent < most else "Wait"
    else:
        limit, calls = name_calls_limit(kind), passed.cap.most_calls
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


def _choose_amount_limit(limits: Limits, kind: EffectKind) -> str | None:
    if limits.max_amount is not None:
        return "max_amount"
    return name_amount_limit(kind.value) if limits.get_daily_amount(kind) is not None else None


def _compare_amount(limits: Limits, stakes: Effect, limit: str) -> CallLimitExceeded | None:
    """Compare with `max_amount`, and with the whole day: no call above it can ever pass."""
    if stakes.amount is None:
        if stakes.kind not in AMOUNT_KINDS:
            return None
        return CallLimitExceeded(limit, format_texts("amount_unknown", limit=limit))
    if stakes.currency != CURRENCY:
        return CallLimitExceeded(limit, format_texts("currency", limit=limit, currency=stakes.currency))
    if limits.max_amount is not None and stakes.amount > limits.max_amount:
        most = format_pesos(limits.max_amount)
        return CallLimitExceeded(
            "max_amount", format_texts("max_amount", most=most, amount=_format_effect_amount(stakes))
        )
    a_day = limits.get_daily_amount(stakes.kind)
    if a_day is not None and stakes.amount > a_day:
        limit = name_amount_limit(stakes.kind.value)
        return CallLimitExceeded(
            limit,
            format_texts(
                "more_than_a_day", limit=limit, most=format_pesos(a_day), amount=_format_effect_amount(stakes)
            ),
        )
    return None


def _get_lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _format_effect_amount(stakes: Effect) -> str:
    return _format_amount(stakes.amount or 0, stakes)


def _format_amount(amount: int, stakes: Effect) -> str:
    return format_pesos(amount, stakes.currency) or ""
