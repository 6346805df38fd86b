"""Limits: by call, by day of Mexico City, by profile; and what is said when one is passed."""

import zoneinfo
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.catalog import Effect, EffectKind, Recurrence
from conekta_mcp.policy.limits import (
    build_caps,
    build_limit_failure,
    find_exceeded_limit,
    list_set_limits,
    merge_strictest,
    name_counter,
)
from conekta_mcp.policy.policy import Policy
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings import Settings
from conekta_mcp.settings.limits import Limits, declare_limit, pick_limits
from conekta_mcp.storage.records import Cap, LimitExceeded
from tests.depth import tries

NOON = 1_795_284_000.0
"""2026-11-21, 12:00 in Mexico City."""
MIDNIGHT = 1_795_327_200.0
"""2026-11-22, 00:00 in Mexico City."""
MXN_500 = {kind: Effect(kind=kind, amount=50000) for kind in EffectKind}


def caps(limits: Limits, effect: Effect, at: float = NOON) -> list[tuple[str, int, int | None, int | None]]:
    found = build_caps(limits, effect, account="f00d", at=at)
    return [(cap.counter, cap.amount, cap.most, cap.most_calls) for cap in found]


def test_flags_set_the_limits_that_have_flags() -> None:
    settings = Settings(
        max_amount=1, max_daily_charges=2, max_daily_refunds=3, max_daily_payouts=4, max_daily_calls=5
    )
    assert list_set_limits(pick_limits(settings)) == {
        "max_amount": 1,
        "max_daily_charges": 2,
        "max_daily_refunds": 3,
        "max_daily_payouts": 4,
        "max_daily_calls": 5,
    }
    assert pick_limits(Settings()) == Limits()


@dataclass(frozen=True, kw_only=True)
class LinkLimits(Limits):
    """The limits, and one on a part of a kind, declared as any other."""

    max_daily_links: int | None = declare_limit(
        "pesos",
        "day",
        ("bill",),
        "most MXN asked for by links a day",
        "máximo de MXN pedidos por liga al día",
        operations=("create_payment_link",),
    )


def test_a_limit_of_some_operations_counts_these_only_and_hides_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meanings = {one.name: one.metadata["limit"] for one in fields(LinkLimits)}
    monkeypatch.setattr("conekta_mcp.policy.limits.list_limits", lambda: meanings)
    limits, bill = LinkLimits(max_daily_bills=90_000, max_daily_links=60_000), MXN_500[EffectKind.BILL]

    def count(operation: str | None) -> list[tuple[str, int | None]]:
        found = build_caps(limits, bill, account="f00d", at=NOON, operation=operation)
        return sorted((cap.counter, cap.most) for cap in found)

    by_kind, by_link = ("f00d:bill:2026-11-21", 90_000), ("f00d:create_payment_link:2026-11-21", 60_000)
    assert count("create_order") == [by_kind]
    assert count("create_payment_link") == [by_kind, by_link]
    assert count(None) == [by_kind, by_link], "what is not named may be a link"
    much = Effect(kind=EffectKind.BILL, amount=60_001)
    over = find_exceeded_limit(limits, much, "create_payment_link")
    assert over is not None
    assert (over.limit, find_exceeded_limit(limits, much, "create_order")) == ("max_daily_links", None)
    passed = LimitExceeded(cap=Cap(counter=by_link[0], amount=50_000, most=60_000), spent=20_000, calls=1)
    assert build_limit_failure(passed).details[0].code == "conekta_mcp.errors.limit_exceeded.max_daily_links"


def test_the_lower_of_two_limits_holds_and_zero_is_a_limit() -> None:
    one = Limits(max_amount=5, max_daily_refunds=0, max_daily_calls=3)
    other = Limits(max_amount=4, max_daily_refunds=7, max_daily_charges=9)
    assert merge_strictest(one, other) == merge_strictest(other, one)
    assert list_set_limits(merge_strictest(one, other)) == {
        "max_amount": 4,
        "max_daily_charges": 9,
        "max_daily_refunds": 0,
        "max_daily_calls": 3,
    }


