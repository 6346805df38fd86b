"""Plans of the writes on payment sources: cards, recurring CLABEs, cash references (4.2)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Operation
from conekta_mcp.domains.customers.children import READ_CUSTOMER
from conekta_mcp.domains.customers.owed import LIVE, OWED, describe_owed, read_obligations
from conekta_mcp.domains.customers.tools import get_customer
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
from conekta_mcp.effects.question_facts import name_customer
from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    build_question,
    format_both,
    format_changes,
    format_count,
    format_id,
    format_time,
)
from conekta_mcp.effects.reading.concurrent import gather_answers
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    get_object,
    list_children,
    list_rows,
)
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


CUSTOMER, USES = "customer", "uses"
"""The keys of the owner, and of what they go on paying, in a page of sources that was read."""


async def _read_sources(api: Any, arguments: Any) -> Raw:
    return await call_read_tool(api, list_payment_sources, customer_id=arguments.customer_id, limit=250)


async def _read_sources_and_customer(api: Any, arguments: Any) -> Raw:
    page, customer = await gather_answers(
        lambda: call_read_tool(api, list_payment_sources, customer_id=arguments.customer_id, limit=250),
        lambda: call_read_tool(api, get_customer, customer_id=arguments.customer_id),
    )
    return {**page, CUSTOMER: customer}


async def _read_source_and_uses(api: Any, arguments: Any) -> Raw:
    page = await _read_sources_and_customer(api, arguments)
    owner = {**get_object(page, CUSTOMER), "id": arguments.customer_id}
    return {**page, USES: await read_obligations(api, owner)}


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
    return {
        "source": kind,
        "ending": ending,
        "person": name_customer(get_object(page, CUSTOMER), arguments.customer_id),
    }


def _describe_removal(arguments: Any, page: Raw) -> Facts:
    return {**_describe_source(arguments, page), "uses": _describe_uses(arguments, page)}


def _describe_uses(arguments: Any, page: Raw) -> BilingualText:
    """Return which subscriptions charge a card, or what is still to be paid by a customer with a CLABE."""
    if _find_source(arguments, page).get("type") != "card":
        return describe_owed(get_object(page, USES).get(OWED))
    live = get_object(page, USES).get(LIVE)
    if live is None:
        return (
            " No se pudo ver si una suscripción se cobra con ella.",
            " Whether a subscription charges it could not be seen.",
        )
    default = get_object(page, CUSTOMER).get("default_payment_source_id")
    many = sum((one.get("card_id") or default) == arguments.payment_source_id for one in live)
    if not many:
        return "", ""
    pays = "se pagan" if many > 1 else "se paga"
    count = format_count(many, ("suscripción", "suscripciones"), ("subscription", "subscriptions"))
    return format_both(f" Con ella {pays} {{n}}.", " It pays {n}.", n=count)


def _describe_change(arguments: Any, page: Raw) -> Facts:
    changed = expect_body(update_payment_source)(arguments)
    return {
        **_describe_source(arguments, page),
        "parts": format_changes(changed, update_payment_source.input),
    }


def _describe_addition(arguments: Any, customer: Raw) -> Facts:
    until = getattr(arguments, "expires_at", None)
    return {
        "person": name_customer(customer, arguments.customer_id),
        "until": format_both(", que vence el {day}", ", which expires {day}", day=format_time(until))
        if until
        else "",
    }


def _plan_addition(
    tool: Operation[Any], spanish: str, english: str, shown: Mapping[str, ShownDifferently]
) -> WritePlan:
    return WritePlan(
        unasked=Unasked.DELETABLE,
        subject="customer_id",
        read=READ_CUSTOMER,
        needs_state=False,
        observe=observe_facts(_describe_addition),
        question=build_question(
            f"¿{spanish} al cliente {{person}}{{until}}?", f"{english} to the customer {{person}}{{until}}?"
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
        read=_read_sources_and_customer,
        needs_state=False,
        observe=observe_facts(_describe_change),
        question=build_question(
            "¿Cambiar {source}{ending} ({payment_source_id}) del cliente {person}: {parts}?",
            "Change {source}{ending} ({payment_source_id}) of the customer {person}: {parts}?",
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
        read=_read_source_and_uses,
        observe=observe_facts(_describe_removal),
        question=build_question(
            "¿Borrar para siempre {source}{ending} ({payment_source_id}) del cliente {person}, con la "
            "que ya no se podrá pagar?{uses}",
            "Delete for good {source}{ending} ({payment_source_id}) of the customer {person}, with "
            "which nobody can pay any more?{uses}",
        ),
        verifier=verify_removal(
            _read_sources, "payment_source_id", SOURCES_LOOKUP, _find_source, lambda _, page: list_rows(page)
        ),
        expect_answer=expect_answer(delete_payment_source),
    ),
}
