"""get_customer_profile: the profile as a tool, by id, e-mail or phone, with subscriptions and a deletion."""

from collections.abc import Mapping, Sequence
from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.customers.tools import list_customers
from conekta_mcp.domains.subscriptions.tools import list_subscriptions
from conekta_mcp.domains.support.customer_profile import compose_profile
from conekta_mcp.domains.support.explaining.explainer import build_not_found
from conekta_mcp.domains.support.fields import ProfileInput
from conekta_mcp.domains.support.finding.comparison import get_last_digits
from conekta_mcp.domains.support.walking import Walk, collect_rows
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import say

LIVE_STATUSES = frozenset({"active", "in_trial", "past_due", "paused"})
MAX_CANDIDATES = 10
Raw = Mapping[str, Any]


async def get_profile(reader: Reader, asked: ProfileInput) -> dict[str, Any]:
    """Compose the profile of one customer; where several are meant, name them and guess nothing."""
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
    """Find the customers that have the whole e-mail, or the last ten digits of the phone."""
    if asked.email:
        email = asked.email.strip().casefold()
        walk = await collect_rows(reader, list_customers, search=asked.email.strip()[:249])
        walk.found = [one for one in walk.found if str(one.get("email") or "").strip().casefold() == email]
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
    return {**profile, "subscriptions": rows, "deletion": _describe_deletion(profile, rows)}


def _describe_deletion(profile: Raw, subscriptions: Sequence[Raw]) -> str:
    """Say what deleting the customer would take along, as far as this profile shows."""
    sources = profile.get("payment_sources") or []
    clabes = sum(1 for one in sources if one.get("clabe"))
    live = sum(1 for one in subscriptions if one.get("status") in LIVE_STATUSES)
    addresses = len(profile.get("shipping_contacts") or []) + len(profile.get("fiscal_entities") or [])
    owed = [format_pesos(one.get("amount"), one.get("currency")) for one in profile.get("owed") or []]
    spanish = (
        f"Borrarlo quita formas de pago: {len(sources)} (CLABE: {clabes}), direcciones: {addresses}, "
        f"suscripciones vivas: {live}; sus órdenes quedan"
    )
    english = (
        f"Deleting takes along payment sources: {len(sources)} (CLABEs: {clabes}), addresses: {addresses}, "
        f"live subscriptions: {live}; orders stay"
    )
    money = " + ".join(str(one) for one in owed)
    return say(
        spanish + (f", {money} de ellas por pagar." if money else "."),
        english + (f", {money} of them unpaid." if money else "."),
    )