@pytest.mark.parametrize(
    "kind", [EffectKind.CHARGE, EffectKind.BILL, EffectKind.REFUND, EffectKind.PAYOUT, EffectKind.CHANGE]
)
def test_one_call_is_held_to_max_amount_to_the_centavo(kind: EffectKind) -> None:
    assert find_exceeded_limit(Limits(max_amount=50000), MXN_500[kind]) is None
    over = find_exceeded_limit(Limits(max_amount=49999), MXN_500[kind])
    assert over is not None
    assert (over.limit, over.why) == (
        "max_amount",
        {
            "en": "One call may be of MXN 499.99 at most (max_amount); this one is of MXN 500.00.",
            "es": "Una llamada puede ser de MXN 499.99 cuando mucho (max_amount); esta es de MXN 500.00.",
        },
    )


def test_what_ends_something_is_never_too_much() -> None:
    removal = Effect(kind=EffectKind.REMOVAL, amount=50000, currency="USD", ceiling=1)
    assert find_exceeded_limit(Limits(max_amount=0), removal) is None
    assert caps(Limits(max_daily_calls=0), removal) == []


def change(
    before: int | None, after: int | None, kind: EffectKind = EffectKind.CHANGE, **more: Any
) -> Effect:
    return Effect(
        kind=kind,
        amount=after,
        before={"amount": before, "currency": "MXN"},
        after={"amount": after, "currency": "MXN", **more},
        is_amount_knowable=after is not None,
        currency=more.get("currency", "MXN"),
    )


RAISED = change(40000, 90000)


@pytest.mark.parametrize("kind", [EffectKind.CHANGE, EffectKind.REMOVAL])
def test_a_change_is_held_to_max_amount_by_its_sum_afterwards_and_to_the_day_by_its_rise(
    kind: EffectKind,
) -> None:
    raised = change(40000, 90000, kind)
    assert find_exceeded_limit(Limits(max_amount=90000, max_daily_bills=50000), raised) is None
    whole = find_exceeded_limit(Limits(max_amount=89999), raised)
    rise = find_exceeded_limit(Limits(max_daily_bills=49999), raised)
    assert whole is not None
    assert rise is not None
    assert whole.why["en"] == (
        "One call may be of MXN 899.99 at most (max_amount); this one is of MXN 900.00."
    )
    assert rise.why["en"] == (
        "The day's limit max_daily_bills is MXN 499.99; this call alone is of MXN 500.00."
    )
    assert caps(Limits(max_daily_bills=200000), raised) == [("f00d:bill:2026-11-21", 50000, 200000, None)]


@pytest.mark.parametrize("kind", [EffectKind.CHANGE, EffectKind.REMOVAL, EffectKind.CHARGE])
def test_a_change_that_leaves_the_price_passes_every_limit_and_a_removal_may_lower_it(
    kind: EffectKind,
) -> None:
    limits = Limits(max_amount=1, max_daily_bills=1, max_daily_charges=1)
    assert find_exceeded_limit(limits, change(90000, 90000, kind)) is None
    assert (find_exceeded_limit(limits, change(90000, 40000, kind)) is None) is (kind is EffectKind.REMOVAL)
    assert caps(Limits(max_daily_bills=1), change(90000, 40000, kind)) == []


@pytest.mark.parametrize(
    "effect",
    [change(40000, None), change(None, None), Effect(kind=EffectKind.CHANGE, after={"amount": None})],
)
def test_a_change_to_a_sum_that_nobody_knows_is_refused_under_a_limit(effect: Effect) -> None:
    over = find_exceeded_limit(Limits(max_amount=90000), effect)
    assert over is not None
    assert over.why["en"] == (
        "The amount of this call cannot be known before it acts, and max_amount limits amounts."
    )


