"""Tools for the companies of a holding (conekta-api.md 4.11)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from conekta_mcp.catalog import (
    GET,
    POST,
    Input,
    ListInput,
    Operation,
    Part,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    Email,
    Maybe,
    ObjectId,
    Phone,
    ShortText,
    SpanishText,
    Text,
    require_shape,
)
from conekta_mcp.domains.companies.results import Company
from conekta_mcp.domains.spellings import Clabe
from conekta_mcp.results.page import Page

Website = Annotated[Text, AfterValidator(require_shape("web", r"https?://[^\s/]+\S*", "an http(s) address"))]
MerchantCategory = Annotated[str, AfterValidator(require_shape("mcc", "[0-9]{4}", "four digits"))]


class ListCompaniesInput(ListInput):
    finds_people = False

    search: Annotated[Maybe[Text], Field(description="Part of the name"), SpanishText("parte del nombre")] = (
        None
    )


list_companies = Operation(
    name="list_companies",
    title="List child companies",
    title_es="Listar empresas hijas",
    endpoint=GET("/companies"),
    risk=Risk.READ,
    toolset=Toolset.COMPANIES,
    description=(
        "List the child companies of a holding, newest first. The company that the key itself belongs to "
        "is in get_current_company."
    ),
    input=ListCompaniesInput,
    example={},
    output=Page[Company],
    card="table",
)


class GetCompanyInput(Input):
    company_id: ObjectId


get_company = Operation(
    name="get_company",
    title="Read a company",
    title_es="Ver una empresa",
    endpoint=GET("/companies/{company_id}"),
    risk=Risk.READ,
    toolset=Toolset.COMPANIES,
    description=(
        "Read one company: active or not, how far its onboarding is, its documents. Find the id with "
        "list_companies."
    ),
    input=GetCompanyInput,
    example={"company_id": "6a0000000000000000000001"},
    output=Company,
)


class GetCurrentCompanyInput(Input):
    """No arguments."""


get_current_company = Operation(
    name="get_current_company",
    title="Read one's own company",
    title_es="Ver la empresa propia",
    endpoint=GET("/companies/current"),
    risk=Risk.READ,
    toolset=Toolset.COMPANIES,
    description=(
        "Read the company that the key belongs to: who am I, is the account active. Does not say whether "
        "the key is live. Others: get_company."
    ),
    input=GetCurrentCompanyInput,
    example={},
    output=Company,
)


class CommercialInfo(Part):
    """What the company sells, and where it helps its customers."""

    website: Maybe[Website] = None
    mcc: Maybe[MerchantCategory] = None
    merchant_support_email: Maybe[Email] = None
    merchant_support_phone: Maybe[Phone] = None


class FiscalInfo(Part):
    """What kind of taxpayer it is."""

    business_phone: Maybe[Phone] = None
    fiscal_type: Maybe[Text] = None


class CreateCompanyInput(Input):
    name: Annotated[ShortText, Field(description="Name")]
    type_company: Annotated[Maybe[Text], Field(description="Such as owner")] = None
    comercial_info: Annotated[
        Maybe[CommercialInfo],
        Field(description="What it sells"),
    ] = None
    fiscal_info: Annotated[Maybe[FiscalInfo], Field(description="Kind of taxpayer")] = None
    clabe: Maybe[Clabe] = None
    users: Annotated[Maybe[list[Email]], Field(min_length=1, description="E-mails of its users")] = None

    def payload(self) -> Mapping[str, Any]:
        fields = dict(super().payload())
        number = fields.pop("clabe", None)
        return {**fields, **({"bank_account_info": {"clabe": number}} if number else {})}


create_company = Operation(
    name="create_company",
    title="Create a child company",
    title_es="Crear una empresa hija",
    endpoint=POST("/companies"),
    risk=Risk.WRITE,
    toolset=Toolset.COMPANIES,
    description=(
        "Create a child company of a holding; settlements will go to the given CLABE. Cannot be deleted. "
        "It can charge once onboarded: then upload_company_document."
    ),
    input=CreateCompanyInput,
    example={"name": "Prueba SA"},
    output=Company,
    settled_by="list_companies with the name as search",
)

TOOLS = (list_companies, get_company, get_current_company, create_company)
