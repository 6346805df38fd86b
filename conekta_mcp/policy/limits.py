"""Limits in MXN and in calls: what hinders a call at once, and what it adds to the day's counters."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from conekta_mcp.catalog.effect import Kind, Stakes
from conekta_mcp.errors import Detail, Forbidden, Outcome
from conekta_mcp.policy.messages import Texts, texts
from conekta_mcp.results.text import pesos
from conekta_mcp.storage.records import Cap, Passed

if TYPE_CHECKING:
    from conekta_mcp.settings import Settings

MOVING = (Kind.CHARGE, Kind.REFUND, Kind.PAYOUT)
"""The kinds that move money, which max_daily_calls counts."""
ASKING = (*MOVING, Kind.BILL)
"""The kinds that are about an amount of money; one that cannot be read is refused where a limit holds."""
CURRENCY = "MXN"
"""The only one that limits are written in."""
MEXICO_CITY = timezone(timedelta(hours=-6), "America/Mexico_City")
"""For where tzdata is missing: no daylight saving time since October 2022 (Ley de los Husos Horarios)."""
BY_ITSELF = ("refundable", "ceiling", "amount")
"""What hinders a call without any limit of the operator's."""
CALLS = "calls"
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
    def of(cls, settings: Settings) -> Limits:
        """Give the limits that flags and variables set."""
        settable = {one.name for one in fields(settings)}
        return cls(**{one.name: getattr(settings, one.name) for one in fields(cls) if one.name in settable})

    def strictest(self, other: Limits) -> Limits:
        """Give the lower of both, one by one."""
        both = ((one.name, getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Limits(**{name: _lower(mine, theirs) for name, mine, theirs in both})

    def daily(self, kind: Kind) -> int | None:
        """Give the centavos that calls of `kind` may reach a day."""
        return getattr(self, amount_limit(kind.value)) if kind in ASKING else None

    def daily_calls(self, kind: Kind) -> int | None:
        """Give how many calls of `kind` a day may have."""
        return getattr(self, calls_limit(kind.value)) if kind in ASKING else None

    def set(self) -> dict[str, int]:
        """Give the limits that there are, by name."""
        return {
            one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None
        }


@dataclass(frozen=True)
class Over:
    """A limit that a call passes by itself, whatever was done today."""

    limit: str
    why: Texts


def amount_limit(kind: str) -> str:
    """Name the daily limit of MXN of a kind."""
    return f"max_daily_{kind}s"


def calls_limit(kind: str) -> str:
    """Name the daily limit of calls of a kind, or of all that move money."""
    return "max_daily_calls" if kind == CALLS else f"max_daily_{kind}_calls"


def too_much(limits: Limits, stakes: Stakes) -> Over | None:
    """Give the limit that a call passes by its amount alone; an end or a removal has none."""
    if stakes.kind is Kind.REMOVAL:
        return None
    if stakes.amount is not None and stakes.amount < 0:
        return Over("amount", texts("amount_negative"))
    if stakes.amount is not None and stakes.ceiling is not None and stakes.amount > stakes.ceiling:
        said = "refundable" if stakes.kind is Kind.REFUND else "ceiling"
        return Over(said, texts(said, most=_written(stakes.ceiling, stakes), amount=_of(stakes)))
    limit = _amount_limit_of(limits, stakes.kind)
    return _over_in_pesos(limits, stakes, limit) if limit else None


def caps_of(limits: Limits, stakes: Stakes, *, account: str, profile: str, at: float) -> tuple[Cap, ...]:
    """Give what the call adds to the counters of the day of `at` (unix seconds) that a limit watches."""
    kind, amount = stakes.kind, stakes.amount or 0
    found = []
    most, most_calls = limits.daily(kind), limits.daily_calls(kind)
    if most is not None or most_calls is not None:
        counter = counter_of(account, kind.value, profile, at)
        counted = amount if most is not None else 0
        found.append(Cap(counter=counter, amount=counted, most=most, most_calls=most_calls))
    if kind in MOVING and limits.max_daily_calls is not None:
        counter = counter_of(account, CALLS, profile, at)
        found.append(Cap(counter=counter, amount=0, most_calls=limits.max_daily_calls))
    return tuple(found)


def counter_of(account: str, kind: str, profile: str, at: float) -> str:
    """Name the counter of one account, kind, profile and day in Mexico City."""
    return f"{account}:{kind}:{profile}:{day_of(at).isoformat()}"


def day_of(at: float) -> date:
    """Give the day in Mexico City at `at`, unix seconds."""
    return datetime.fromtimestamp(at, mexico_city()).date()


def mexico_city() -> tzinfo:
    """Give the time zone that days are counted in."""
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo("America/Mexico_City")
    except zoneinfo.ZoneInfoNotFoundError:
        return MEXICO_CITY


def exceeded(passed: Passed, language: str = "es") -> Forbidden:
    """Say which daily limit a call would pass, what is spent and left, and when the day ends."""
    _, kind, rest = passed.cap.counter.split(":", 2)
    ends = date.fromisoformat(rest.rsplit(":", 1)[1]) + timedelta(days=1)
    most, asked = passed.cap.most, passed.cap.amount
    if most is not None and passed.spent + asked > most:
        limit, left = amount_limit(kind), pesos(max(0, most - passed.spent))
        numbers = {"most": pesos(most), "spent": pesos(passed.spent), "left": left, "amount": pesos(asked)}
        why = texts("daily_amount", limit=limit, ends=ends.isoformat(), **numbers)
        less = f"Ask for {left} or less, wait" if passed.spent < most else "Wait"
    else:
        limit, calls = calls_limit(kind), passed.cap.most_calls
        why = texts("daily_calls", limit=limit, most=calls, spent=passed.calls, ends=ends.isoformat())
        less = "Wait"
    hint = (
        f"Nothing was sent to Conekta. {less} until the day ends, or ask the person who runs this server "
        f"about {limit}. Do not split the amount to get around it."
    )
    return forbidden("limit_exceeded", limit, why, language, hint)


def forbidden(
    kind: str, code: str, why: Texts, language: str, hint: str, *, writes: bool = True
) -> Forbidden:
    """Make the failure of type `kind` that says `why`."""
    detail = Detail(code=f"conekta_mcp.errors.{kind}.{code}", message=why[language], debug_message=why["en"])
    outcome: Outcome | None = "not_applied" if writes else None
    return Forbidden(type=kind, details=(detail,), outcome=outcome, hint=hint)


def _amount_limit_of(limits: Limits, kind: Kind) -> str | None:
    if limits.max_amount is not None:
        return "max_amount"
    return amount_limit(kind.value) if limits.daily(kind) is not None else None


def _over_in_pesos(limits: Limits, stakes: Stakes, limit: str) -> Over | None:
    """Compare with `max_amount`, and with the whole day: no call above it can ever pass."""
    if stakes.amount is None:
        return Over(limit, texts("amount_unknown", limit=limit)) if stakes.kind in ASKING else None
    if stakes.currency != CURRENCY:
        return Over(limit, texts("currency", limit=limit, currency=stakes.currency))
    if limits.max_amount is not None and stakes.amount > limits.max_amount:
        most = pesos(limits.max_amount)
        return Over("max_amount", texts("max_amount", most=most, amount=_of(stakes)))
    a_day = limits.daily(stakes.kind)
    if a_day is not None and stakes.amount > a_day:
        limit = amount_limit(stakes.kind.value)
        return Over(limit, texts("more_than_a_day", limit=limit, most=pesos(a_day), amount=_of(stakes)))
    return None


def _lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _of(stakes: Stakes) -> str:
    return _written(stakes.amount or 0, stakes)


def _written(amount: int, stakes: Stakes) -> str:
    return pesos(amount, stakes.currency) or ""
