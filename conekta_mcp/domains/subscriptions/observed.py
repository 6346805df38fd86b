"""What a call does to a subscription: price, interval and end, before and after."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from conekta_mcp.catalog import Sender
from conekta_mcp.domains.orders.writes import read_customer
from conekta_mcp.domains.plans.tools import get_plan
from conekta_mcp.domains.plans.writes import build_recurrence, format_price, name_price
from conekta_mcp.domains.subscriptions import deprecated_tools as singular
from conekta_mcp.domains.subscriptions.proofs import read_bill
from conekta_mcp.domains.subscriptions.tools import get_subscription
from conekta_mcp.effects.question_facts import format_name, get_currency, name_customer
from conekta_mcp.effects.question_text import (
    BilingualText,
    format_both,
    format_count,
    format_id,
    format_known_money,
    format_time,
)
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.effects.state_reading import Raw, allow_missing, call_read_tool, get_integer, get_object
from conekta_mcp.effects.write_plan import ObservedState
from conekta_mcp.results.statuses import normalize_status

SOONER: BilingualText = (
    "; con esto la tarjeta puede cobrarse antes",
    "; with this the card may be charged sooner",
)
UNREADABLE_PRICE: BilingualText = (
    "un precio desconocido, porque el plan fue borrado",
    "an unknown price, as the plan was deleted",
)
OF_PLAN: BilingualText = ("del plan", "on the plan")


async def _read_plan(api: Sender, plan_id: object) -> Raw:
    return await call_read_tool(api, get_plan, plan_id=str(plan_id)) if plan_id else {}


# A subscription whose plan was deleted can still be ended.
_read_kept_plan = allow_missing(_read_plan)


async def read_new_subscription(api: Sender, arguments: Any) -> Raw:
    """Read the customer and the plan of a new subscription."""
    plan, customer = await gather_answers(
        lambda: _read_plan(api, arguments.plan_id), lambda: read_customer(api, arguments)
    )
    return {"customer": customer, "plan": plan}


async def _read_subscription(api: Sender, arguments: Any) -> Raw:
    """Read the subscription of a call; routes below the customer do not name it."""
    known = getattr(arguments, "subscription_id", None)
    if known is None:
        return await call_read_tool(
            api, singular.get_customer_subscription, customer_id=arguments.customer_id
        )
    return await call_read_tool(
        api, get_subscription, customer_id=arguments.customer_id, subscription_id=known
    )


async def read_subscription_state(api: Sender, arguments: Any, *, reads_bill: bool = False) -> Raw:
    """Read a subscription with customer and plan, and the new plan if it changes."""
    subscription, customer = await gather_answers(
        lambda: _read_subscription(api, arguments), lambda: read_customer(api, arguments)
    )
    now, then = subscription.get("plan_id"), getattr(arguments, "plan_id", None)
    reads: list[Callable[[], Awaitable[Raw]]] = [
        partial(_read_kept_plan, api, now),
        partial(_read_plan, api, None if then == now else then),
    ]
    if reads_bill:
        reads.append(partial(read_bill, api, subscription))
    plan_before, plan, *bill = await gather_answers(*reads)
    state = {
        "subscription": subscription,
        "plan": plan or plan_before,
        "plan_before": plan_before,
        "customer": customer,
    }
    return {**state, "order": bill[0]} if reads_bill else state


async def read_bill_state(api: Sender, arguments: Any) -> Raw:
    """Read a subscription with its customer, its plan and the order of its latest cycle."""
    return await read_subscription_state(api, arguments, reads_bill=True)


def list_touched_ids(raw: Raw) -> list[str]:
    """Return the ids that a call touches: subscription, plans, the order of its bill, and card."""
    known = [get_object(raw, name).get("id") for name in ("subscription", "order", "plan", "plan_before")]
    known.append(find_charged_card(raw))
    return sorted({str(one) for one in known if one})


def find_charged_card(raw: Raw) -> object:
    """Return the card that a subscription charges: its own, else the customer's default card."""
    own = get_object(raw, "subscription").get("card_id")
    return own or get_object(raw, "customer").get("default_payment_source_id")


def list_ended_ids(raw: Raw) -> list[str]:
    """Return the subscription that ends; routes below the customer do not name it."""
    known = get_object(raw, "subscription").get("id")
    return [str(known)] if known else []


def observe_start(arguments: Any, raw: Raw) -> ObservedState:
    """Return what a new or resumed subscription charges."""
    return _observe(arguments, raw, recurrence=build_recurrence(get_object(raw, "plan")))


def observe_bill(arguments: Any, raw: Raw) -> ObservedState:
    """Return what a retry charges: the unpaid bill, once."""
    return _observe(arguments, raw)


def observe_end(arguments: Any, raw: Raw) -> ObservedState:
    """Return what ends; nobody pays anything."""
    return _observe(arguments, raw, amount=None, is_amount_knowable=True)


