"""Subscriptions: a card charged by a plan, cycle after cycle (conekta-api.md 4.9, 5.3)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import EffectKind, Operation
from conekta_mcp.domains.plans.writes import format_price
from conekta_mcp.domains.subscriptions import deprecated_tools as singular
from conekta_mcp.domains.subscriptions.proofs import (
    SUBSCRIPTIONS_LOOKUP,
    OutcomeJudge,
    judge_cancellation,
    judge_resumption,
    judge_retry,
    judge_update,
    verify_subscription,
)
from conekta_mcp.domains.subscriptions.state import (
    read_bill_state,
    read_new_subscription,
    read_plan_state,
)
from conekta_mcp.domains.subscriptions.tools import (
    cancel_subscription,
    create_subscription,
    get_subscription,
    list_subscriptions,
    pause_subscription,
    resume_subscription,
    retry_subscription,
    update_subscription,
)
from conekta_mcp.effects.answer_check import NoneOf, expect_answer
from conekta_mcp.effects.comparison import OneOf
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.question_facts import format_name, get_currency
from conekta_mcp.effects.question_text import (
    BilingualText,
    build_question,
    format_both,
    format_date,
    format_id,
    format_money,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    create_lookup,
    create_reader,
    format_call,
    get_integer,
    get_object,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import verify_status
from conekta_mcp.effects.write_plan import ObservedState, WritePlan

ID_ARGUMENTS = ("customer_id", "subscription_id")
TO_PLAN: BilingualText = ("al plan", "to the plan")
OF_PLAN: BilingualText = ("del plan", "on the plan")


def _observe_subscription(arguments: Any, raw: Raw) -> ObservedState:
    plan, subscription = get_object(raw, "plan"), get_object(raw, "subscription")
    trial = getattr(arguments, "trial_end", None)
    free = get_integer(plan, "trial_period_days")
    first: str | BilingualText = (", con cargo inmediato a su tarjeta", ", charging the card at once")
    if trial:
        first = format_both(
            ", con cargos desde el {day}", ", with charges from {day}", day=format_date(trial)
        )
    elif free:
        first = (f", con {free} días de prueba", f", with {free} days of trial")
    facts = {
        "person": format_name(get_object(raw, "customer"), arguments.customer_id),
        "plan": format_name(plan, plan.get("id")),
        "price": format_price(plan),
        "first": first,
        "id": format_id(subscription.get("id") or "?"),
        "changes": _format_changes(arguments),
        "target": TO_PLAN if getattr(arguments, "plan_id", None) else OF_PLAN,
        "sum": format_money(_get_due_amount(raw) or 0, plan.get("currency")),
    }
    return ObservedState(amount=_get_due_amount(raw), currency=get_currency(plan), facts=facts)


def _list_read_ids(raw: Raw) -> list[str]:
    """List the subscription that the singular routes mean, and the order that a retry charges."""
    known = (get_object(raw, name).get("id") for name in ("subscription", "order"))
    return [str(one) for one in known if one]


def _get_due_amount(raw: Raw) -> int | None:
    """Give the centavos of the next charge: of the unpaid bill, else of a cycle."""
    bill = get_integer(get_object(raw, "order"), "amount")
    return get_integer(get_object(raw, "plan"), "amount") if bill is None else bill


def _format_changes(arguments: Any) -> BilingualText:
    card, trial = getattr(arguments, "card_id", None), getattr(arguments, "trial_end", None)
    parts = [(f"con la tarjeta {card}", f"with the card {card}")] if card else []
    if trial:
        parts.append(
            format_both("con prueba hasta el {day}", "with a trial until {day}", day=format_date(trial))
        )
    spanish, english = ("".join(f", {one[place]}" for one in parts) for place in (0, 1))
    return spanish, english


def _plan_action(
    spanish: str, english: str, decide: OutcomeJudge, kind: EffectKind = EffectKind.CHARGE
) -> WritePlan:
    return WritePlan(
        kind=kind,
        subject="customer_id",
        touches_read=_list_read_ids,
        read=read_bill_state if decide is judge_retry else read_plan_state,
        observe=_observe_subscription
        if kind is EffectKind.CHARGE
        else lambda arguments, raw: replace(_observe_subscription(arguments, raw), amount=None),
        question=build_question(spanish, english),
        verifier=verify_subscription(decide),
    )


def _plan_start(tool: Operation[Any]) -> WritePlan:
    return WritePlan(
        kind=EffectKind.CHARGE,
        subject="customer_id",
        read=read_new_subscription,
        observe=_observe_subscription,
        question=build_question(
            "¿Suscribir a {person} ({customer_id}) al plan {plan} de {price}{first}{changes}?",
            "Subscribe {person} ({customer_id}) to the plan {plan} of {price}{first}{changes}?",
        ),
        verifier=verify_new_row(
            list_subscriptions,
            NewRow(tool=tool),
            create_lookup(list_subscriptions, "customer_id"),
            "customer_id",
            row_lookup=lambda arguments, row: format_call(
                get_subscription, customer_id=arguments.customer_id, subscription_id=str(row.get("id"))
            ),
        ),
        expect_answer=expect_answer(tool),
    )


CHANGE = _plan_action(
    "¿Cambiar la suscripción {id} de {person} {target} {plan} de {price}{changes}?",
    "Change the subscription {id} of {person} {target} {plan} of {price}{changes}?",
    judge_update,
)
CANCEL = _plan_action(
    "¿Terminar para siempre la suscripción {id} de {person} al plan {plan} de {price}?",
    "End for good the subscription {id} of {person} to the plan {plan} of {price}?",
    judge_cancellation,
    EffectKind.REMOVAL,
)
RESUME = _plan_action(
    "¿Reanudar la suscripción {id} de {person} al plan {plan} de {price}, que puede cobrarse de inmediato?",
    "Resume the subscription {id} of {person} to the plan {plan} of {price}, which may be charged at once?",
    judge_resumption,
)
ENDED = {"status": OneOf(("canceled", "cancelled"))}
RUNNING = {"status": NoneOf(("paused", "canceled", "cancelled"))}
WRITE_PLANS: Mapping[str, WritePlan] = {
    create_subscription.name: _plan_start(create_subscription),
    update_subscription.name: replace(CHANGE, expect_answer=expect_answer(update_subscription)),
    cancel_subscription.name: replace(CANCEL, expect_answer=expect_answer(cancel_subscription, more=ENDED)),
    pause_subscription.name: WritePlan(
        subject="customer_id",
        question=build_question(
            "¿Pausar los cobros de la suscripción {subscription_id}?",
            "Pause the billing of the subscription {subscription_id}?",
        ),
        verifier=verify_status(
            create_reader(get_subscription, *ID_ARGUMENTS),
            "status",
            ("paused",),
            create_lookup(get_subscription, *ID_ARGUMENTS),
        ),
        expect_answer=expect_answer(pause_subscription, more={"status": "paused"}),
    ),
    resume_subscription.name: replace(RESUME, expect_answer=expect_answer(resume_subscription, more=RUNNING)),
    retry_subscription.name: replace(
        _plan_action(
            "¿Cobrar ahora otra vez {sum} a la tarjeta de {person} por el plan {plan} (suscripción {id})?",
            "Charge the card of {person} again now, {sum}, for the plan {plan} (subscription {id})?",
            judge_retry,
        ),
        expect_answer=expect_answer(retry_subscription),
    ),
    singular.create_customer_subscription.name: _plan_start(singular.create_customer_subscription),
    singular.update_customer_subscription.name: replace(
        CHANGE, expect_answer=expect_answer(singular.update_customer_subscription)
    ),
    singular.cancel_customer_subscription.name: replace(
        CANCEL, expect_answer=expect_answer(singular.cancel_customer_subscription, more=ENDED)
    ),
    singular.pause_customer_subscription.name: WritePlan(
        subject="customer_id",
        question=build_question(
            "¿Pausar los cobros de la suscripción del cliente {customer_id}?",
            "Pause the billing of the subscription of the customer {customer_id}?",
        ),
        verifier=verify_status(
            create_reader(singular.get_customer_subscription, "customer_id"),
            "status",
            ("paused",),
            SUBSCRIPTIONS_LOOKUP,
        ),
        expect_answer=expect_answer(singular.pause_customer_subscription, more={"status": "paused"}),
    ),
    singular.resume_customer_subscription.name: replace(
        RESUME, expect_answer=expect_answer(singular.resume_customer_subscription, more=RUNNING)
    ),
}
