"""Payment sources: cards, recurring CLABEs and cash references (conekta-api.md 4.2)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Operation
from conekta_mcp.domains.payment_sources.tools import (
    add_card_source,
    add_cash_recurrent_source,
    add_spei_recurrent_source,
    delete_payment_source,
    list_payment_sources,
    update_payment_source,
)
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.new_row import NewRow, ShownDifferently, hide_field
from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    build_question,
    format_both,
    format_changes,
    format_id,
)
from conekta_mcp.effects.state_reading import Raw, call_read_tool, create_lookup, list_children, list_rows
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import expect_body, verify_fields, verify_removal
from conekta_mcp.effects.write_plan import Unasked, WritePlan, observe_facts

SOURCES_LOOKUP = create_lookup(list_payment_sources, "customer_id")
SOURCE_TEXTS: Mapping[str, BilingualText] = {
    "card": ("la tarjeta", "the card"),
    "spei_recurrent": ("la CLABE", "the CLABE"),
    "cash_recurrent": ("la referencia de efectivo", "the cash reference"),
}
CARD_FIELDS = {"token_id": hide_field("Conekta never shows a token again")}


async def _read_sources(api: Any, arguments: Any) -> Raw:
    return await call_read_tool(api, list_payment_sources, customer_id=arguments.customer_id, limit=250)


def _find_source(arguments: Any, page: Raw) -> Raw:
    rows = list_children({"page": page}, "page")
    return next((row for row in rows if row.get("id") == arguments.payment_source_id), {})


def _describe_source(arguments: Any, page: Raw) -> Facts:
    source = _find_source(arguments, page)
    digits = str(source.get("last4") or source.get("reference") or "")[-4:]
    kind = SOURCE_TEXTS.get(str(source.get("type")), ("la fuente de pago", "the payment source"))
    ending = (
        format_both(" que termina en {digits}", " that ends in {digits}", digits=format_id(digits))
        if digits
        else ""
    )
    return {"source": kind, "ending": ending}


def _plan_addition(
    tool: Operation[Any], spanish: str, english: str, shown: Mapping[str, ShownDifferently]
) -> WritePlan:
    return WritePlan(
        unasked=Unasked.DELETABLE,
        subject="customer_id",
        needs_state=False,
        question=build_question(
            f"¿{spanish} al cliente {{customer_id}}?", f"{english} to the customer {{customer_id}}?"
        ),
        verifier=verify_new_row(
            list_payment_sources,
            NewRow(tool=tool, shown=shown),
            SOURCES_LOOKUP,
            "customer_id",
            row_lookup=lambda arguments, _: SOURCES_LOOKUP(arguments),
            notes_ids=False,
        ),
        expect_answer=expect_answer(tool),
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    add_card_source.name: _plan_addition(add_card_source, "Guardar una tarjeta", "Save a card", CARD_FIELDS),
    add_spei_recurrent_source.name: _plan_addition(
        add_spei_recurrent_source, "Dar una CLABE recurrente", "Give a recurring CLABE", {}
    ),
    add_cash_recurrent_source.name: _plan_addition(
        add_cash_recurrent_source,
        "Dar una referencia de efectivo recurrente",
        "Give a recurring cash reference",
        {},
    ),
    update_payment_source.name: WritePlan(
        unasked=Unasked.CHANGEABLE,
        subject="customer_id",
        observe=observe_facts(
            lambda arguments, _: {
                "parts": format_changes(
                    expect_body(update_payment_source)(arguments), update_payment_source.input
                )
            }
        ),
        question=build_question(
            "¿Cambiar la fuente de pago {payment_source_id}: {parts}?",
            "Change the payment source {payment_source_id}: {parts}?",
        ),
        verifier=verify_fields(
            _read_sources, expect_body(update_payment_source), SOURCES_LOOKUP, _find_source
        ),
        expect_answer=expect_answer(update_payment_source),
    ),
    delete_payment_source.name: WritePlan(
        is_reversible=False,
        kind=EffectKind.REMOVAL,
        subject="customer_id",
        read=_read_sources,
        observe=observe_facts(_describe_source),
        question=build_question(
            "¿Borrar para siempre {source}{ending} ({payment_source_id}) del cliente {customer_id}, con la "
            "que ya no se podrá pagar?",
            "Delete for good {source}{ending} ({payment_source_id}) of the customer {customer_id}, with "
            "which nobody can pay any more?",
        ),
        verifier=verify_removal(
            _read_sources, "payment_source_id", SOURCES_LOOKUP, _find_source, lambda _, page: list_rows(page)
        ),
        expect_answer=expect_answer(delete_payment_source),
    ),
}
