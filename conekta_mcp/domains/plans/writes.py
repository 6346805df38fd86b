"""Plans of the writes on subscription plans (conekta-api.md 4.9)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Recurrence
from conekta_mcp.domains.charges.observed import get_argument_amount
from conekta_mcp.domains.plans.tools import (
    create_plan,
    delete_plan,
    get_plan,
    list_plans,
    update_plan,
)
from conekta_mcp.effects.answer_check import IfShown, expect_answer
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.question_facts import format_name, get_currency
from conekta_mcp.effects.question_text import (
    BilingualText,
    build_question,
    format_both,
    format_count,
    format_known_money,
    to_currency,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    allow_missing,
    call_read_tool,
    create_lookup,
    create_reader,
    format_call,
    get_integer,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import expect_body, verify_field_change, verify_removal
from conekta_mcp.effects.write_plan import ObservedState, Unasked, WritePlan

READ_PLAN = create_reader(get_plan, "plan_id")
PLAN_LOOKUP = create_lookup(get_plan, "plan_id")
PRICE_ARGUMENTS = ("amount", "currency", "expiry_count")
CYCLE_TEXTS: Mapping[str, tuple[BilingualText, BilingualText]] = {
    "day": (("día", "días"), ("day", "days")),
    "week": (("semana", "semanas"), ("week", "weeks")),
    "half_month": (("media mes", "quincenas"), ("half month", "half months")),
    "month": (("mes", "meses"), ("month", "months")),
    "year": (("año", "años"), ("year", "years")),
}


def format_cycle(interval: object, frequency: int | None) -> BilingualText:
    """Return the interval: every month, every 3 weeks."""
    spanish, english = CYCLE_TEXTS.get(str(interval), (("ciclo", "ciclos"), ("cycle", "cycles")))
    many = frequency or 1
    if many == 1:
        return "cada quincena" if interval == "half_month" else f"cada {spanish[0]}", f"every {english[0]}"
    return f"cada {many} {spanish[1]}", f"every {many} {english[1]}"


def build_recurrence(plan: Raw) -> Recurrence:
    """Return how often and how much a subscriber of a plan pays.

    A number below what Conekta allows (conekta-api.md 4.9) is not known: no sum, no rhythm, no end.
    """
    frequency = 1 if plan.get("frequency") is None else _get_at_least(1, plan, "frequency")
    interval = plan.get("interval") if frequency else None
    return Recurrence(
        amount=_get_at_least(0, plan, "amount"),
        interval=str(interval) if interval else None,
        frequency=frequency or 1,
        times=_get_at_least(1, plan, "expiry_count"),
    )


def _get_at_least(least: int, plan: Raw, name: str) -> int | None:
    found = get_integer(plan, name)
    return None if found is None or found < least else found


def format_times(times: int | None) -> BilingualText:
    """Return the number of payments: without end, 12 times at most."""
    if times is None:
        return ", sin fecha de término", ", without end"
    return format_both(
        ", {n} cuando mucho",
        ", {n} at most",
        n=format_count(times, ("vez", "veces"), ("time", "times")),
    )


def format_price(plan: Raw) -> BilingualText:
    """Return price, interval and end of a plan: MXN 99.00 every month, without end."""
    again = build_recurrence(plan)
    sum_of_one = format_known_money(again.amount, plan.get("currency"))
    often = format_cycle(again.interval, again.frequency)
    times = format_times(again.times)
    return format_both(
        "{sum} {often}{times}", "{sum} {often}{times}", sum=sum_of_one, often=often, times=times
    )


def _observe_new_plan(arguments: Any, _: Raw) -> ObservedState:
    fields = arguments.model_dump()
    return ObservedState(
        currency=to_currency(arguments.currency),
        recurrence=build_recurrence(fields),
        facts={"price": format_both("{price}{trial}", "{price}{trial}", **_describe_new_price(fields))},
    )


def _describe_new_price(plan: Raw) -> dict[str, BilingualText]:
    """Return the price, and for how long nobody pays it."""
    free = get_integer(plan, "trial_period_days")
    days = format_count(free or 0, ("día", "días"), ("day", "days"))
    trial = format_both(", con {days} de prueba", ", with {days} of trial", days=days) if free else ("", "")
    return {"price": format_price(plan), "trial": trial}


def _observe_changes(arguments: Any, plan: Raw) -> ObservedState:
    currency = arguments.currency or plan.get("currency")
    given = arguments.model_dump(exclude_none=True, include=set(PRICE_ARGUMENTS))
    changes = (
        [format_both("nombre {name}", "name {name}", name=format_name({"name": arguments.name}))]
        if arguments.name
        else []
    )
    if arguments.amount is not None or arguments.currency:
        amount = get_integer(plan, "amount") if arguments.amount is None else arguments.amount
        changes.append(format_both("precio {sum}", "price {sum}", sum=format_known_money(amount, currency)))
    if arguments.expiry_count is not None:
        many = format_count(arguments.expiry_count, ("cobro", "cobros"), ("charge", "charges"))
        changes.append(format_both("{many} en total", "{many} in all", many=many))
    facts = {
        "plan": format_name(plan, arguments.plan_id),
        "price": format_price(plan),
        "changes": (", ".join(one for one, _ in changes), ", ".join(one for _, one in changes)),
    }
    if not given:
        return ObservedState(currency=get_currency(plan), facts=facts)
    after = build_recurrence({**plan, **given})
    return ObservedState(
        amount=after.amount,
        currency=to_currency(currency) if currency or plan else None,
        is_amount_knowable=not plan or after.amount is not None,
        recurrence=after,
        before=name_price(plan) if plan else {},
        after=name_price({**plan, **given}),
        facts=facts,
    )


def name_price(plan: Raw) -> Mapping[str, Any]:
    """Return `before` or `after` of an effect: price, interval and end of a plan."""
    again = build_recurrence(plan)
    return {
        "amount": again.amount,
        "currency": to_currency(plan.get("currency")),
        "interval": again.interval,
        "frequency": again.frequency,
        "times": again.times,
    }


def _expect_currency(arguments: Any, plan: Raw) -> Mapping[str, Any]:
    currency = arguments.currency or plan.get("currency")
    return {"currency": IfShown(currency)} if currency else {}


def _observe_plan(arguments: Any, plan: Raw) -> ObservedState:
    return ObservedState(
        currency=get_currency(plan),
        facts={"plan": format_name(plan, arguments.plan_id), "price": format_price(plan)},
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_plan.name: WritePlan(
        amount=get_argument_amount,
        subject="plan_id",
        observe=_observe_new_plan,
        question=build_question("¿Crear el plan {name} de {price}?", "Create the plan {name} of {price}?"),
        verifier=verify_new_row(
            list_plans,
            NewRow(tool=create_plan),
            create_lookup(list_plans),
            read_full=lambda api, _, row: call_read_tool(api, get_plan, plan_id=str(row["id"])),
            row_lookup=lambda _, row: format_call(get_plan, plan_id=str(row.get("id"))),
        ),
        expect_answer=expect_answer(create_plan),
    ),
    update_plan.name: WritePlan(
        unasked=Unasked.CHANGEABLE,
        asked_about=PRICE_ARGUMENTS,
        amount=get_argument_amount,
        subject="plan_id",
        read=READ_PLAN,
        observe=_observe_changes,
        question=build_question(
            "¿Cambiar el plan {plan} ({plan_id}, hoy {price}) para todos sus suscriptores: {changes}?",
            "Change the plan {plan} ({plan_id}, today {price}) for all its subscribers: {changes}?",
        ),
        verifier=verify_field_change(READ_PLAN, expect_body(update_plan), PLAN_LOOKUP),
        expect_answer=expect_answer(update_plan, more=_expect_currency),
    ),
    delete_plan.name: WritePlan(
        kind=EffectKind.REMOVAL,
        is_reversible=False,
        subject="plan_id",
        read=READ_PLAN,
        observe=_observe_plan,
        question=build_question(
            "¿Borrar para siempre el plan {plan} ({plan_id}, {price})?",
            "Delete for good the plan {plan} ({plan_id}, {price})?",
        ),
        verifier=verify_removal(allow_missing(READ_PLAN), "plan_id", PLAN_LOOKUP),
        expect_answer=expect_answer(delete_plan),
    ),
}
