"""The answer of find_payment without clues: the newest orders."""

from typing import Any

from conekta_mcp.catalog import Reader
from conekta_mcp.domains.orders.tools import list_orders
from conekta_mcp.domains.support.walking import Walk, iter_pages
from conekta_mcp.results.times import say


async def list_newest(reader: Reader, count: int) -> dict[str, Any]:
    """Answer a question about no payment in particular, such as "¿ya llegó mi pago?"."""
    walk = Walk()
    async for rows in iter_pages(reader, list_orders, walk, limit=count):
        walk.found += rows
        break
    said = say(
        "El texto no dice de qué pago se trata; estas son las órdenes más nuevas. Pide el monto, el día, el "
        "nombre, el correo, la CLABE o la referencia.",
        "The text does not say which payment it is; these are the newest orders. Ask for amount, day, "
        "name, e-mail, CLABE or reference.",
    )
    what = say("las órdenes más nuevas", "the newest orders")
    return {
        "found": said if walk.found else say("Aún no hay ninguna orden.", "There is no order yet."),
        "payments": [],
        "newest": walk.found or None,
        "searched": [{"what": what, "read": walk.rows, "complete": walk.complete}],
        "complete": walk.complete,
    }