@pytest.mark.parametrize("coin", ["USD", "«US$»", "?"])
def test_a_change_to_another_currency_is_refused_under_a_limit(coin: str) -> None:
    over = find_exceeded_limit(Limits(max_amount=90000), change(40000, 40000, currency=coin))
    assert over is not None
    assert over.why["en"] == f"max_amount is a limit in MXN and cannot be compared with {coin}."


ENDLESS = Recurrence(amount=50000, interval="month")
ENDED = Recurrence(amount=50000, interval="month", times=12)


def test_a_demand_without_end_is_refused_under_a_limit_and_told_how_to_be_allowed() -> None:
    asked = Effect(kind=EffectKind.CHARGE, amount=50000, recurrence=ENDLESS)
    over = find_exceeded_limit(Limits(max_daily_refunds=9000000), asked)
    assert find_exceeded_limit(Limits(max_daily_calls=1), asked) is None
    assert over is not None
    assert (over.limit, over.why["en"]) == (
        "max_recurring",
        (
            "This call asks for money again and again without end, and max_daily_refunds limits amounts. "
            "--max-recurring (max_recurring) allows it up to so many MXN a month."
        ),
    )
    assert find_exceeded_limit(Limits(max_amount=50000, max_recurring=50000), asked) is None


def test_without_max_recurring_all_repetitions_together_are_held_to_max_amount() -> None:
    asked = Effect(kind=EffectKind.CHARGE, amount=50000, recurrence=ENDED)
    assert find_exceeded_limit(Limits(max_amount=600000), asked) is None
    over = find_exceeded_limit(Limits(max_amount=599999), asked)
    assert over is not None
    assert over.limit == "max_amount"
    assert find_exceeded_limit(Limits(max_amount=50000, max_recurring=50000), asked) is None


@pytest.mark.parametrize(
    ("again", "month"),
    [
        (ENDLESS, 50000),
        (ENDED, 50000),
        (Recurrence(amount=50000, interval="month", frequency=3), 16667),
        (Recurrence(amount=50000, interval="half_month"), 100000),
        (Recurrence(amount=50000, interval="week"), 217858),
        (Recurrence(amount=50000, interval="week", times=2), 100000),
        (Recurrence(amount=50000, interval="year"), 4167),
        (Recurrence(amount=50000, interval=None, times=3), 150000),
    ],
)
def test_what_recurs_is_held_to_its_month_to_the_centavo(again: Recurrence, month: int) -> None:
    asked = Effect(kind=EffectKind.BILL, amount=50000, recurrence=again)
    assert find_exceeded_limit(Limits(max_recurring=month), asked) is None
    over = find_exceeded_limit(Limits(max_recurring=month - 1), asked)
    assert over is not None
    assert over.limit == "max_recurring"


@pytest.mark.parametrize(
    "again", [Recurrence(amount=50000, interval=None), Recurrence(amount=None, interval="month", times=2)]
)
def test_what_recurs_without_a_month_that_can_be_known_is_refused(again: Recurrence) -> None:
    for limits in (Limits(max_recurring=9000000), Limits(max_amount=9000000)):
        over = find_exceeded_limit(limits, Effect(kind=EffectKind.BILL, amount=50000, recurrence=again))
        assert over is not None
        assert over.limit == "max_recurring"


def test_what_recurs_in_another_currency_is_not_compared() -> None:
    asked = Effect(kind=EffectKind.BILL, amount=1, currency="USD", recurrence=ENDED)
    over = find_exceeded_limit(Limits(max_recurring=9000000), asked)
    assert over is not None
    assert over.why["en"] == "max_recurring is a limit in MXN and cannot be compared with USD."


