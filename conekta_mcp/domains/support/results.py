"""What reports answer."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, computed_field, model_validator

from conekta_mcp.domains.customers.source_results import PaymentSource
from conekta_mcp.domains.orders.charge_results import get_method_name
from conekta_mcp.domains.orders.results import OrderRow
from conekta_mcp.domains.payment_links.results import PaymentLinkRow
from conekta_mcp.domains.plans.results import PlanRow
from conekta_mcp.domains.subscriptions.results import Subscription
from conekta_mcp.domains.support.clues.clue import Kind
from conekta_mcp.domains.support.explaining.causes import Actor
from conekta_mcp.domains.support.explaining.waiting import Outcome
from conekta_mcp.results.base import Child, Result, Rows, Seconds, get_rows
from conekta_mcp.results.order_sums import list_paid_charges, sum_given_back
from conekta_mcp.results.text import format_pesos, join_parts
from conekta_mcp.results.times import format_moment


class PaymentBrief(OrderRow):
    """An order in a few fields, with the card of its latest charge and what was bought."""

    amount_refunded: int | None = Field(None, description="Centavos")
    card_brand: str | None = None
    card_last4: str | None = None
    monthly_installments: int | None = Field(None, description="Months in which the card pays")
    description: str | None = Field(None, description="What was bought")
    livemode: bool | None = None

    @computed_field
    def created_at_text(self) -> str | None:
        """When the order was created."""
        return format_moment(self.created_at)

    @computed_field
    def paid_at_text(self) -> str | None:
        """When it was paid."""
        return format_moment(self.paid_at)

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when it can be paid."""
        return format_moment(self.expires_at) if self.payment_status == "pending_payment" else None

    @model_validator(mode="before")
    @classmethod
    def _add_card_and_items(cls, raw: Any) -> Any:
        charges: Any = get_rows(raw.get("charges")) or []
        method = charges[-1].get("payment_method") if charges else None
        card = {}
        if isinstance(method, Mapping) and get_method_name(method) == "card":
            months = charges[-1].get("monthly_installments")
            card = {
                "card_brand": method.get("brand"),
                "card_last4": method.get("last4"),
                "monthly_installments": months,
            }
        items = join_parts(line.get("name") for line in get_rows(raw.get("line_items")) or [])
        return {**raw, **card, "description": items, "amount_refunded": sum_given_back(raw) or None}


class Candidate(PaymentBrief):
    certainty: Literal["certain", "likely", "possible"] | None = None
    matches: list[Kind] | None = Field(None, description="What of the given facts fits")
    differs: list[Kind] | None = Field(None, description="What does not")

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        facts = super().curate(raw)
        first = ("id", "certainty", "matches", "differs")
        return {key: facts.pop(key) for key in first if key in facts} | facts


class SearchedPlace(Child):
    what: str | None = None
    from_at: Seconds = Field(None, description="Something had to happen from then on")
    until_at: Seconds = Field(None, description="Created before")
    read: int | None = Field(None, description="Rows that were read")
    complete: bool | None = None
    stopped: str | None = None

    @computed_field
    def from_at_text(self) -> str | None:
        return format_moment(self.from_at)

    @computed_field
    def until_at_text(self) -> str | None:
        return format_moment(self.until_at)


class FoundPayments(Result):
    found: str | None = Field(None, description="The result in a sentence")
    read_as: list[str] | None = Field(None, description="How ambiguous words were read")
    payments: list[Candidate] | None = Field(None, description="Candidates, best first")
    newest: list[PaymentBrief] | None = Field(
        None, description="The text tells of no payment in particular: the newest of all"
    )
    more_payments: int | None = None
    nearest: list[PaymentBrief] | None = Field(
        None, description="Nothing fits; of what was seen, the amounts nearest to the one that was said"
    )
    searched: Annotated[list[SearchedPlace] | None, Rows] = Field(None, description="Where, and how far")
    complete: bool | None = Field(None, description="false: not everywhere was looked")
    next: str | None = Field(None, description="Pass as next to look further")
    left_out: list[str] | None = None

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        facts = super().curate(raw)
        # An empty list still says that there is none.
        payments = [Candidate.curate(one) for one in raw["payments"]]
        return {"found": facts["found"], "payments": payments, **{**facts, "payments": payments}}


