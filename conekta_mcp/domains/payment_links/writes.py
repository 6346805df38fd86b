"""Plans of the writes on payment links (conekta-api.md 4.8)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind, Operation
from conekta_mcp.domains.payment_links.observed import (
    get_known_amount,
    observe_new_link,
    read_plans_and_payer,
    subscribes,
)
from conekta_mcp.domains.payment_links.tools import (
    cancel_payment_link,
    create_payment_link,
    email_payment_link,
    get_payment_link,
    list_payment_links,
    sms_payment_link,
)
from conekta_mcp.effects.answer_check import AnswerExpectation, AtLeast, IfShown, NoneOf, expect_answer
from conekta_mcp.effects.comparison import OneOf
from conekta_mcp.effects.new_row import NewRow, hide_field
from conekta_mcp.effects.question_text import (
    Facts,
    QuestionWriter,
    build_question,
    format_both,
    format_time,
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
from conekta_mcp.effects.write_plan import WritePlan, observe_facts
from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.results.statuses import CANCELED_STATUSES, FAILED_STATUSES

READ_LINK = create_reader(get_payment_link, "checkout_id")
LINK_LOOKUP = create_lookup(get_payment_link, "checkout_id")


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


def _describe_link(_: Any, link: Raw) -> Facts:
    paid, until = get_integer(link, "paid_payments_count"), get_integer(link, "expires_at")
    return {
        "link": quote_text(str(link.get("name") or "")),
        "paid": (f", {paid} pagos recibidos", f", {paid} payments received") if paid else "",
        "until": format_both(", abierta hasta el {day}", ", open until {day}", day=format_time(until))
        if until
        else "",
    }


COUNTS = ("emails_sent", "sms_sent", "paid_payments_count", "updated_at")
"""Fields of a link that change without a change of what it sells, for how much and until when."""


def _get_content(link: Raw) -> Raw:
    return {name: value for name, value in link.items() if name not in COUNTS}


def _expect_count(name: str) -> AnswerExpectation:
    """Expect one more message than before; the link itself does not show messages."""

    def expect(_: Any, link: Raw) -> Raw:
        before = get_integer(link, name)
        return {} if before is None else {name: AtLeast(before + 1)}

    return expect


UNNAMED = hide_field("a link counts its messages, and does not name who got them")


def _plan_message(tool: Operation[Any], argument: str, counter: str, question: QuestionWriter) -> WritePlan:
    """Return the plan of a message with a link to `argument`; Conekta's `counter` shows that it was sent."""
    return WritePlan(
        kind=EffectKind.MESSAGE,
        is_reversible=False,
        subject="checkout_id",
        read=READ_LINK,
        observe=observe_facts(_describe_link),
        question=question,
        content=_get_content,
        verifier=verify_counter(READ_LINK, counter, LINK_LOOKUP, {argument: UNNAMED}),
        expect_answer=expect_answer(tool, more=_expect_count(counter)),
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_payment_link.name: WritePlan(
        kind=EffectKind.BILL,
        amount=get_known_amount,
        read=read_plans_and_payer,
        needs_state=subscribes,
        observe=observe_new_link,
        question=build_question(
            "¿Crear la liga de pago {name} para cobrar {sum}{payer} por {items}{times}, hasta el "
            "{expires_at}{plans}{later}{return}?",
            "Create the payment link {name} to bill {sum}{payer} for {items}{times}, until "
            "{expires_at}{plans}{later}{return}?",
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
        expect_answer=expect_answer(
            create_payment_link,
            NEW_LINK,
            more=lambda arguments, _: {"name": IfShown(arguments.name), "status": NoneOf(FAILED_STATUSES)},
        ),
    ),
    cancel_payment_link.name: WritePlan(
        kind=EffectKind.REMOVAL,
        is_reversible=False,
        subject="checkout_id",
        read=READ_LINK,
        observe=observe_facts(_describe_link),
        question=build_question(
            "¿Cerrar para siempre la liga de pago {link} ({checkout_id}{paid}{until})?",
            "Close for good the payment link {link} ({checkout_id}{paid}{until})?",
        ),
        verifier=verify_status(
            READ_LINK, "status", CANCELED_STATUSES, LINK_LOOKUP, others=("issued", "expired")
        ),
        expect_answer=expect_answer(cancel_payment_link, more={"status": OneOf(CANCELED_STATUSES)}),
    ),
    email_payment_link.name: _plan_message(
        email_payment_link,
        "email",
        "emails_sent",
        build_question(
            "¿Mandar la liga de pago {link} ({checkout_id}{paid}{until}) al correo {email}?",
            "E-mail the payment link {link} ({checkout_id}{paid}{until}) to {email}?",
        ),
    ),
    sms_payment_link.name: _plan_message(
        sms_payment_link,
        "phone",
        "sms_sent",
        build_question(
            "¿Mandar la liga de pago {link} ({checkout_id}{paid}{until}) por SMS al {phone}?",
            "Text the payment link {link} ({checkout_id}{paid}{until}) to {phone}?",
        ),
    ),
}