def test_another_rhythm_counts_as_a_new_demand() -> None:
    yearly = {"amount": 120000, "currency": "MXN", "interval": "year", "frequency": 1, "times": None}
    monthly = {**yearly, "interval": "month"}
    changed = Effect(kind=EffectKind.CHARGE, amount=120000, before=yearly, after=monthly)
    assert caps(Limits(max_daily_charges=1), changed) == [("f00d:charge:2026-11-21", 120000, 1, None)]
    assert find_exceeded_limit(Limits(max_amount=119999), changed) is not None


def test_what_one_profile_does_is_counted_where_the_limit_of_another_watches() -> None:
    found = build_caps(
        Limits(), MXN_500[EffectKind.REFUND], account="f00d", at=NOON, counted=Limits(max_daily_refunds=9)
    )
    assert found == (Cap(counter="f00d:refund:2026-11-21", amount=50000),)


@pytest.mark.parametrize(
    ("effect", "limit", "english", "spanish"),
    [
        (
            Effect(kind=EffectKind.REFUND, amount=50000, ceiling=20000),
            "refundable",
            "MXN 200.00 can still be refunded; this call is of MXN 500.00.",
            "Todavía se pueden reembolsar MXN 200.00; esta llamada es de MXN 500.00.",
        ),
        (
            Effect(kind=EffectKind.REFUND, amount=1, ceiling=0, currency="USD"),
            "refundable",
            "USD 0.00 can still be refunded; this call is of USD 0.01.",
            "Todavía se pueden reembolsar USD 0.00; esta llamada es de USD 0.01.",
        ),
        (
            Effect(kind=EffectKind.CHARGE, amount=50001, ceiling=50000),
            "ceiling",
            "MXN 500.00 can be moved at most; this call is of MXN 500.01.",
            "Se pueden mover MXN 500.00 cuando mucho; esta llamada es de MXN 500.01.",
        ),
        (
            Effect(kind=EffectKind.PAYOUT, amount=-1),
            "amount",
            "The amount of this call is below zero.",
            "El monto de esta llamada es menor que cero.",
        ),
    ],
)
def test_what_cannot_be_moved_is_refused_without_any_limit(
    effect: Effect, limit: str, english: str, spanish: str
) -> None:
    over = find_exceeded_limit(Limits(), effect)
    assert over is not None
    assert (over.limit, over.why) == (limit, {"en": english, "es": spanish})
    assert find_exceeded_limit(Limits(), Effect(kind=EffectKind.REFUND, amount=20000, ceiling=20000)) is None


@pytest.mark.parametrize("limits", [Limits(max_amount=90000), Limits(max_daily_refunds=90000)])
def test_an_amount_that_cannot_be_compared_is_refused_where_a_limit_holds(limits: Limits) -> None:
    (limit,) = list_set_limits(limits)
    unknown = find_exceeded_limit(limits, Effect(kind=EffectKind.REFUND))
    foreign = find_exceeded_limit(limits, Effect(kind=EffectKind.REFUND, amount=1, currency="USD"))
    assert unknown is not None
    assert foreign is not None
    assert (unknown.limit, unknown.why["en"]) == (
        limit,
        f"The amount of this call cannot be known before it acts, and {limit} limits amounts.",
    )
    assert (foreign.limit, foreign.why["en"]) == (
        limit,
        f"{limit} is a limit in MXN and cannot be compared with USD.",
    )
    assert foreign.why["es"] == f"{limit} es un límite en MXN y no se puede comparar con USD."


@pytest.mark.parametrize(
    "effect", [Effect(kind=EffectKind.CHARGE), Effect(kind=EffectKind.CHARGE, amount=1, currency="USD")]
)
def test_without_a_limit_on_its_amount_a_call_needs_no_amount(effect: Effect) -> None:
    limits = Limits(max_daily_refunds=1, max_daily_calls=9, max_daily_charge_calls=9)
    assert find_exceeded_limit(limits, effect) is None
    assert caps(limits, effect) == [
        ("f00d:charge:2026-11-21", 0, None, 9),
        ("f00d:calls:2026-11-21", 0, None, 9),
    ]


