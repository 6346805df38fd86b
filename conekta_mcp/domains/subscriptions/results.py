"""A subscription, and the portal where its customer manages it (conekta-api.md 4.9, 5.3)."""

from typing import ClassVar

from pydantic import Field, computed_field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.customers.source_results import PaymentSource
from conekta_mcp.domains.plans.results import PlanRow
from conekta_mcp.results.base import Child, Result, Seconds
from conekta_mcp.results.times import format_iso, format_moment, say

STATUS_TEXTS = {
    "paused": (
        "En pausa: no se cobra nada hasta reanudarla",
        "Paused: nothing is billed until it is resumed",
    ),
    "past_due": (
        "Vencida: el último cobro falló",
        "Past due: the latest charge failed",
    ),
    "canceled": (
        "Cancelada: no se vuelve a cobrar",
        "Cancelled: it is not billed again",
    ),
    "expired": (
        "Terminó: se cobraron todos sus ciclos",
        "Ended: all its cycles were billed",
    ),
}


class Subscription(Child):
    KIND: ClassVar[ObjectKind] = ObjectKind(("subscription",), ("subscription_id",))

    id: str | None = None
    status: str | None = Field(None, description="in_trial, active, past_due, paused, canceled or expired")
    plan_id: str | None = None
    plan: PlanRow | None = Field(None, description="Where plans were read besides")
    card_id: str | None = None
    card_brand: str | None = None
    card_last4: str | None = Field(None, description="Where cards were read besides")
    customer_id: str | None = None
    customer_custom_reference: str | None = None
    charge_id: str | None = Field(None, description="Last paid charge")
    last_billing_cycle_order_id: str | None = Field(None, description="Its charges say why a payment failed")
    billing_cycle_start: Seconds = None
    billing_cycle_end: Seconds = None
    subscription_start: Seconds = None
    trial_start: Seconds = None
    trial_end: Seconds = None
    paused_at: Seconds = None
    canceled_at: Seconds = None
    canceled_reason: str | None = None
    created_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def status_text(self) -> str | None:
        """What the status means for the next bill."""
        if self.status == "active":
            begun, again = format_moment(self.billing_cycle_start), format_moment(self.billing_cycle_end)
            return say(
                f"Al corriente: el ciclo empezó el {begun}; se cobra de nuevo el {again}",
                f"Paid up: the cycle began on {begun}; it is billed again on {again}",
            )
        if self.status == "in_trial":
            until = format_moment(self.trial_end)
            return say(f"En prueba: no se cobra hasta el {until}", f"In trial: not billed until {until}")
        return say(*STATUS_TEXTS[self.status]) if self.status in STATUS_TEXTS else None

    @computed_field
    def billing_cycle_end_text(self) -> str | None:
        """When the cycle ends and the next one is billed."""
        return format_moment(self.billing_cycle_end)

    @computed_field
    def billing_cycle_end_iso(self) -> str | None:
        return format_iso(self.billing_cycle_end)

    @computed_field
    def trial_end_text(self) -> str | None:
        """When the trial ends."""
        return format_moment(self.trial_end) if self._has_trial else None

    @computed_field
    def trial_end_iso(self) -> str | None:
        return format_iso(self.trial_end) if self._has_trial else None

    @property
    def _has_trial(self) -> bool:
        """Tell whether there was a trial: without one, Conekta shows its start as its end."""
        begun = self.trial_start or self.subscription_start or self.created_at
        return self.status == "in_trial" or not begun or not self.trial_end or self.trial_end > begun


class OneSubscription(Subscription):
    """The answer of a call on one subscription: Conekta's object has ids of plan and card only."""

    @computed_field
    def hint(self) -> str | None:
        """Which call shows what the ids stand for."""
        return say("Precio, plan y tarjeta: check_subscription", "Price, plan and card: check_subscription")


class PortalSubscription(Child):
    """A subscription as its portal shows it."""

    id: str | None = None
    status: str | None = None
    next_billing_cycle: Seconds = None
    plan: PlanRow | None = None
    card: PaymentSource | None = None

    @computed_field
    def next_billing_cycle_text(self) -> str | None:
        """When it is billed next."""
        return format_moment(self.next_billing_cycle)

    @computed_field
    def next_billing_cycle_iso(self) -> str | None:
        return format_iso(self.next_billing_cycle)


class PortalCustomer(Child):
    id: str | None = None
    name: str | None = None
    email: str | None = None


class CustomerPortal(Result):
    KIND: ClassVar[ObjectKind] = ObjectKind(("customer_portal",))

    portal_url: str | None = Field(None, description="Whoever has it can manage the subscription")
    id: str | None = None
    subscription_id: str | None = None
    customer_id: str | None = None
    subscription: PortalSubscription | None = None
    customer: PortalCustomer | None = None
    created_at: Seconds = None
    livemode: bool | None = None
