"""Plans: what subscribers pay and how often (conekta-api.md 4.9)."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind
from conekta_mcp.domains.charges.writes import named_amount
from conekta_mcp.domains.plans.tools import (
    create_plan,
    delete_plan,
    get_plan,
    list_plans,
    update_plan,
)
from conekta_mcp.effects.question_facts import currency, name_of
from conekta_mcp.effects.question_text import (
    Both,
    asking,
    both,
    currency_of,
    money,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    if_there,
    looking,
    number,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import body_of, changed_since, gone
from conekta_mcp.effects.write_plan import Handling, Seen

PLAN = reading(get_plan, "plan_id")
LOOK = looking(get_plan, "plan_id")
CYCLES: Mapping[str, tuple[Both, Both]] = {
    "day": (("día", "días"), ("day", "days")),
    "week": (("semana", "semanas"), ("week", "weeks")),
    "half_month": (("media mes", "quincenas"), ("half month", "half months")),
    "month": (("mes", "meses"), ("month", "months")),
    "year": (("año", "años"), ("year", "years")),
}


def cycle(interval: object, frequency: int | None) -> Both:
    """Say how often: every month, every 3 weeks."""
    spanish, english = CYCLES.get(str(interval), (("ciclo", "ciclos"), ("cycle", "cycles")))
    many = frequency or 1
    if many == 1:
        return "cada quincena" if interval == "half_month" else f"cada {spanish[0]}", f"every {english[0]}"
    return f"cada {many} {spanish[1]}", f"every {many} {english[1]}"


def price(plan: Raw) -> Both:
    """Say what a plan costs: MXN 99.00 every month."""
    sum_of_one = money(number(plan, "amount") or 0, plan.get("currency"))
    often = cycle(plan.get("interval"), number(plan, "frequency"))
    return both("{sum} {often}", "{sum} {often}", sum=sum_of_one, often=often)


def _creating(arguments: Any, _: Raw) -> Seen:
    fields = arguments.model_dump()
    return Seen(currency=currency_of(arguments.currency), facts={"price": price(fields)})


def _changing(arguments: Any, plan: Raw) -> Seen:
    coin = arguments.currency or plan.get("currency")
    changes = (
        [both("nombre {name}", "name {name}", name=name_of({"name": arguments.name}))]
        if arguments.name
        else []
    )
    if arguments.amount is not None or arguments.currency:
        amount = number(plan, "amount") if arguments.amount is None else arguments.amount
        changes.append(both("precio {sum}", "price {sum}", sum=money(amount or 0, coin)))
    if arguments.expiry_count is not None:
        changes.append(
            (f"{arguments.expiry_count} cobros en total", f"{arguments.expiry_count} charges in all")
        )
    facts = {
        "plan": name_of(plan, arguments.plan_id),
        "price": price(plan),
        "changes": (", ".join(one for one, _ in changes), ", ".join(one for _, one in changes)),
    }
    return Seen(currency=currency_of(coin), facts=facts)


def _known(arguments: Any, plan: Raw) -> Seen:
    return Seen(
        currency=currency(plan), facts={"plan": name_of(plan, arguments.plan_id), "price": price(plan)}
    )


HANDLINGS: Mapping[str, Handling] = {
    create_plan.name: Handling(
        amount=named_amount,
        subject="plan_id",
        see=_creating,
        said=asking("¿Crear el plan {name} de {price}?", "Create the plan {name} of {price}?"),
        proof=new_row(
            list_plans,
            body_of(create_plan),
            looking(list_plans),
            whole=lambda api, _, row: ask(api, get_plan, plan_id=str(row["id"])),
            named=lambda _, row: written(get_plan, plan_id=str(row.get("id"))),
        ),
    ),
    update_plan.name: Handling(
        amount=named_amount,
        subject="plan_id",
        read=PLAN,
        see=_changing,
        said=asking(
            "¿Cambiar el plan {plan} ({plan_id}, hoy {price}) para todos sus suscriptores: {changes}?",
            "Change the plan {plan} ({plan_id}, today {price}) for all its subscribers: {changes}?",
        ),
        proof=changed_since(PLAN, body_of(update_plan), LOOK),
    ),
    delete_plan.name: Handling(
        kind=Kind.REMOVAL,
        subject="plan_id",
        read=PLAN,
        see=_known,
        said=asking(
            "¿Borrar para siempre el plan {plan} ({plan_id}, {price})?",
            "Delete for good the plan {plan} ({plan_id}, {price})?",
        ),
        proof=gone(if_there(PLAN), "plan_id", LOOK),
    ),
}
