"""The question about the deletion of a customer tells which subscriptions end with them."""

from collections.abc import Callable
from typing import Any

import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.errors import Detail, RequestRefused
from tests.effects.world import World
from tests.sandbox.subscriptions.subscribing import act, customer, plan, subscribe

pytestmark = pytest.mark.anyio


async def ask(world: World, customer_id: str) -> tuple[str, str]:
    question = (await world.read_effect("delete_customer", {"customer_id": customer_id})).question
    return question["es"], question["en"]


@pytest.mark.parametrize(
    ("actions", "spanish", "english"),
    [
        ([""], ", su suscripción?", ", their subscription?"),
        (["pause"], ", su suscripción?", ", their subscription?"),
        (["cancel"], ", 1 tarjeta?", ", 1 card?"),
        (["", ""], ", sus 2 suscripciones?", ", their 2 subscriptions?"),
        (["", "cancel", ""], ", sus 2 suscripciones?", ", their 2 subscriptions?"),
    ],
)
async def test_every_subscription_that_did_not_end_is_told(
    actions: list[str], spanish: str, english: str, world: World
) -> None:
    """Conekta shows one inside of the customer: of two nothing was said, and one that had ended was told."""
    plan(world.shop)
    who = customer(world.shop)
    for action in actions:
        made = subscribe(world.shop, who)
        if action:
            act(world.shop, made, action)
    told = await ask(world, who)
    assert told[0].endswith(spanish)
    assert told[1].endswith(english)


def refuse(status: int) -> Callable[[Request, Any], Any]:
    """Refuse what reads subscriptions."""

    def alter(_: Request, __: Any) -> Any:
        detail = (Detail(code="conekta.errors.resource_not_found.entity", message="-"),)
        raise RequestRefused(type="resource_not_found_error", details=detail, http_status=status)

    return alter


@pytest.mark.parametrize(
    ("altered", "english"),
    [
        (refuse(404), "their subscription?"),
        (refuse(500), "any subscriptions they have?"),
        (lambda _, answer: {**answer, "has_more": True}, "any subscriptions they have?"),
        (lambda _, answer: {**answer, "total": 9}, "any subscriptions they have?"),
    ],
    ids=["no such route", "a failure", "more of them", "fewer than told"],
)
async def test_subscriptions_that_are_not_shown_are_not_taken_for_none(
    altered: Any, english: str, world: World
) -> None:
    plan(world.shop)
    who = customer(world.shop)
    subscribe(world.shop, who)
    world.altered = lambda request, answer: (
        altered(request, answer) if request.path.endswith("/subscriptions") else answer
    )
    assert (await ask(world, who))[1].endswith(english)
