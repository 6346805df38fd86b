"""What a new payment link asks for: amount, how often, from whom, and its subscription plans."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from conekta_mcp.catalog import Recurrence, Sender
from conekta_mcp.domains.orders.writes import read_customer
from conekta_mcp.domains.plans.tools import get_plan
from conekta_mcp.domains.plans.writes import build_recurrence, format_price
from conekta_mcp.effects.question_facts import (
    compute_total,
    describe_items,
    format_name,
    format_return,
    name_customer,
)
from conekta_mcp.effects.question_text import (
    BilingualText,
    format_both,
    format_money,
    to_currency,
)
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.effects.state_reading import Raw, call_read_tool, get_object
from conekta_mcp.effects.write_plan import ObservedState
from conekta_mcp.policy.sums import measure_month
from conekta_mcp.privacy.untrusted_text import quote_text

KEEPS_CARD: BilingualText = (
    ", guardando la tarjeta para cobrarle después cualquier importe",
    ", keeping the card to charge it any sum later",
)


def subscribes(arguments: Any) -> bool:
    """Tell whether paying the link starts a subscription, whose plan has to be read."""
    return bool(arguments.plan_ids)


async def read_plans_and_payer(api: Sender, arguments: Any) -> Raw:
    """Read the subscription plans of a link, and its customer."""
    customer, *plans = await gather_answers(
        lambda: read_customer(api, arguments),
        *(partial(call_read_tool, api, get_plan, plan_id=one) for one in arguments.plan_ids or ()),
    )
    return {"plans": plans, "customer": customer}


def compute_max_amount(arguments: Any, prices: Sequence[int] = ()) -> int:
    """Return the centavos of all payments of a new link, of one where nothing limits them.

    With each payment comes the first cycle of its plans, of these prices. A discount beyond the products
    takes nothing off a plan: what is below zero stays so, and is refused.
    """
    times = arguments.payments_limit_count if arguments.recurrent else 1
    products = compute_total(arguments)
    return (products + sum(prices) if products >= 0 else products) * (times or 1)


def get_known_amount(arguments: Any) -> int | None:
    """Return the amount in centavos, if no plan adds to it."""
    return None if subscribes(arguments) else compute_max_amount(arguments)


def observe_new_link(arguments: Any, raw: Raw) -> ObservedState:
    plans: list[Raw] = list(raw.get("plans", ()))
    prices = [build_recurrence(plan).amount for plan in plans]
    known = len(plans) == len(arguments.plan_ids or ()) and None not in prices
    return ObservedState(
        amount=compute_max_amount(arguments, [price or 0 for price in prices]) if known else None,
        is_amount_knowable=known or not raw,
        currency=_find_currency(arguments, plans),
        recurrence=_build_recurrence(arguments, plans),
        payer=_get_payer(arguments),
        facts=_describe(arguments, plans, get_object(raw, "customer")),
    )


def _find_currency(arguments: Any, plans: list[Raw]) -> str:
    """Return the link's currency, or the one of a plan if it differs."""
    currencies = [to_currency(plan.get("currency")) for plan in plans]
    return str(next((other for other in currencies if other != arguments.currency), arguments.currency))


def _build_recurrence(arguments: Any, plans: list[Raw]) -> Recurrence | None:
    """Return how often a link can charge; without an amount if it is not known."""
    many = arguments.payments_limit_count if arguments.recurrent else 1
    if arguments.on_demand_enabled or (subscribes(arguments) and (many is None or not plans)):
        return Recurrence(amount=None, interval=None)
    if plans:
        return _combine_plans(plans, many)
    if not arguments.recurrent:
        return None
    return Recurrence(amount=compute_total(arguments), interval=None, times=many)


def _combine_plans(plans: list[Raw], many: int) -> Recurrence:
    """Return what all plans charge, for as many payers as the link allows."""
    rhythms = [build_recurrence(plan) for plan in plans]
    if len(rhythms) == 1 and many == 1:
        return rhythms[0]
    months = [measure_month(one) for one in rhythms]
    whole = None if None in months else sum(month or 0 for month in months) * many
    return Recurrence(amount=whole, interval="month")


def _get_payer(arguments: Any) -> str | None:
    payer: str | None = arguments.customer_id or (arguments.customer and arguments.customer.name)
    return payer


def _describe(arguments: Any, plans: list[Raw], customer: Raw) -> Mapping[str, str | BilingualText]:
    return {
        "items": describe_items(arguments.line_items),
        "sum": format_money(compute_total(arguments), arguments.currency),
        "payer": _format_payer(arguments, customer),
        "times": _format_times(arguments, [build_recurrence(plan).amount or 0 for plan in plans]),
        "plans": _format_plans(plans),
        "return": format_return(arguments.success_url),
        "later": format_both(
            "{months}{later}",
            "{months}{later}",
            months=_format_months(arguments),
            later=KEEPS_CARD if arguments.on_demand_enabled else ("", ""),
        ),
    }


def _format_months(arguments: Any) -> BilingualText:
    """Return over how many months a card may pay, for which the merchant may pay a fee."""
    offered = arguments.monthly_installments_options
    if not offered:
        return "", ""
    return format_both(", hasta en {n} meses", ", over up to {n} months", n=str(max(offered)))


def _format_payer(arguments: Any, customer: Raw) -> str | BilingualText:
    if arguments.customer:
        who: str | BilingualText = (
            f"{quote_text(arguments.customer.name)} {quote_text(arguments.customer.email)}"
        )
    elif arguments.customer_id:
        who = name_customer(customer, arguments.customer_id)
    else:
        return ""
    return format_both(" a {who}", " to {who}", who=who)


def _format_plans(plans: list[Raw]) -> BilingualText:
    """Return the plans that a payer subscribes to: price, interval and end."""
    parts = [
        format_both(
            ", suscribiendo a quien pague al plan {plan} de {price}",
            ", subscribing who pays to the plan {plan} of {price}",
            plan=format_name(plan, plan.get("id")),
            price=format_price(plan),
        )
        for plan in plans
    ]
    spanish, english = ("".join(part[place] for part in parts) for place in (0, 1))
    return spanish, english


def _format_times(arguments: Any, prices: Sequence[int]) -> BilingualText:
    if not arguments.recurrent:
        return ", una sola vez", ", once"
    count = arguments.payments_limit_count
    if count is None:
        return ", cuantas veces se quiera, sin límite", ", any number of times, without end"
    whole = format_money(compute_max_amount(arguments, prices), arguments.currency)
    return f", hasta {count} veces ({whole} en total)", f", up to {count} times ({whole} in all)"
