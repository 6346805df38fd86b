"""The question about a deletion tells which subscriptions and unpaid orders hang on it."""

from collections.abc import Callable
from typing import Any

import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.errors import Detail, RequestRefused
from tests.conftest import LINES
from tests.effects.scenes import SPEI
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


async def ask_about_source(world: World, customer_id: str, source_id: str) -> tuple[str, str]:
    given = {"customer_id": customer_id, "payment_source_id": source_id}
    question = (await world.read_effect("delete_payment_source", given)).question
    return question["es"].partition("?")[2], question["en"].partition("?")[2]


async def test_a_card_that_pays_a_subscription_says_so_before_it_goes(world: World) -> None:
    plan(world.shop)
    who = customer(world.shop)
    (card,) = world.shop.get(f"/customers/{who}")["payment_sources"]["data"]
    assert await ask_about_source(world, who, card["id"]) == ("", "")
    ended = subscribe(world.shop, who)
    act(world.shop, ended, "cancel")
    assert await ask_about_source(world, who, card["id"]) == ("", "")
    subscribe(world.shop, who)
    told = (" Con ella se paga 1 suscripción.", " It pays 1 subscription.")
    assert await ask_about_source(world, who, card["id"]) == told
    subscribe(world.shop, who)
    told = (" Con ella se pagan 2 suscripciones.", " It pays 2 subscriptions.")
    assert await ask_about_source(world, who, card["id"]) == told
    # A subscription without a card of its own charges the default one.
    world.altered = lambda request, answer: (
        {**answer, "data": [{**row, "card_id": None} for row in answer["data"]]}
        if request.path.endswith("/subscriptions")
        else answer
    )
    assert await ask_about_source(world, who, card["id"]) == told
    world.altered = lambda request, answer: (
        refuse(500)(request, answer) if request.path.endswith("/subscriptions") else answer
    )
    unseen = " Whether a subscription charges it could not be seen."
    assert (await ask_about_source(world, who, card["id"]))[1] == unseen


async def test_a_clabe_on_which_orders_wait_says_so_before_it_goes(world: World) -> None:
    who, _ = world.shop.customer_with_clabe()
    (source,) = world.shop.get(f"/customers/{who}")["payment_sources"]["data"]
    assert await ask_about_source(world, who, source["id"]) == ("", "")
    world.shop.order(who, SPEI, line_items=LINES)
    spanish, english = await ask_about_source(world, who, source["id"])
    assert spanish == " Debe MXN 500.00 en 1 orden por pagar, que se queda."
    assert english == " They owe MXN 500.00 in 1 order that waits for a payment and stays."


async def test_a_start_that_may_end_another_subscription_says_so(world: World) -> None:
    plan(world.shop)
    given = {"customer_id": customer(world.shop), "plan_id": "gold"}
    question = (await world.read_effect("create_customer_subscription", given)).question
    assert question["es"].endswith("; la suscripción que ya tenga puede terminar?")
    assert question["en"].endswith("; a subscription they have may end?")
    assert "may end" not in (await world.read_effect("create_subscription", given)).question["en"]
