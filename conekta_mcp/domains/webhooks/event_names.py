"""The names of events that a webhook can subscribe to (conekta-api.md 6)."""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

EVENT_ENDINGS = {
    "order": "created updated pending_payment paid pre_authorized declined expired canceled voided"
    " partially_refunded refunded charged_back under_fraud_review fraudulent",
    "charge": "created paid preauthorized declined expired canceled reversed pending_confirmation"
    " refunded under_fraud_review fraudulent score_updated",
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
EVENT_NAMES = frozenset(
    {f"{thing}.{ending}" for thing, endings in EVENT_ENDINGS.items() for ending in endings.split()}
    | {"webhook_ping"}
)


def _require_event_name(name: str) -> str:
    if name not in EVENT_NAMES:
        raise PydanticCustomError("event_name", "expected an event name such as order.paid")
    return name


EventName = Annotated[str, AfterValidator(_require_event_name)]
EventNames = Annotated[
    list[EventName],
    Field(min_length=1, max_length=len(EVENT_NAMES)),
    WithJsonSchema(
        {"type": "array", "items": {"type": "string"}, "description": "Such as order.paid, charge.refunded"}
    ),
]
