"""A payment link, or the checkout of an order (conekta-api.md 4.8)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.orders.results import LineItem
from conekta_mcp.results.base import Result, Rows, Seconds
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_iso, format_moment, say


class PaymentLinkRow(Result):
    """A link in a list, without its URL: whoever has that can pay."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("checkout",), ("checkout_id",))

    id: str | None = None
    name: str | None = None
    status: str | None = Field(None, description="Issued, Expired or Cancelled")
    type: str | None = None
    recurrent: bool | None = None
    paid_payments_count: int | None = None
    payments_limit_count: int | None = None
    expires_at: Seconds = None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when it can be paid."""
        return format_moment(self.expires_at)

    @computed_field
    def expires_at_iso(self) -> str | None:
        return format_iso(self.expires_at)


class PaymentLink(PaymentLinkRow):
    url: str | None = Field(None, description="For the payer; anyone who has it can pay")
    amount: int | None = Field(None, description="Centavos of one payment, when it was created")
    currency: str | None = None
    line_items: Annotated[list[LineItem] | None, Rows] = None
    starts_at: Seconds = None
    emails_sent: int | None = None
    sms_sent: int | None = None
    allowed_payment_methods: list[str] | None = None
    excluded_payment_methods: list[str] | None = None
    exclude_card_networks: list[str] | None = None
    monthly_installments_options: list[int] | None = None
    plan_ids: list[str] | None = None
    needs_shipping_contact: bool | None = None
    success_url: str | None = None
    failure_url: str | None = None
    metadata: dict[str, object] | None = None
    livemode: bool | None = None

    @computed_field
    def status_text(self) -> str | None:
        """Whether it can be paid."""
        if self.status in {"Expired", "Cancelled"}:
            return say("Ya no se puede pagar", "It cannot be paid any more")
        if self.status != "Issued":
            return None
        most, paid = self.payments_limit_count if self.recurrent else 1, self.paid_payments_count or 0
        if most and paid >= most:
            return say("Ya se pagó: no admite otro pago", "It was paid and takes no other payment")
        return say("Se puede pagar", "It can be paid")

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount, self.currency)

    @computed_field
    def sent_text(self) -> str | None:
        """To whom Conekta has sent it."""
        mails, texts = self.emails_sent, self.sms_sent
        if mails is None or texts is None:
            return None
        if not mails and not texts:
            rest = say(": pasa la url a quien paga", ": give the url to the payer")
            nobody = say("Conekta no se lo ha mandado a nadie", "Conekta has sent it to nobody")
            return nobody + (rest if self.status == "Issued" else "")
        return say(
            f"Conekta lo mandó: correos {mails}, SMS {texts}",
            f"Conekta sent it: e-mails {mails}, SMS {texts}",
        )

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        facts = super().curate(raw)
        first = ("url", "status", "amount", "amount_text", "line_items")
        return {key: facts.pop(key) for key in first if key in facts} | facts
