"""Subscriptions: a card charged by a plan, cycle after cycle (conekta-api.md 4.9, 5.3)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conekta_mcp.catalog import Kind, Sender
from conekta_mcp.domains.orders.writes import customer_of
from conekta_mcp.domains.plans.tools import get_plan
from conekta_mcp.domains.plans.writes import price
from conekta_mcp.domains.subscriptions import deprecated_tools as singular
from conekta_mcp.domains.subscriptions.proofs import (
    LOOK,
    Decide,
    bill_of,
    body_of_change,
    by_the_one_meant,
    cancelled,
    resumed,
    retried,
    updated,
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
from conekta_mcp.effects.question_facts import currency, name_of
from conekta_mcp.effects.question_text import (
    Both,
    asking,
    both,
    dated,
    identity,
    money,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    looking,
    number,
    part,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import in_state
from conekta_mcp.effects.write_plan import Handling, Seen

ONE = ("customer_id", "subscription_id")
TO: Both = ("al plan", "to the plan")
OF: Both = ("del plan", "on the plan")


async def _plan(api: Sender, plan_id: object) -> Raw:
    return await ask(api, get_plan, plan_id=str(plan_id)) if plan_id else {}


async def _start(api: Sender, arguments: Any) -> Raw:
    """Read who is to be subscribed, and to what."""
    plan = await _plan(api, arguments.plan_id)
    return {"customer": await customer_of(api, arguments), "plan": plan}


async def _subscription(api: Sender, arguments: Any) -> Raw:
    """Read the subscription that a call acts on; the singular routes do not name it."""
    known = getattr(arguments, "subscription_id", None)
    if known is None:
        return await ask(api, singular.get_customer_subscription, customer_id=arguments.customer_id)
    return await ask(api, get_subscription, customer_id=arguments.customer_id, subscription_id=known)


async def _with_plan(api: Sender, arguments: Any) -> Raw:
    """Read a subscription with its customer and its plan, or the one that it changes to."""
    subscription = await _subscription(api, arguments)
    plan = await _plan(api, getattr(arguments, "plan_id", None) or subscription.get("plan_id"))
    return {"subscription": subscription, "plan": plan, "customer": await customer_of(api, arguments)}


async def _with_bill(api: Sender, arguments: Any) -> Raw:
    """Read a subscription with its customer, its plan and the order of its latest cycle."""
    known = await _with_plan(api, arguments)
    return {**known, "order": await bill_of(api, part(known, "subscription"))}


def _seen(arguments: Any, raw: Raw) -> Seen:
    plan, subscription = part(raw, "plan"), part(raw, "subscription")
    trial = getattr(arguments, "trial_end", None)
    free = number(plan, "trial_period_days")
    first: str | Both = (", con cargo inmediato a su tarjeta", ", charging the card at once")
    if trial:
        first = both(", con cargos desde el {day}", ", with charges from {day}", day=dated(trial))
    elif free:
        first = (f", con {free} días de prueba", f", with {free} days of trial")
    facts = {
        "person": name_of(part(raw, "customer"), arguments.customer_id),
        "plan": name_of(plan, plan.get("id")),
        "price": price(plan),
        "first": first,
        "id": identity(subscription.get("id") or "?"),
        "changes": _changes(arguments),
        "target": TO if getattr(arguments, "plan_id", None) else OF,
        "sum": money(_due(raw) or 0, plan.get("currency")),
    }
    return Seen(amount=_due(raw), currency=currency(plan), facts=facts)


def _due(raw: Raw) -> int | None:
    """Give the centavos of the next charge: of the unpaid bill, else of a cycle."""
    bill = number(part(raw, "order"), "amount")
    return number(part(raw, "plan"), "amount") if bill is None else bill


def _changes(arguments: Any) -> Both:
    card, trial = getattr(arguments, "card_id", None), getattr(arguments, "trial_end", None)
    parts = [(f"con la tarjeta {card}", f"with the card {card}")] if card else []
    if trial:
        parts.append(both("con prueba hasta el {day}", "with a trial until {day}", day=dated(trial)))
    spanish, english = ("".join(f", {one[place]}" for one in parts) for place in (0, 1))
    return spanish, english


def _acting(spanish: str, english: str, decide: Decide, kind: Kind = Kind.CHARGE) -> Handling:
    return Handling(
        kind=kind,
        subject="customer_id",
        read=_with_bill if decide is retried else _with_plan,
        see=_seen
        if kind is Kind.CHARGE
        else lambda arguments, raw: replace(_seen(arguments, raw), amount=None),
        said=asking(spanish, english),
        proof=by_the_one_meant(decide),
    )


START = Handling(
    kind=Kind.CHARGE,
    subject="customer_id",
    read=_start,
    see=_seen,
    said=asking(
        "¿Suscribir a {person} ({customer_id}) al plan {plan} de {price}{first}{changes}?",
        "Subscribe {person} ({customer_id}) to the plan {plan} of {price}{first}{changes}?",
    ),
    proof=new_row(
        list_subscriptions,
        body_of_change,
        looking(list_subscriptions, "customer_id"),
        "customer_id",
        named=lambda arguments, row: written(
            get_subscription, customer_id=arguments.customer_id, subscription_id=str(row.get("id"))
        ),
    ),
)
CHANGE = _acting(
    "¿Cambiar la suscripción {id} de {person} {target} {plan} de {price}{changes}?",
    "Change the subscription {id} of {person} {target} {plan} of {price}{changes}?",
    updated,
)
CANCEL = _acting(
    "¿Terminar para siempre la suscripción {id} de {person} al plan {plan} de {price}?",
    "End for good the subscription {id} of {person} to the plan {plan} of {price}?",
    cancelled,
    Kind.REMOVAL,
)
RESUME = _acting(
    "¿Reanudar la suscripción {id} de {person} al plan {plan} de {price}, que puede cobrarse de inmediato?",
    "Resume the subscription {id} of {person} to the plan {plan} of {price}, which may be charged at once?",
    resumed,
)
HANDLINGS: Mapping[str, Handling] = {
    create_subscription.name: START,
    update_subscription.name: CHANGE,
    cancel_subscription.name: CANCEL,
    pause_subscription.name: Handling(
        subject="customer_id",
        said=asking(
            "¿Pausar los cobros de la suscripción {subscription_id}?",
            "Pause the billing of the subscription {subscription_id}?",
        ),
        proof=in_state(
            reading(get_subscription, *ONE), "status", ("paused",), looking(get_subscription, *ONE)
        ),
    ),
    resume_subscription.name: RESUME,
    retry_subscription.name: _acting(
        "¿Cobrar ahora otra vez {sum} a la tarjeta de {person} por el plan {plan} (suscripción {id})?",
        "Charge the card of {person} again now, {sum}, for the plan {plan} (subscription {id})?",
        retried,
    ),
    singular.create_customer_subscription.name: START,
    singular.update_customer_subscription.name: CHANGE,
    singular.cancel_customer_subscription.name: CANCEL,
    singular.pause_customer_subscription.name: Handling(
        subject="customer_id",
        said=asking(
            "¿Pausar los cobros de la suscripción del cliente {customer_id}?",
            "Pause the billing of the subscription of the customer {customer_id}?",
        ),
        proof=in_state(
            reading(singular.get_customer_subscription, "customer_id"), "status", ("paused",), LOOK
        ),
    ),
    singular.resume_customer_subscription.name: RESUME,
}
