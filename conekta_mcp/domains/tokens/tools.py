"""Tools for card tokens and monthly instalments (conekta-api.md 3.1, 3.2, 4.11)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from conekta_mcp.catalog import (
    POST,
    Input,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import INT32_MAX
from conekta_mcp.domains.tokens.results import Installments, Token

Bin = Annotated[str, StringConstraints(pattern="^[0-9]{6}([0-9]{2})?$", max_length=8)]


class CreateTokenInput(Input):
    def payload(self) -> Mapping[str, Any]:
        # POST /tokens also takes a card in the clear, from merchants certified for it. This server never
        # sends one: card numbers have no place in a conversation. In this deprecated form the payer gives the
        # card to Conekta's Component in the browser.
        return {"checkout": {"returns_control_on": "Token"}}


create_token = Operation(
    name="create_token",
    title="Ask for a card token",
    title_es="Pedir un token de tarjeta",
    endpoint=POST("/tokens"),
    risk=Risk.SECRET,
    toolset=Toolset.TOKENS,
    description=(
        "Ask for a token whose card the payer gives to Conekta's Component in the browser (deprecated "
        "form). Takes no card data, ever. Then one create_card_order or add_card_source within 10 minutes."
    ),
    input=CreateTokenInput,
    example={},
    output=Token,
    settled_by="(no tool lists tokens; an unused one does nothing, so ask for another)",
)


class ValidateInstallmentsInput(Input):
    """Documented by [UP] only (conekta-api.md 3.2)."""

    bin: Annotated[Bin, Field(description="First 6 or 8 digits of the card, never more")]
    amount: Annotated[int, Field(ge=1, le=INT32_MAX, description="Centavos")]


validate_installments = Operation(
    name="validate_installments",
    title="See a card's monthly instalments",
    title_es="Ver los meses sin intereses de una tarjeta",
    endpoint=POST("/monthly_installments/validate", reads=True),
    source="newer than the file, in Conekta's own documentation",
    risk=Risk.READ,
    toolset=Toolset.TOKENS,
    description=(
        "See in how many months without interest a card could pay an amount, before "
        "create_card_order with monthly_installments. Charges nothing; needs the first digits only."
    ),
    input=ValidateInstallmentsInput,
    example={"bin": "424242", "amount": 50000},
    output=Installments,
)

TOOLS = (create_token, validate_installments)
