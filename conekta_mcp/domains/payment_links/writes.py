"""Payment links: pages where anybody with the address can pay (conekta-api.md 4.8)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.payment_links.tools import (
    cancel_payment_link,
    create_payment_link,
    email_payment_link,
    get_payment_link,
    list_payment_links,
    sms_payment_link,
)
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.comparison import OneOf
from conekta_mcp.effects.new_row import NewRow, hide_field
from conekta_mcp.effects.question_facts import compute_total, describe_items
from conekta_mcp.effects.question_text import (
    BilingualText,
    Facts,
    build_question,
    format_both,
    format_date,
    format_money,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    create_reader,
    format_call,
    get_integer,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import verify_counter, verify_status
from conekta_mcp.effects.write_plan import ObservedState, WritePlan, observe_facts
from conekta_mcp.privacy.untrusted_text import quote_text

READ_LINK = create_reader(get_payment_link, "checkout_id")
LINK_LOOKUP = create_lookup(get_payment_link, "checkout_id")


def compute_max_amount(arguments: Any) -> int:
    """Give the centavos that all payments of a new link can come to; of one where nothing limits them."""
    times = arguments.payments_limit_count if arguments.recurrent else 1
    return compute_total(arguments) * (times or 1)


NEW_LINK = NewRow(
    tool=create_payment_link,
    shown={
        "order_template": hide_field(
            "no answer shows the order that a payment will make (conekta-api.md 4.8)"
        ),
        "exclude_card_networks": hide_field("the networks are named anew in 2.3.0 (conekta-api.md 1.3)"),
        "three_ds_mode": hide_field("links are shown without it"),
    },
)


def _format_times(arguments: Any) -> BilingualText:
    if not arguments.recurrent:
        return ", una sola vez", ", once"
    count = arguments.payments_limit_count
    if count is None:
        return ", cuantas veces se quiera", ", any number of times"
    whole = format_money(compute_max_amount(arguments), arguments.currency)
    return f", hasta {count} veces ({whole} en total)", f", up to {count} times ({whole} in all)"


def _observe_new_link(arguments: Any, _: Raw) -> ObservedState:
    facts: Facts = {
        "items": describe_items(arguments.line_items),
        "sum": format_money(compute_total(arguments), arguments.currency),
        "times": _format_times(arguments),
    }
    return ObservedState(currency=arguments.currency, facts=facts)


def _describe_link(_: Any, link: Raw) -> Facts:
    paid, until = get_integer(link, "paid_payments_count"), get_integer(link, "expires_at")
    return {
        "link": quote_text(str(link.get("name") or "")),
        "paid": (f", {paid} pagos recibidos", f", {paid} payments received") if paid else "",
        "until": format_both(", abierta hasta el {day}", ", open until {day}", day=format_date(until))
        if until
        else "",
    }


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_payment_link.name: WritePlan(
        kind=EffectKind.BILL,
        amount=compute_max_amount,
        observe=_observe_new_link,
        question=build_question(
            "¿Crear la liga de pago {name} para cobrar {sum} por {items}{times}, hasta el {expires_at}?",
            "Create the payment link {name} to bill {sum} for {items}{times}, until {expires_at}?",
        ),
        verifier=verify_new_row(
            list_payment_links,
            NEW_LINK,
            lambda arguments: format_call(list_payment_links, search=arguments.name),
            read_full=lambda api, _, row: call_read_tool(api, get_payment_link, checkout_id=str(row["id"])),
            row_lookup=lambda _, row: format_call(get_payment_link, checkout_id=str(row.get("id"))),
            mark="order_template.metadata",
            notes_ids=False,
        ),
        mark="order_template.metadata",
        expect_answer=expect_answer(create_payment_link, NEW_LINK),
    ),
    cancel_payment_link.name: WritePlan(
        kind=EffectKind.REMOVAL,
        subject="checkout_id",
        read=READ_LINK,
        observe=observe_facts(_describe_link),
        question=build_question(
            "¿Cerrar para siempre la liga de pago {link} ({checkout_id}{paid}{until})?",
            "Close for good the payment link {link} ({checkout_id}{paid}{until})?",
        ),
        verifier=verify_status(
            READ_LINK, "status", ("Cancelled", "Canceled", "cancelled", "canceled"), LINK_LOOKUP
        ),
        expect_answer=expect_answer(cancel_payment_link, more={"status": OneOf(("cancelled", "canceled"))}),
    ),
    email_payment_link.name: WritePlan(
        subject="checkout_id",
        question=build_question(
            "¿Mandar la liga de pago {checkout_id} al correo {email}?",
            "E-mail the payment link {checkout_id} to {email}?",
        ),
        verifier=verify_counter(READ_LINK, "emails_sent", LINK_LOOKUP),
        expect_answer=expect_answer(email_payment_link),
    ),
    sms_payment_link.name: WritePlan(
        subject="checkout_id",
        question=build_question(
            "¿Mandar la liga de pago {checkout_id} por SMS al {phone}?",
            "Text the payment link {checkout_id} to {phone}?",
        ),
        verifier=verify_counter(READ_LINK, "sms_sent", LINK_LOOKUP),
        expect_answer=expect_answer(sms_payment_link),
    ),
}
