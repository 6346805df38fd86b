"""Payout orders: cash that leaves the merchant's balance for a person (conekta-api.md 4.11)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind
from conekta_mcp.domains.charges.writes import named_amount
from conekta_mcp.domains.orders.writes import customer_of
from conekta_mcp.domains.payouts.tools import cancel_payout, create_payout, get_payout, list_payouts
from conekta_mcp.effects.question_facts import currency, name_of
from conekta_mcp.effects.question_text import asking, money
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    looking,
    number,
    part,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import in_state
from conekta_mcp.effects.write_plan import Handling, Seen

PAYOUT = reading(get_payout, "payout_order_id")


def _wanted(arguments: Any) -> Mapping[str, Any]:
    return {
        "amount": arguments.amount,
        "reason": arguments.reason,
        "expires_at": arguments.expires_at,
        "metadata": arguments.metadata,
        "customer_info": {"id": arguments.customer_id, "customer_id": arguments.customer_id},
    }


def _collectable(_: Any, payout: Raw) -> Seen:
    payee = part(payout, "customer_info")
    facts = {
        "person": name_of(payee, payee.get("id") or payee.get("customer_id")),
        "sum": money(number(payout, "amount") or 0, payout.get("currency")),
    }
    return Seen(currency=currency(payout), facts=facts)


HANDLINGS: Mapping[str, Handling] = {
    create_payout.name: Handling(
        kind=Kind.PAYOUT,
        amount=named_amount,
        subject="customer_id",
        read=customer_of,
        see=lambda arguments, customer: Seen(facts={"person": name_of(customer, arguments.customer_id)}),
        said=asking(
            "¿Pagar {amount} en efectivo a {person} ({customer_id}) por {reason}, a cobrar "
            "hasta el {expires_at}?",
            "Pay {amount} in cash to {person} ({customer_id}) for {reason}, to be collected "
            "until {expires_at}?",
        ),
        proof=new_row(
            list_payouts,
            _wanted,
            looking(list_payouts),
            whole=lambda api, _, row: ask(api, get_payout, payout_order_id=str(row["id"])),
            named=lambda _, row: written(get_payout, payout_order_id=str(row.get("id"))),
        ),
    ),
    cancel_payout.name: Handling(
        kind=Kind.REMOVAL,
        subject="payout_order_id",
        read=PAYOUT,
        see=_collectable,
        said=asking(
            "¿Cancelar para siempre el pago de {sum} a {person} ({payout_order_id}), que ya no "
            "podrá cobrarlo?",
            "Cancel for good the payout of {sum} to {person} ({payout_order_id}), who can "
            "then no longer collect it?",
        ),
        proof=in_state(PAYOUT, "status", ("canceled", "cancelled"), looking(get_payout, "payout_order_id")),
    ),
}
