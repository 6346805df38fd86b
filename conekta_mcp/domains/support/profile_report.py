"""get_customer_profile: the profile by id, e-mail or phone, with subscriptions and a deletion's effects."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.customers.tools import list_customers
from conekta_mcp.domains.folding import fold_email
from conekta_mcp.domains.plans.tools import GetPlanInput, get_plan
from conekta_mcp.domains.subscriptions.tools import list_subscriptions
from conekta_mcp.domains.support.customer_profile import compose_profile
from conekta_mcp.domains.support.explaining.explainer import build_not_found
from conekta_mcp.domains.support.fields import ProfileInput
from conekta_mcp.domains.support.finding.comparison import get_last_digits
from conekta_mcp.domains.support.walking import Walk, collect_rows
from conekta_mcp.effects.question_facts import count_lost_sources
from conekta_mcp.effects.question_text import format_count, to_currency
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.errors import Failure
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import say

LIVE_STATUSES = frozenset({"active", "in_trial", "past_due", "paused"})
MAX_CANDIDATES = 10
MAX_PLANS = 3
Raw = Mapping[str, Any]
COUNTED = (
    (("dirección", "direcciones"), ("address", "addresses")),
    (("suscripción viva", "suscripciones vivas"), ("live subscription", "live subscriptions")),
)
"""What a deletion also removes, for one and for several, in Spanish and in English."""


async def get_profile(reader: Reader, asked: ProfileInput) -> dict[str, Any]:
    """Compose the profile of one customer; if several match, list them."""
    if asked.customer_id:
        return await _compose(reader, asked.customer_id)
    walk = await _find_customers(reader, asked)
    if len(walk.found) == 1 and walk.complete:
        return await _compose(reader, str(walk.found[0].get("id")))
    what = say("correo", "e-mail") if asked.email else say("teléfono", "phone")
    if not walk.found:
        message = say(f"Ningún cliente tiene ese {what}.", f"No customer has that {what}.")
        if walk.complete:
            raise build_not_found(message)
        return {"found": message, "customers": []}
    return {
        "found": say(
            f"{len(walk.found)} clientes tienen ese {what}: pide el perfil de uno por su id.",
            f"{len(walk.found)} customers have that {what}: ask for the profile of one by its id.",
        ),
        "customers": walk.found[:MAX_CANDIDATES],
        "complete": walk.complete,
    }


async def _find_customers(reader: Reader, asked: ProfileInput) -> Walk:
    """Return the customers with this whole e-mail, or these last ten digits of the phone."""
    if asked.email:
        email = fold_email(asked.email)
        walk = await collect_rows(reader, list_customers, search=asked.email.strip()[:249])
        walk.found = [one for one in walk.found if fold_email(one.get("email")) == email]
        return walk
    digits = get_last_digits(asked.phone) or str(asked.phone)
    walk = await collect_rows(reader, list_customers, search=digits)
    walk.found = [one for one in walk.found if get_last_digits(one.get("phone")) == digits]
    return walk


async def _compose(reader: Reader, customer_id: str) -> dict[str, Any]:
    asked = list_subscriptions.input(customer_id=customer_id, limit=50)
    profile, subscriptions = await gather_answers(
        lambda: compose_profile(reader, customer_id), lambda: list_subscriptions.call(reader, asked)
    )
    rows = get_rows(subscriptions) or []
    plans = await _read_plans(reader, rows)
    cards = {one.get("id"): one for one in profile.get("payment_sources") or []}
    told = [_add_plan_and_card(one, plans, cards) for one in rows]
    profile = {**profile, "owed": _add_unpaid_cycles(profile, told)}
    return {**profile, "subscriptions": told, "deletion": _describe_deletion(profile, rows)}


def _add_unpaid_cycles(profile: Raw, subscriptions: Sequence[Raw]) -> list[dict[str, Any]]:
    """Add to what is owed the cycles that a card did not pay: their orders do not wait for a payment."""
    orders = {one.get("id"): one for one in profile.get("latest_orders") or []}
    owed = {str(one["currency"]): dict(one) for one in profile.get("owed") or []}
    for one in subscriptions:
        bill = orders.get(one.get("last_billing_cycle_order_id")) or one.get("plan") or {}
        amount, currency = bill.get("amount"), to_currency(bill.get("currency"))
        is_counted = normalize_status(bill.get("payment_status")) == "pending_payment"
        if normalize_status(one.get("status")) != "past_due" or is_counted or not isinstance(amount, int):
            continue
        before = owed.get(currency, {"currency": currency, "amount": 0, "orders": 0})
        total = before["amount"] + amount
        more = {"amount": total, "amount_text": format_pesos(total, currency), "orders": before["orders"] + 1}
        owed[currency] = {**before, **more}
    return list(owed.values())


async def _read_plans(reader: Reader, subscriptions: Sequence[Raw]) -> dict[str, Raw]:
    """Read the plans of live subscriptions, for price and name; only a few, and if the caller may."""
    live = [one for one in subscriptions if _is_live(one) and isinstance(one.get("plan_id"), str)]
    ids = list(dict.fromkeys(str(one["plan_id"]) for one in live))[:MAX_PLANS]
    if not ids or not reader.is_open(get_plan.name) or not reader.has_budget(len(ids)):
        return {}

    async def read(plan_id: str) -> dict[str, Any]:
        try:
            return await get_plan.call(reader, GetPlanInput(plan_id=plan_id))
        except Failure as failure:
            if failure.is_missing_object:  # a plan that was deleted
                return {}
            raise

    plans = await gather_answers(*(partial(read, one) for one in ids))
    return dict(zip(ids, plans, strict=True))


def _is_live(subscription: Raw) -> bool:
    return normalize_status(subscription.get("status")) in LIVE_STATUSES


def _add_plan_and_card(subscription: Raw, plans: Mapping[str, Raw], cards: Mapping[Any, Raw]) -> Raw:
    card = cards.get(str(subscription.get("card_id")), {})
    return {
        **subscription,
        "plan": plans.get(str(subscription.get("plan_id"))) or None,
        "card_brand": card.get("brand"),
        "card_last4": card.get("last4"),
    }


def _describe_deletion(profile: Raw, subscriptions: Sequence[Raw]) -> str:
    """Return what deleting the customer would remove, as far as this profile shows."""
    sources = profile.get("payment_sources") or []
    live = sum(map(_is_live, subscriptions))
    addresses = len(profile.get("shipping_contacts") or []) + len(profile.get("fiscal_entities") or [])
    owed = [format_pesos(one.get("amount"), one.get("currency")) for one in profile.get("owed") or []]
    parts = count_lost_sources(sources)
    parts += [
        format_count(count, *words) for count, words in zip((addresses, live), COUNTED, strict=True) if count
    ]
    spanish, english = (", ".join(one[place] for one in parts) for place in (0, 1))
    told = say(
        f"Borrarlo quita también: {spanish}." if parts else "Borrarlo no quita nada más.",
        f"Deleting also takes along: {english}." if parts else "Deleting takes nothing else along.",
    )
    money = " + ".join(str(one) for one in owed)
    if not profile.get("owed_is_complete"):
        least = say(f", al menos {money}", f", at least {money}") if money else ""
        return told + say(
            f" Sus órdenes quedan; no se vieron todas las que están por pagar{least}.",
            f" The orders stay; not all that are unpaid were seen{least}.",
        )
    if money:
        return told + say(f" Sus órdenes quedan; por pagar: {money}.", f" The orders stay; unpaid: {money}.")
    return told + say(" Sus órdenes quedan.", " The orders stay.")
