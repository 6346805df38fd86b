"""Plans of payout orders: cash from the merchant's balance for a person (conekta-api.md 4.11)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.charges.observed import get_argument_amount
from conekta_mcp.domains.orders.writes import read_customer
from conekta_mcp.domains.payouts.tools import cancel_payout, create_payout, get_payout, list_payouts
from conekta_mcp.effects.answer_check import NoneOf, expect_answer
from conekta_mcp.effects.comparison import AnyKey, OneOf
from conekta_mcp.effects.new_row import NewRow, ShownDifferently, hide_field
from conekta_mcp.effects.question_facts import format_contact, format_name, get_currency, name_customer
from conekta_mcp.effects.question_text import build_question, format_known_money
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    create_reader,
    format_call,
    get_integer,
    get_object,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import verify_status
from conekta_mcp.effects.write_plan import ObservedState, WritePlan
from conekta_mcp.results.statuses import CANCELED_STATUSES, FAILED_STATUSES

READ_PAYOUT = create_reader(get_payout, "payout_order_id")
OTHER_STATUSES = ("open", "collected", "paid", "expired")


NEW_PAYOUT = NewRow(
    tool=create_payout,
    shown={
        "customer_info": ShownDifferently(
            why="the payee's id is shown as id, in some answers as customer_id (conekta-api.md 4.11)",
            convert=lambda payee: {
                "customer_info": AnyKey(id=payee["customer_id"], customer_id=payee["customer_id"])
            },
        ),
        "payout": hide_field("the payouts that came of it are shown in its place"),
    },
)


def _observe_payout(_: Any, payout: Raw) -> ObservedState:
    payee = get_object(payout, "customer_info")
    facts = {
        "person": format_name(payee, payee.get("id") or payee.get("customer_id")),
        "sum": format_known_money(get_integer(payout, "amount"), payout.get("currency")),
    }
    who = payee.get("id") or payee.get("customer_id") or payee.get("name")
    return ObservedState(currency=get_currency(payout), payee=str(who) if who else None, facts=facts)


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_payout.name: WritePlan(
        kind=EffectKind.PAYOUT,
        amount=get_argument_amount,
        subject="customer_id",
        read=read_customer,
        needs_state=False,
        decides_destination=True,
        rests_on=lambda _, customer: [customer.get(name) for name in ("name", "phone", "email")],
        observe=lambda arguments, customer: ObservedState(
            payee=arguments.customer_id,
            facts={
                "person": name_customer(customer, arguments.customer_id),
                "contact": format_contact(customer),
            },
        ),
        question=build_question(
            "¿Pagar {amount} en efectivo a {person}{contact} por {reason}, a cobrar hasta el {expires_at}?",
            "Pay {amount} in cash to {person}{contact} for {reason}, to be collected until {expires_at}?",
        ),
        verifier=verify_new_row(
            list_payouts,
            NEW_PAYOUT,
            create_lookup(list_payouts),
            read_full=lambda api, _, row: call_read_tool(api, get_payout, payout_order_id=str(row["id"])),
            row_lookup=lambda _, row: format_call(get_payout, payout_order_id=str(row.get("id"))),
            mark="metadata",
        ),
        mark="metadata",
        expect_answer=expect_answer(create_payout, NEW_PAYOUT, more={"status": NoneOf(FAILED_STATUSES)}),
    ),
    cancel_payout.name: WritePlan(
        kind=EffectKind.REMOVAL,
        is_reversible=False,
        subject="payout_order_id",
        read=READ_PAYOUT,
        observe=_observe_payout,
        question=build_question(
            "¿Cancelar para siempre el pago de {sum} a {person} ({payout_order_id}), que ya no "
            "podrá cobrarlo?",
            "Cancel for good the payout of {sum} to {person} ({payout_order_id}), who can "
            "then no longer collect it?",
        ),
        verifier=verify_status(
            READ_PAYOUT,
            "status",
            CANCELED_STATUSES,
            create_lookup(get_payout, "payout_order_id"),
            others=OTHER_STATUSES,
            rows="payouts",
        ),
        expect_answer=expect_answer(cancel_payout, more={"status": OneOf(CANCELED_STATUSES)}),
    ),
}