def test_a_change_without_an_amount_passes_max_amount() -> None:
    assert find_exceeded_limit(Limits(max_amount=0), Effect(kind=EffectKind.CHANGE)) is None


def test_a_call_above_a_whole_day_is_refused_before_anybody_is_asked() -> None:
    over = find_exceeded_limit(Limits(max_daily_payouts=49999), MXN_500[EffectKind.PAYOUT])
    assert over is not None
    assert (over.limit, over.why) == (
        "max_daily_payouts",
        {
            "en": "The day's limit max_daily_payouts is MXN 499.99; this call alone is of MXN 500.00.",
            "es": "El límite del día max_daily_payouts es de MXN 499.99; esta sola llamada es de MXN 500.00.",
        },
    )


ALL_LIMITS = Limits(
    max_daily_charges=100000,
    max_daily_bills=200000,
    max_daily_refunds=300000,
    max_daily_payouts=400000,
    max_daily_calls=9,
    max_daily_charge_calls=1,
    max_daily_bill_calls=2,
    max_daily_refund_calls=3,
    max_daily_payout_calls=4,
)


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        (EffectKind.CHARGE, [("charge", 50000, 100000, 1), ("calls", 0, None, 9)]),
        (EffectKind.BILL, [("bill", 50000, 200000, 2)]),
        (EffectKind.REFUND, [("refund", 50000, 300000, 3), ("calls", 0, None, 9)]),
        (EffectKind.PAYOUT, [("payout", 50000, 400000, 4), ("calls", 0, None, 9)]),
        (EffectKind.CHANGE, []),
        (EffectKind.REMOVAL, []),
    ],
)
def test_each_kind_counts_against_its_own_limits_and_only_money_against_all_calls(
    kind: EffectKind, counted: list[tuple[str, int, int | None, int]]
) -> None:
    assert caps(ALL_LIMITS, MXN_500[kind]) == [
        (f"f00d:{name}:2026-11-21", amount, most, calls) for name, amount, most, calls in counted
    ]


def test_without_limits_nothing_is_counted() -> None:
    assert [caps(Limits(max_amount=1), effect) for effect in MXN_500.values()] == [[]] * len(EffectKind)


find_day = LocalTimes().find_day


def test_the_day_is_that_of_mexico_city() -> None:
    assert [find_day(MIDNIGHT - 1), find_day(MIDNIGHT)] == [
        date(2026, 11, 21),
        date(2026, 11, 22),
    ]
    assert name_counter("f00d", "refund", MIDNIGHT) == "f00d:refund:2026-11-22"
    july = 1_783_490_400.0  # 2026-07-08, 00:00
    assert [find_day(july - 1), find_day(july)] == [
        date(2026, 7, 7),
        date(2026, 7, 8),
    ]


def test_the_day_needs_no_time_zones_from_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> NoReturn:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(zoneinfo, "ZoneInfo", missing)
    assert [find_day(MIDNIGHT - 1), find_day(MIDNIGHT)] == [
        date(2026, 11, 21),
        date(2026, 11, 22),
    ]


def test_the_day_of_another_zone_starts_there() -> None:
    tijuana = LocalTimes("America/Tijuana")
    assert name_counter("f00d", "refund", MIDNIGHT, tijuana) == "f00d:refund:2026-11-21"
    assert name_counter("f00d", "refund", MIDNIGHT + 7200, tijuana) == "f00d:refund:2026-11-22"
    limits = Limits(max_daily_refunds=500000)
    policy = Policy.from_settings(Settings(timezone="America/Tijuana", max_daily_refunds=500000))
    assert policy.times == tijuana
    (cap,) = build_caps(limits, MXN_500[EffectKind.REFUND], account="f00d", at=MIDNIGHT, times=policy.times)
    assert cap.counter == "f00d:refund:2026-11-21"
    told = build_limit_failure(LimitExceeded(cap=cap, spent=500000, calls=1), "en", policy.times)
    assert str(told).endswith("The day ends on 22 Nov 2026, 00:00 (Tijuana).")


