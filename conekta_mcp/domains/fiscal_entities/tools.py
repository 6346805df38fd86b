"""Tools for fiscal entities of customers (conekta-api.md 4.4)."""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import (
    POST,
    PUT,
    ChangeInput,
    Input,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    CustomerId,
    FiscalEntityId,
    Maybe,
)
from conekta_mcp.domains.customers.address_results import FiscalEntity as CuratedEntity
from conekta_mcp.domains.customers.fields import FiscalAddress, FiscalFields

SETTLED_BY = "get_customer"


class AddFiscalEntityInput(FiscalFields, Input):
    customer_id: CustomerId
    address: Annotated[
        FiscalAddress,
        Field(description="Fiscal address"),
    ]


add_fiscal_entity = Operation(
    name="add_fiscal_entity",
    title="Add fiscal data",
    title_es="Agregar datos fiscales",
    endpoint=POST("/customers/{customer_id}/fiscal_entities"),
    risk=Risk.WRITE,
    toolset=Toolset.FISCAL_ENTITIES,
    description=(
        "Add RFC, legal name and fiscal address to a customer. It cannot be deleted; to correct it "
        "use update_fiscal_entity."
    ),
    input=AddFiscalEntityInput,
    example={
        "customer_id": "cus_1",
        "address": {"street1": "Calle Dos 2", "postal_code": "06100", "city": "Ciudad de Mexico"},
    },
    output=CuratedEntity,
    settled_by=SETTLED_BY,
)


class UpdateFiscalEntityInput(FiscalFields, ChangeInput):
    customer_id: CustomerId
    fiscal_entity_id: FiscalEntityId
    address: Annotated[
        Maybe[FiscalAddress],
        Field(description="The whole address"),
    ] = None


update_fiscal_entity = Operation(
    name="update_fiscal_entity",
    title="Change fiscal data",
    title_es="Cambiar datos fiscales",
    endpoint=PUT("/customers/{customer_id}/fiscal_entities/{fiscal_entity_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.FISCAL_ENTITIES,
    description="Change the given fields of a customer's fiscal data (ids in get_customer).",
    input=UpdateFiscalEntityInput,
    example={"customer_id": "cus_1", "fiscal_entity_id": "fis_ent_1", "tax_id": "XAXX010101000"},
    output=CuratedEntity,
    settled_by=SETTLED_BY,
    idempotent=True,
)

TOOLS = (add_fiscal_entity, update_fiscal_entity)