def observe_change(arguments: Any, raw: Raw) -> ObservedState:
    """Return what a subscription costs before and after a change."""
    if not raw and arguments.plan_id is None and arguments.trial_end is None:
        return _observe(arguments, raw, before=name_price({}), after=name_price({}))
    plan, before = get_object(raw, "plan"), get_object(raw, "plan_before")
    # An earlier bill takes money earlier, even at the same price.
    paid_until_now = {"amount": 0} if charges_sooner(arguments, raw) else {}
    return _observe(
        arguments,
        raw,
        recurrence=build_recurrence(plan),
        before={**name_price(before), **paid_until_now, "plan": before.get("id")} if raw else {},
        after={**name_price(plan), "plan": plan.get("id")} if raw else {"amount": None},
    )


def charges_sooner(arguments: Any, raw: Raw) -> bool:
    """Tell whether a change may advance the next charge: a trial that ends earlier.

    Another plan may also end a trial: whether the trial continues is not documented (conekta-api.md 4.9).
    """
    subscription = get_object(raw, "subscription")
    ends = [get_integer(subscription, name) for name in ("trial_end", "billing_cycle_end")]
    known = [one for one in ends if one]
    if arguments.trial_end is not None:
        return not known or arguments.trial_end < max(known)
    changes_plan = arguments.plan_id not in (None, subscription.get("plan_id"))
    return changes_plan and normalize_status(subscription.get("status")) not in ("active", "past_due")


def _observe(arguments: Any, raw: Raw, **more: Any) -> ObservedState:
    due = _get_due_amount(raw)
    known: dict[str, Any] = {
        "amount": due,
        "is_amount_knowable": not raw or due is not None,
        "currency": get_currency(_get_priced(raw)),
        "payer": arguments.customer_id,
        "facts": describe_subscription(arguments, raw),
    }
    return ObservedState(**{**known, **more})


def describe_subscription(arguments: Any, raw: Raw) -> Mapping[str, str | BilingualText]:
    """Return whose subscription it is, its plan and price, and what changes."""
    plan, kept = get_object(raw, "plan"), get_object(raw, "subscription").get("plan_id")
    return {
        "person": name_customer(get_object(raw, "customer"), arguments.customer_id),
        "plan": format_name(plan, plan.get("id") or kept),
        "price": format_price(plan) if plan else UNREADABLE_PRICE,
        "first": _format_first_charge(arguments, plan),
        "id": format_id(get_object(raw, "subscription").get("id") or "?"),
        "changes": _format_changes(arguments, find_default_card(arguments, raw)),
        "sooner": SOONER if hasattr(arguments, "trial_end") and charges_sooner(arguments, raw) else "",
        "target": _format_target(arguments, get_object(raw, "plan_before"), kept),
        "sum": format_known_money(_get_due_amount(raw), _get_priced(raw).get("currency")),
    }


def _get_priced(raw: Raw) -> Raw:
    """Return the object with the sum of the next charge: the unpaid bill of a retry, else the plan.

    A plan may cost less today than its unpaid bill, so it does not stand in for a bill that is not shown.
    """
    return get_object(raw, "order" if "order" in raw else "plan")


def _get_due_amount(raw: Raw) -> int | None:
    """Return the centavos of the next charge: of the unpaid bill, else of a cycle."""
    return get_integer(_get_priced(raw), "amount")


def _format_first_charge(arguments: Any, plan: Raw) -> BilingualText:
    trial, free = getattr(arguments, "trial_end", None), get_integer(plan, "trial_period_days")
    if trial:
        return format_both(", con cargos desde el {day}", ", with charges from {day}", day=format_time(trial))
    if free:
        days = format_count(free, ("día", "días"), ("day", "days"))
        return format_both(", con {days} de prueba", ", with {days} of trial", days=days)
    return ", con cargo inmediato a su tarjeta", ", charging the card at once"


def _format_target(arguments: Any, plan_before: Raw, kept: object) -> BilingualText:
    if not getattr(arguments, "plan_id", None):
        return OF_PLAN
    return format_both(
        "del plan {plan} de {price} al plan",
        "from the plan {plan} of {price} to the plan",
        plan=format_name(plan_before, plan_before.get("id") or kept),
        price=format_price(plan_before) if plan_before else UNREADABLE_PRICE,
    )


def find_default_card(arguments: Any, raw: Raw) -> str | None:
    """Return the card that a new subscription charges if its call names none."""
    if "subscription" in raw or getattr(arguments, "card_id", None):
        return None
    known = get_object(raw, "customer").get("default_payment_source_id")
    return known if isinstance(known, str) and known.startswith("src_") else None


def pin_card(arguments: Any, raw: Raw) -> Mapping[str, Any]:
    """Send the card that was shown, since the customer's default card may change meanwhile."""
    known = find_default_card(arguments, raw)
    return {"card_id": known} if known else {}


def _format_changes(arguments: Any, default_card: str | None) -> BilingualText:
    card, trial = getattr(arguments, "card_id", None) or default_card, getattr(arguments, "trial_end", None)
    parts = [(f", con la tarjeta {card}", f", with the card {card}")] if card else []
    if trial:
        parts.append(
            format_both(", con prueba hasta el {day}", ", with a trial until {day}", day=format_time(trial))
        )
    spanish, english = ("".join(one[place] for one in parts) for place in (0, 1))
    return spanish, english
