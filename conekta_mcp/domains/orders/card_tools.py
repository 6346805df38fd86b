"""Orders paid by card: token or source, instalments, pre-authorisation, 3DS (conekta-api.md 4.5, 4.6)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import POST, Operation, Risk, Toolset
from conekta_mcp.catalog.fields import CardSourceId, Maybe, TokenId
from conekta_mcp.domains.orders.fields import PayerInput, refuse_together
from conekta_mcp.domains.orders.results import Order
from conekta_mcp.domains.orders.tools import SETTLED_BY

Address = Annotated[
    str, StringConstraints(pattern=r"^https://[^\s\\/?#@]+([/?#][^\s\\]*)?$", max_length=2000)
]


class CreateCardOrderInput(PayerInput):
    rare = PayerInput.rare | {"three_ds_mode", "return_url"}
    assumed_values: ClassVar[Mapping[str, Any]] = {"pre_authorize": False}

    token_id: Annotated[Maybe[TokenId], Field(description="tok_ id")] = None
    payment_source_id: Annotated[Maybe[CardSourceId], Field(description="Or a stored card")] = None
    monthly_installments: Annotated[Maybe[Literal[3, 6, 9, 12, 18, 24]], Field(description="Months")] = None
    pre_authorize: Annotated[Maybe[bool], Field(description="Hold, do not take")] = None
    three_ds_mode: Annotated[Maybe[Literal["strict", "not_strict", "smart"]], Field(description="3DS")] = None
    return_url: Annotated[Maybe[Address], Field(description="Back from 3DS")] = None

    @model_validator(mode="after")
    def _require_one_card(self) -> Self:
        if not (self.token_id or self.payment_source_id):
            raise PydanticCustomError("card_missing", "token_id or payment_source_id is needed")
        if self.payment_source_id:
            refuse_together("payment_source_id", ["token_id"] if self.token_id else [])
            if not self.customer_id:
                raise PydanticCustomError("owner_missing", "payment_source_id needs its customer_id")
        return self

    def payload(self) -> Mapping[str, Any]:
        of_charge = {"token_id", "payment_source_id", "monthly_installments"}
        of_order = {"pre_authorize", "three_ds_mode", "return_url"}
        charge = {"type": "card", **self.model_dump(exclude_none=True, include=of_charge)}
        return {**self.build_body(self.payer, charge), **self.model_dump(exclude_none=True, include=of_order)}


create_card_order = Operation(
    name="create_card_order",
    title="Charge a card",
    title_es="Cobrar a una tarjeta",
    endpoint=POST("/orders", accepts_key=True),
    risk=Risk.MONEY,
    toolset=Toolset.ORDERS,
    description=(
        "Charge a card now, or hold with pre_authorize. Moves real money in live mode: confirm the "
        "amount first. A decline leaves an order: see get_order before retrying. For transfers or "
        "cash use create_order."
    ),
    input=CreateCardOrderInput,
    example={
        "customer_id": "cus_1",
        "line_items": [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}],
        "token_id": "tok_test_visa_4242",
    },
    output=Order,
    card="order",
    settled_by=SETTLED_BY,
    hints={
        "nonexistent_token": "Tokens live 10 minutes and work once; ask for a new one, or use a stored card.",
        "tokenization.used": "This token was used already; ask for a new one, or use a stored card (src_).",
        "insufficient_funds": "The card has no funds. Offer another card, or SPEI with create_order.",
    },
)
