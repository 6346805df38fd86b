"""Arguments that the tools for subscriptions share, with the deprecated ones (conekta-api.md 4.9)."""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import ChangeInput, Input, ListInput
from conekta_mcp.catalog.fields import (
    CardSourceId,
    CustomerId,
    Maybe,
    PlanId,
    SubscriptionId,
    UnixTime,
)

HINTS = {
    "processing_error": "Without a card nobody subscribes: save one with add_card_source.",
    "subscription.status.invalid": (
        "Its status does not allow this. check_subscription says what does: past_due is retried, gets "
        "another card or is canceled; paused is resumed; canceled needs a new one."
    ),
}


class StartSubscriptionInput(Input):
    """Arguments of the tools that start a subscription."""

    customer_id: CustomerId
    plan_id: PlanId
    card_id: Annotated[Maybe[CardSourceId], Field(description="src_ id; else the default source")] = None
    trial_end: Annotated[Maybe[UnixTime], Field(description="Unix seconds; charges start then")] = None


class CustomerSubscriptionInput(Input):
    """Arguments of the tools that act on a customer's one subscription."""

    customer_id: CustomerId


class ChangeCustomerSubscriptionInput(ChangeInput, CustomerSubscriptionInput):
    """Arguments of the tool that changes a customer's one subscription."""

    plan_id: Annotated[Maybe[PlanId], Field(description="Another plan")] = None
    card_id: Annotated[Maybe[CardSourceId], Field(description="Another src_ card")] = None
    trial_end: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None


class SubscriptionInput(Input):
    """Arguments of the tools that act on one subscription."""

    customer_id: CustomerId
    subscription_id: SubscriptionId


class ChangeSubscriptionInput(ChangeInput, SubscriptionInput):
    """Arguments of the tool that changes one subscription."""

    plan_id: Annotated[Maybe[PlanId], Field(description="Another plan")] = None
    card_id: Annotated[Maybe[CardSourceId], Field(description="Another src_ card")] = None
    trial_end: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None


class ListCustomerSubscriptionsInput(ListInput):
    """Arguments of the tool that lists a customer's subscriptions."""

    customer_id: CustomerId


class ListSubscriptionEventsInput(ListInput):
    """Arguments of the tool that lists what happened to one subscription."""

    customer_id: CustomerId
    subscription_id: SubscriptionId
