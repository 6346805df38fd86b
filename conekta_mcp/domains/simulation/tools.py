"""Controls of the sandbox, listed only when the server runs on it."""

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import (
    POST,
    Input,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Cents, Maybe, OrderId
from conekta_mcp.domains.simulation.results import SimulatedPayment

Reference = Annotated[str, StringConstraints(pattern="^[0-9]{10,18}$")]


class SimulatePaymentInput(Input):
    reference: Annotated[Maybe[Reference], Field(description="CLABE or cash reference")] = None
    order_id: Annotated[Maybe[OrderId], Field(description="Or the order to pay")] = None
    amount: Annotated[Maybe[Cents], Field(description="Centavos; omit for the exact amount")] = None

    @model_validator(mode="after")
    def _require_payable(self) -> Self:
        if not (self.reference or self.order_id):
            raise PydanticCustomError("nothing_to_pay", "reference or order_id is needed")
        return self


simulate_payment = Operation(
    name="simulate_payment",
    title="Simulate a payer (sandbox)",
    title_es="Simular a un pagador (sandbox)",
    endpoint=POST("/_sandbox/payments"),
    risk=Risk.WRITE,
    toolset=Toolset.SANDBOX,
    description=(
        "Play the payer in the sandbox: transfer to a CLABE or pay a cash reference. A wrong amount "
        "goes back to the payer. No money exists here."
    ),
    input=SimulatePaymentInput,
    example={"order_id": "ord_1"},
    output=SimulatedPayment,
    settled_by="get_order",
)

TOOLS: tuple[Operation[Any], ...] = (simulate_payment,)