class ExplainedOrder(PaymentBrief):
    fee: int | None = Field(None, description="Centavos that Conekta keeps of what was paid")
    metadata: dict[str, object] | None = Field(None, description="What the shop noted")

    @computed_field
    def fee_text(self) -> str | None:
        """The fee as a person reads it."""
        return format_pesos(self.fee, self.currency) if self.fee else None

    @model_validator(mode="before")
    @classmethod
    def _add_fee(cls, raw: Any) -> Any:
        fees = [charge.get("fee") for charge in list_paid_charges(raw)]
        return {**raw, "fee": sum(one for one in fees if isinstance(one, int)) or None}


class StoryEvent(Child):
    happened_at: Seconds = None
    what: str | None = None

    @computed_field
    def happened_at_text(self) -> str | None:
        return format_moment(self.happened_at)


class NextStep(Child):
    tool: str | None = None
    arguments: dict[str, object] | None = None
    does: str | None = None


class ExplainedFailure(Child):
    failure_code: str | None = None
    cause: str | None = None
    who_can_act: Actor | None = None
    tell_customer: str | None = None
    failure_message: str | None = Field(None, description="In Conekta's words")


class ExplainedPayment(Result):
    now: str | None = Field(None, description="What is true now")
    failure: ExplainedFailure | None = Field(None, description="Why the last attempt failed")
    order: ExplainedOrder | None = None
    link: PaymentLinkRow | None = None
    story: list[StoryEvent] | None = Field(None, description="Oldest first")
    orders: list[PaymentBrief] | None = Field(None, description="Of a link, newest first")
    more_orders: int | None = None
    orders_complete: bool | None = None
    required_evidence: list[str] | None = Field(None, description="For a chargeback; evidence_type of it")
    optional_evidence: list[str] | None = None
    next_steps: list[NextStep] | None = Field(None, description="What can be done by which tool")


class WaitedPayment(Result):
    outcome: Outcome | None = None
    now: str | None = Field(None, description="What is true now")
    hint: str | None = None
    waited_seconds: int | None = None
    reads: int | None = None
    failure: ExplainedFailure | None = None
    order: PaymentBrief | None = None
    link: PaymentLinkRow | None = None
    next_steps: list[NextStep] | None = None


class CustomerCandidate(Child):
    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    created_at: Seconds = None


class CustomerProfile(Result):
    """The parts come from the profile as they are; it curates them."""

    found: str | None = None
    customers: list[CustomerCandidate] | None = Field(None, description="Several customers fit; choose one")
    complete: bool | None = None
    customer: dict[str, object] | None = None
    payment_sources: list[dict[str, object]] | None = None
    shipping_contacts: list[dict[str, object]] | None = None
    fiscal_entities: list[dict[str, object]] | None = None
    owed: list[dict[str, object]] | None = Field(None, description="Centavos of unpaid orders, by currency")
    owed_is_complete: bool | None = None
    latest_orders: list[dict[str, object]] | None = None
    subscriptions: Annotated[list[Subscription] | None, Rows] = None
    deletion: str | None = Field(None, description="What deleting the customer takes along")
    livemode: bool | None = None


class CheckedSubscription(Child):
    now: str | None = Field(None, description="What is true now")
    subscription: Subscription | None = None
    plan: PlanRow | None = None
    card: PaymentSource | None = Field(None, description="The card that is charged")
    other_cards: list[PaymentSource] | None = None
    failure: ExplainedFailure | None = None
    failed_attempts: int | None = None
    unpaid_order_id: str | None = None
    next_try_at: Seconds = Field(None, description="When another try is expected; inferred of the plan")
    next_steps: list[NextStep] | None = None

    @computed_field
    def next_try_at_text(self) -> str | None:
        return format_moment(self.next_try_at)


class CheckedSubscriptions(Result):
    found: str | None = None
    subscriptions: list[CheckedSubscription] | None = Field(None, description="The most urgent first")
    more_subscriptions: int | None = None