@pytest.mark.parametrize("zone", ["America/Tijuana", "America/Cancun", "UTC"])
def test_a_new_zone_goes_on_with_the_counters_of_the_day(zone: str) -> None:
    noon = MIDNIGHT - 43_200
    assert name_counter("f00d", "refund", noon, LocalTimes(zone)) == name_counter("f00d", "refund", noon)


@tries(60)
@given(st.floats(1_700_000_000, 2_000_000_000))
def test_a_day_has_24_hours(at: float) -> None:
    assert find_day(at + 86400) - find_day(at) == timedelta(days=1)


REFUNDS = Cap(counter="f00d:refund:2026-11-30", amount=50000, most=500000, most_calls=9)


def test_a_passed_limit_says_what_is_spent_what_is_left_and_when_the_day_ends() -> None:
    passed = build_limit_failure(LimitExceeded(cap=REFUNDS, spent=480000, calls=4), "en")
    assert (passed.type, passed.outcome, passed.retryable) == ("limit_exceeded", "not_applied", False)
    assert passed.details[0].code == "conekta_mcp.errors.limit_exceeded.max_daily_refunds"
    assert str(passed) == (
        "The day's limit max_daily_refunds is MXN 5,000.00: MXN 4,800.00 are spent, MXN 200.00 are left, and "
        "this call is of MXN 500.00. The day ends on 1 Dec 2026, 00:00 (Mexico City)."
    )
    assert passed.hint == (
        "Nothing was sent to Conekta. Ask for MXN 200.00 or less, wait until the day ends, or ask the person "
        "who runs this server about max_daily_refunds. Do not split the amount to get around it."
    )


def test_it_is_said_in_spanish_with_the_english_for_developers() -> None:
    passed = build_limit_failure(LimitExceeded(cap=REFUNDS, spent=480000, calls=4))
    assert str(passed) == (
        "El límite del día max_daily_refunds es de MXN 5,000.00: van MXN 4,800.00, quedan MXN 200.00 y esta "
        "llamada es de MXN 500.00. El día termina el 1 dic 2026, 00:00 (Ciudad de México)."
    )
    assert passed.details[0].debug_message == str(
        build_limit_failure(LimitExceeded(cap=REFUNDS, spent=480000, calls=4), "en")
    )


@pytest.mark.parametrize("spent", [500000, 700000])
def test_what_is_left_is_never_below_zero(spent: int) -> None:
    passed = build_limit_failure(LimitExceeded(cap=REFUNDS, spent=spent, calls=4), "en")
    assert "MXN 0.00 are left" in str(passed)
    assert passed.hint is not None
    assert passed.hint.startswith("Nothing was sent to Conekta. Wait until the day ends, or ask")


def test_a_passed_count_names_the_limit_of_the_kind_or_of_all() -> None:
    kind = build_limit_failure(LimitExceeded(cap=REFUNDS, spent=1, calls=9), "en")
    calls = Cap(counter="f00d:calls:2026-11-30", amount=0, most_calls=2)
    every = build_limit_failure(LimitExceeded(cap=calls, spent=0, calls=2))
    assert str(kind) == (
        "The day's limit max_daily_refund_calls is 9 calls, and 9 were made. "
        "The day ends on 1 Dec 2026, 00:00 (Mexico City)."
    )
    assert kind.hint == (
        "Nothing was sent to Conekta. Wait until the day ends, or ask the person who runs this server "
        "about max_daily_refund_calls."
    )
    assert every.details[0].code == "conekta_mcp.errors.limit_exceeded.max_daily_calls"
    assert str(every) == (
        "El límite del día max_daily_calls es de 2 llamadas y ya van 2. "
        "El día termina el 1 dic 2026, 00:00 (Ciudad de México)."
    )
