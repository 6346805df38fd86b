"""A subscription, its event and its portal, as Conekta answers them and curated."""

from typing import Any

from tests.domains import bodies
from tests.domains.bodies import NOW

END = 1776340962
CHARGE_ID, EVENT_ID = f"6a{1:022}", f"6a{2:022}"
SUBSCRIPTION: dict[str, Any] = {
    "id": "sub_1",
    "status": "active",
    "object": "subscription",
    "charge_id": CHARGE_ID,
    "created_at": NOW,
    "subscription_start": NOW,
    "billing_cycle_start": NOW - 10,
    "billing_cycle_end": END,
    "trial_start": None,
    "trial_end": NOW,
    "paused_at": None,
    "plan_id": "gold-plan",
    "last_billing_cycle_order_id": "ord_1",
    "customer_id": "cus_1",
    "customer_custom_reference": "",
    "card_id": "src_1",
}
ANSWER: dict[str, Any] = {
    "id": "sub_1",
    "status": "active",
    "plan_id": "gold-plan",
    "card_id": "src_1",
    "customer_id": "cus_1",
    "charge_id": CHARGE_ID,
    "last_billing_cycle_order_id": "ord_1",
    "billing_cycle_start": NOW - 10,
    "billing_cycle_end": END,
    "subscription_start": NOW,
    "trial_end": NOW,
    "created_at": NOW,
    "billing_cycle_end_text": "16 abr 2026, 06:02 (Ciudad de México)",
    "billing_cycle_end_iso": "2026-04-16T06:02:42-06:00",
    "status_text": (
        "Al corriente: el ciclo empezó el 16 ene 2026, 06:02 (Ciudad de México); se cobra de nuevo el "
        "16 abr 2026, 06:02 (Ciudad de México)"
    ),
}
HINT = {"hint": "Precio, plan y tarjeta: check_subscription"}
STATUS_TEXTS = {
    "active": ANSWER["status_text"],
    "past_due": "Vencida: el último cobro falló",
    "paused": "En pausa: no se cobra nada hasta reanudarla",
    "canceled": "Cancelada: no se vuelve a cobrar",
}
ENDED = {"status": "canceled", "canceled_at": END, "canceled_reason": "user_cancelation"}
EVENT: dict[str, Any] = {
    "data": {"object": SUBSCRIPTION, "previous_attributes": {"status": "past_due"}},
    "livemode": False,
    "webhook_status": "successful",
    "webhook_logs": [],
    "id": EVENT_ID,
    "object": "event",
    "type": "subscription.paid",
    "created_at": NOW,
}
EVENTS = {
    "data": [
        {
            "id": EVENT_ID,
            "type": "subscription.paid",
            "created_at": NOW,
            "webhook_status": "successful",
            "subject": {
                "object": "subscription",
                "id": "sub_1",
                "status": "active",
                "customer_id": "cus_1",
                "plan_id": "gold-plan",
            },
            "created_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
        }
    ],
    "has_more": False,
    "livemode": False,
}
PORTAL: dict[str, Any] = {
    "slug": "agIvD4QSBl4Nunq4TmuozMw2ThtyVC",
    "subscription_id": "sub_1",
    "customer_id": "cus_1",
    "livemode": False,
    "subscription": {
        "card": {**bodies.CARD_SOURCE, "object": "card", "active": True, "customer_id": "cus_1"},
        "plan": {
            "id": "gold-plan",
            "object": "plan",
            "name": "Plan oro",
            "amount": 10000,
            "currency": "MXN",
            "interval": "month",
            "frequency": 1,
            "trial_period_days": None,
            "created_at": NOW,
        },
        "id": "sub_1",
        "object": "subscription",
        "status": "active",
        "plan_id": "gold-plan",
        "customer_id": "cus_1",
        "next_billing_cycle": END,
        "created_at": NOW,
        "updated_at": NOW,
    },
    "customer": {"id": "cus_1", "object": "customer", "name": "Ana Ruiz", "email": "ana@example.com"},
    "id": "scp_1",
    "company_id": f"6a{3:022}",
    "object": "customer_portal",
    "created_at": NOW,
    "updated_at": NOW,
    "portal_url": "https://pay.example.com/subscription/management/agIvD4QSBl4Nunq4TmuozMw2ThtyVC",
}
PORTAL_ANSWER: dict[str, Any] = {
    "portal_url": "https://pay.example.com/subscription/management/agIvD4QSBl4Nunq4TmuozMw2ThtyVC",
    "id": "scp_1",
    "subscription_id": "sub_1",
    "customer_id": "cus_1",
    "subscription": {
        "id": "sub_1",
        "status": "active",
        "next_billing_cycle": END,
        "plan": {
            "id": "gold-plan",
            "name": "Plan oro",
            "amount": 10000,
            "currency": "MXN",
            "interval": "month",
            "frequency": 1,
            "amount_text": "MXN 100.00",
        },
        "card": {
            "id": "src_1",
            "type": "card",
            "name": "Ana Ruiz",
            "brand": "visa",
            "last4": "4242",
            "card_type": "credit",
            "exp_month": "12",
            "exp_year": "29",
            "payment_source_status": "active",
            "default": True,
            "parent_id": "cus_1",
            "created_at": NOW,
        },
        "next_billing_cycle_text": "16 abr 2026, 06:02 (Ciudad de México)",
        "next_billing_cycle_iso": "2026-04-16T06:02:42-06:00",
    },
    "customer": {"id": "cus_1", "name": "Ana Ruiz", "email": "ana@example.com"},
    "created_at": NOW,
    "livemode": False,
}
