"""Payment sources: cards, recurring CLABEs and cash references (conekta-api.md 4.2)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind, Operation
from conekta_mcp.domains.payment_sources.tools import (
    add_card_source,
    add_cash_recurrent_source,
    add_spei_recurrent_source,
    delete_payment_source,
    list_payment_sources,
    update_payment_source,
)
from conekta_mcp.effects.question_text import (
    Both,
    Facts,
    asking,
    both,
    changes_of,
    identity,
)
from conekta_mcp.effects.state_reading import Raw, ask, inside, looking
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import body_of, changed, gone
from conekta_mcp.effects.write_plan import Handling, facts_only

LOOK = looking(list_payment_sources, "customer_id")
KINDS: Mapping[str, Both] = {
    "card": ("la tarjeta", "the card"),
    "spei_recurrent": ("la CLABE", "the CLABE"),
    "cash_recurrent": ("la referencia de efectivo", "the cash reference"),
}
HIDDEN = ("token_id",)
"""What Conekta never shows again."""


async def _sources(api: Any, arguments: Any) -> Raw:
    return await ask(api, list_payment_sources, customer_id=arguments.customer_id, limit=250)


def _meant(arguments: Any, page: Raw) -> Raw:
    rows = inside({"page": page}, "page")
    return next((row for row in rows if row.get("id") == arguments.payment_source_id), {})


def _facts(arguments: Any, page: Raw) -> Facts:
    source = _meant(arguments, page)
    digits = str(source.get("last4") or source.get("reference") or "")[-4:]
    kind = KINDS.get(str(source.get("type")), ("la fuente de pago", "the payment source"))
    ending = (
        both(" que termina en {digits}", " that ends in {digits}", digits=identity(digits)) if digits else ""
    )
    return {"source": kind, "ending": ending}


def _added(tool: Operation[Any], spanish: str, english: str) -> Handling:
    def wanted(arguments: Any) -> Mapping[str, Any]:
        body = body_of(tool)(arguments)
        return {name: body[name] for name in body if name not in HIDDEN}

    return Handling(
        subject="customer_id",
        said=asking(f"¿{spanish} al cliente {{customer_id}}?", f"{english} to the customer {{customer_id}}?"),
        proof=new_row(
            list_payment_sources, wanted, LOOK, "customer_id", named=lambda arguments, _: LOOK(arguments)
        ),
    )


HANDLINGS: Mapping[str, Handling] = {
    add_card_source.name: _added(add_card_source, "Guardar una tarjeta", "Save a card"),
    add_spei_recurrent_source.name: _added(
        add_spei_recurrent_source, "Dar una CLABE recurrente", "Give a recurring CLABE"
    ),
    add_cash_recurrent_source.name: _added(
        add_cash_recurrent_source,
        "Dar una referencia de efectivo recurrente",
        "Give a recurring cash reference",
    ),
    update_payment_source.name: Handling(
        subject="customer_id",
        see=facts_only(lambda arguments, _: {"parts": changes_of(body_of(update_payment_source)(arguments))}),
        said=asking(
            "¿Cambiar la fuente de pago {payment_source_id}: {parts}?",
            "Change the payment source {payment_source_id}: {parts}?",
        ),
        proof=changed(_sources, body_of(update_payment_source), LOOK, _meant),
    ),
    delete_payment_source.name: Handling(
        kind=Kind.REMOVAL,
        subject="customer_id",
        read=_sources,
        see=facts_only(_facts),
        said=asking(
            "¿Borrar para siempre {source}{ending} ({payment_source_id}) del cliente {customer_id}, con la "
            "que ya no se podrá pagar?",
            "Delete for good {source}{ending} ({payment_source_id}) of the customer {customer_id}, with "
            "which nobody can pay any more?",
        ),
        proof=gone(_sources, "payment_source_id", LOOK, _meant),
    ),
}
