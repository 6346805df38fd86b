"""What find_payment answers where no payment fits: newest orders, nearest amounts, people without orders."""

from collections.abc import Sequence
from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.catalog.fields import INT32_MAX
from conekta_mcp.domains.customers.tools import list_customers
from conekta_mcp.domains.folding import fold_email
from conekta_mcp.domains.orders.tools import list_orders
from conekta_mcp.domains.support.clues.amounts import format_sum
from conekta_mcp.domains.support.clues.clue import Clue, iter_readings
from conekta_mcp.domains.support.finding.places import Search
from conekta_mcp.domains.support.walking import Raw, Walk, iter_pages
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.times import say

MAX_NEAREST = 3
CENTAVOS = 100


async def list_newest(reader: Reader, count: int) -> dict[str, Any]:
    """Answer a question that tells of no payment in particular, such as "¿ya llegó mi pago?"."""
    walk = Walk()
    async for rows in iter_pages(reader, list_orders, walk, limit=count):
        walk.found += rows
        break
    text = say(
        "El texto no dice de qué pago se trata; estas son las órdenes más nuevas. Pide el monto, el día, el "
        "nombre, el correo, la CLABE o la referencia.",
        "The text does not say which payment it is; these are the newest orders. Ask for amount, day, "
        "name, e-mail, CLABE or reference.",
    )
    what = say("las órdenes más nuevas", "the newest orders")
    return {
        "found": text if walk.found else say("Aún no hay ninguna orden.", "There is no order yet."),
        "payments": [],
        "newest": walk.found or None,
        "searched": [{"what": what, "read": walk.rows, "complete": walk.complete}],
        "complete": walk.complete,
    }


async def explain_amount(
    asked: int | None, clues: Sequence[Clue], search: Search
) -> tuple[list[Raw] | None, list[str]]:
    """Return the orders with the amounts nearest to what was said, and a hint if it may have been pesos."""
    # Under masking nobody is shown who was not named by a whole value.
    if search.asked.whole_values_only:
        return None, []
    if asked is not None and asked * CENTAVOS <= INT32_MAX and search.reader.has_budget():
        place = await search.filter_amount(asked * CENTAVOS, {})
        search.beyond.append(place)
        if place.walk.found:
            cents, pesos = format_sum(asked, ""), format_sum(asked * CENTAVOS, "")
            hint = say(
                f"amount va en centavos: {asked} es {cents}; de {pesos} sí hay órdenes.",
                f"amount is in centavos: {asked} is {cents}; there are orders of {pesos}.",
            )
            return place.walk.found[:MAX_NEAREST], [hint]
    return _find_nearest(clues, search), []


def _find_nearest(clues: Sequence[Clue], search: Search) -> list[Raw] | None:
    """Return the orders that were seen with the amounts nearest to the one or the range that was said."""
    amounts = [(one.amount, one.most or one.amount) for one in iter_readings(list(clues), "amount")]
    if not amounts:
        return None
    seen = [one for one in search.orders.values() if isinstance(one.get("amount"), int)]

    def measure(one: Raw) -> int:
        amount = int(one["amount"])
        return min(max(least - amount, amount - most, 0) for least, most in amounts)

    return sorted(seen, key=measure)[:MAX_NEAREST]


async def describe_people(clues: Sequence[Clue], search: Search) -> list[str]:
    """Say which customers have the e-mail or phone that was said, though no order of theirs fits."""
    emails = dict.fromkeys(one.text for one in iter_readings(list(clues), "email"))
    phones = {one.text for one in iter_readings(list(clues), "phone")}
    found = {person: None for phone in phones for person in sorted(search.people.get(phone, ()))}
    for email in emails:
        place = search.begin_place(say("clientes con ese correo", "customers with that e-mail"))
        asked = list_customers.input(search=email[:249], limit=10)
        page = await search.ask(place, lambda asked=asked: list_customers.call(search.reader, asked))  # type: ignore[misc] # a lambda's default
        rows = [one for one in get_rows(page) or [] if fold_email(one.get("email")) == email]
        place.walk.rows = len(rows)
        found |= {str(one.get("id")): None for one in rows}
    if not found:
        return []
    ids = ", ".join(list(found)[:MAX_NEAREST])
    return [
        say(
            f"Clientes con ese correo o teléfono: {ids}; ninguna orden suya coincide.",
            f"Customers with that e-mail or phone: {ids}; no order of theirs fits.",
        )
    ]
