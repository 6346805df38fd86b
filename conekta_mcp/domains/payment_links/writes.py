"""Payment links: pages where anybody with the address can pay (conekta-api.md 4.8)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind
from conekta_mcp.domains.payment_links.tools import (
    cancel_payment_link,
    create_payment_link,
    email_payment_link,
    get_payment_link,
    list_payment_links,
    sms_payment_link,
)
from conekta_mcp.effects.question_facts import sold, total_of
from conekta_mcp.effects.question_text import (
    Both,
    Facts,
    asking,
    both,
    dated,
    money,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    looking,
    number,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import counted, in_state
from conekta_mcp.effects.write_plan import Handling, Seen, facts_only
from conekta_mcp.privacy.untrusted_text import quoted

LINK = reading(get_payment_link, "checkout_id")
LOOK = looking(get_payment_link, "checkout_id")


def most_paid(arguments: Any) -> int:
    """Give the centavos that all payments of a new link can come to; of one where nothing limits them."""
    times = arguments.payments_limit_count if arguments.recurrent else 1
    return total_of(arguments) * (times or 1)


def _wanted(arguments: Any) -> Mapping[str, Any]:
    names = ("name", "recurrent", "expires_at", "payments_limit_count")
    return {**{name: getattr(arguments, name) for name in names}, "type": "PaymentLink"}


def _times(arguments: Any) -> Both:
    if not arguments.recurrent:
        return ", una sola vez", ", once"
    count = arguments.payments_limit_count
    if count is None:
        return ", cuantas veces se quiera", ", any number of times"
    whole = money(most_paid(arguments), arguments.currency)
    return f", hasta {count} veces ({whole} en total)", f", up to {count} times ({whole} in all)"


def _creating(arguments: Any, _: Raw) -> Seen:
    facts: Facts = {
        "items": sold(arguments.line_items),
        "sum": money(total_of(arguments), arguments.currency),
        "times": _times(arguments),
    }
    return Seen(currency=arguments.currency, facts=facts)


def _facts(_: Any, link: Raw) -> Facts:
    paid, until = number(link, "paid_payments_count"), number(link, "expires_at")
    return {
        "link": quoted(str(link.get("name") or "")),
        "paid": (f", {paid} pagos recibidos", f", {paid} payments received") if paid else "",
        "until": both(", abierta hasta el {day}", ", open until {day}", day=dated(until)) if until else "",
    }


HANDLINGS: Mapping[str, Handling] = {
    create_payment_link.name: Handling(
        kind=Kind.BILL,
        amount=most_paid,
        see=_creating,
        said=asking(
            "¿Crear la liga de pago {name} para cobrar {sum} por {items}{times}, hasta el {expires_at}?",
            "Create the payment link {name} to bill {sum} for {items}{times}, until {expires_at}?",
        ),
        proof=new_row(
            list_payment_links,
            _wanted,
            lambda arguments: written(list_payment_links, search=arguments.name),
            whole=lambda api, _, row: ask(api, get_payment_link, checkout_id=str(row["id"])),
            named=lambda _, row: written(get_payment_link, checkout_id=str(row.get("id"))),
        ),
    ),
    cancel_payment_link.name: Handling(
        kind=Kind.REMOVAL,
        subject="checkout_id",
        read=LINK,
        see=facts_only(_facts),
        said=asking(
            "¿Cerrar para siempre la liga de pago {link} ({checkout_id}{paid}{until})?",
            "Close for good the payment link {link} ({checkout_id}{paid}{until})?",
        ),
        proof=in_state(LINK, "status", ("Cancelled", "Canceled", "cancelled", "canceled"), LOOK),
    ),
    email_payment_link.name: Handling(
        subject="checkout_id",
        said=asking(
            "¿Mandar la liga de pago {checkout_id} al correo {email}?",
            "E-mail the payment link {checkout_id} to {email}?",
        ),
        proof=counted(LINK, "emails_sent", LOOK),
    ),
    sms_payment_link.name: Handling(
        subject="checkout_id",
        said=asking(
            "¿Mandar la liga de pago {checkout_id} por SMS al {phone}?",
            "Text the payment link {checkout_id} to {phone}?",
        ),
        proof=counted(LINK, "sms_sent", LOOK),
    ),
}
