"""Tools for plans: what subscribers pay, how often and for how long (conekta-api.md 4.9)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    ChangeInput,
    DetailInput,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
    echo_deletion,
)
from conekta_mcp.catalog.fields import INT32_MAX, Maybe, PlanId, SpanishText, Text
from conekta_mcp.domains.plans.results import Plan, PlanRow
from conekta_mcp.domains.spellings import Currency
from conekta_mcp.results.page import Page

PlanAmount = Annotated[int, Field(ge=1, le=INT32_MAX, description="Centavos each cycle")]
Count = Annotated[int, Field(ge=1, le=10_000)]


class ListPlansInput(ListInput):
    finds_people = False

    search: Annotated[
        Maybe[Text], Field(description="Part of id or name"), SpanishText("parte del id o del nombre")
    ] = None
    currency: Annotated[Maybe[Currency], Field(description="Only these")] = None
    frequency: Annotated[Maybe[Count], Field(description="Only these")] = None


list_plans = Operation(
    name="list_plans",
    title="Find plans",
    title_es="Buscar planes",
    endpoint=GET("/plans"),
    risk=Risk.READ,
    toolset=Toolset.PLANS,
    description=(
        "Find plans, newest first: the plan_id for create_subscription; look here before create_plan. For "
        "trial and retries of one use get_plan."
    ),
    input=ListPlansInput,
    example={},
    output=Page[PlanRow],
    card="table",
)


class GetPlanInput(DetailInput):
    plan_id: PlanId


get_plan = Operation(
    name="get_plan",
    title="Read a plan",
    title_es="Ver un plan",
    endpoint=GET("/plans/{plan_id}"),
    risk=Risk.READ,
    toolset=Toolset.PLANS,
    description=(
        "Read one plan: amount, cycle, trial, number of charges, retries. To search by name use list_plans."
    ),
    input=GetPlanInput,
    example={"plan_id": "plan_1"},
    output=Plan,
)


class CreatePlanInput(Input):
    rare = frozenset({"max_retries", "retry_delay_hours"})

    name: Annotated[Text, Field(description="Name")]
    amount: PlanAmount
    interval: Annotated[Literal["week", "half_month", "month", "year"], Field(description="Of the cycle")]
    frequency: Annotated[Count, Field(description="Intervals in a cycle")] = 1
    currency: Annotated[Currency, Field(description="Currency")] = "MXN"
    plan_id: Annotated[Maybe[PlanId], Field(description="Such as gold-plan")] = None
    trial_period_days: Annotated[
        Maybe[Annotated[int, Field(ge=0, le=3650)]], Field(description="Free days first")
    ] = None
    expiry_count: Annotated[Maybe[Count], Field(description="Charges in all; else endless")] = None
    max_retries: Annotated[Maybe[Annotated[int, Field(ge=3, le=1000)]], Field(description="Of a charge")] = (
        None
    )
    retry_delay_hours: Annotated[
        Maybe[Annotated[int, Field(ge=48, le=8760)]], Field(description="Between retries")
    ] = None

    def payload(self) -> Mapping[str, Any]:
        return {"id" if name == "plan_id" else name: value for name, value in super().payload().items()}


create_plan = Operation(
    name="create_plan",
    title="Create a plan",
    title_es="Crear un plan",
    endpoint=POST("/plans"),
    risk=Risk.WRITE,
    toolset=Toolset.PLANS,
    description=(
        "Create a plan: the amount and the cycle that subscribers will pay. Charges nobody until "
        "create_subscription. Cycle, trial and retries cannot change later; update_plan does the rest."
    ),
    input=CreatePlanInput,
    example={"name": "Mensual", "amount": 9900, "interval": "month"},
    output=Plan,
    settled_by="list_plans with the name as search",
    hints={"id.found": "A plan with this id exists: read it with get_plan, or choose another id."},
)


class UpdatePlanInput(ChangeInput):
    plan_id: PlanId
    name: Annotated[Maybe[Text], Field(description="Name")] = None
    amount: Annotated[Maybe[PlanAmount], Field(description="Centavos each cycle")] = None
    currency: Annotated[Maybe[Currency], Field(description="Currency")] = None
    expiry_count: Annotated[Maybe[Count], Field(description="Charges in all")] = None


update_plan = Operation(
    name="update_plan",
    title="Change a plan",
    title_es="Cambiar un plan",
    endpoint=PUT("/plans/{plan_id}"),
    risk=Risk.MONEY,
    toolset=Toolset.PLANS,
    description=(
        "Change a plan's name, amount, currency or number of charges: every subscriber's later bills change "
        "with it. To move one subscriber only use update_subscription with another plan."
    ),
    input=UpdatePlanInput,
    example={"plan_id": "plan_1", "name": "Mensual"},
    output=Plan,
    settled_by="get_plan",
    idempotent=True,
)


class DeletePlanInput(Input):
    plan_id: PlanId


delete_plan = Operation(
    name="delete_plan",
    title="Delete a plan",
    title_es="Eliminar un plan",
    endpoint=DELETE("/plans/{plan_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.PLANS,
    description=(
        "Delete a plan for good. What becomes of subscriptions on it is not documented: end them with "
        "cancel_subscription, or move them with update_subscription, first."
    ),
    input=DeletePlanInput,
    example={"plan_id": "plan_1"},
    output=Plan,
    echo=echo_deletion,
    settled_by="get_plan: a 404 means that it is deleted",
    idempotent=True,
)

TOOLS = (list_plans, get_plan, create_plan, update_plan, delete_plan)
