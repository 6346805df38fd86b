"""The event names that a webhook can subscribe to (conekta-api.md 6)."""

from collections.abc import Mapping

EVENTS_BY_OBJECT: Mapping[str, str] = {
    "order": (
        "created updated pending_payment paid pre_authorized declined expired canceled voided"
        " partially_refunded refunded charged_back under_fraud_review fraudulent"
    ),
    "charge": (
        "created paid preauthorized declined expired canceled reversed pending_confirmation refunded"
        " under_fraud_review fraudulent score_updated"
    ),
    "charge.chargeback": "created updated under_review lost won",
    "customer": "created updated deleted",
    "customer.payment_source.card": "blocked",
    "plan": "created updated deleted",
    "subscription": "created paused resumed canceled expired updated paid payment_failed",
    "payout": "created retrying paid_out failed",
    "payee": "created updated deleted",
    "payee.payout_method": "created updated deleted",
    "cashout": "canceled confirmed",
    "cash_refund": "created canceled refunded expired",
    "webhook": "created updated deleted",
    "receipt": "created",
}
PING_EVENT = "webhook_ping"
SUBSCRIBABLE_EVENTS: tuple[str, ...] = (
    *(f"{thing}.{end}" for thing, ends in EVENTS_BY_OBJECT.items() for end in ends.split()),
    PING_EVENT,
)
