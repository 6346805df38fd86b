"""Every writing tool: what its effect says, against what the tool says of itself and what was read."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from conekta_mcp.catalog import Effect, EffectKind, Recurrence, Risk
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.domains.plans.writes import format_cycle, format_times
from conekta_mcp.effects.question_text import format_money, to_language
from conekta_mcp.policy.policy import find_consent_reason
from conekta_mcp.policy.sums import AMOUNT_KINDS, names_price
from tests.contract.declarations import find_plan_file
from tests.contract.fullest import PERSON
from tests.effects.changes import list_fullest_calls
from tests.effects.creations import CREATIONS
from tests.effects.scenes import LATER, LINES, NEW_LINE, SCENES, Scene, ana, running, uncharged
from tests.effects.test_touched_ids import named_ids
from tests.effects.world import TOOLS, World
from tests.sandbox.subscriptions.subscribing import plan

pytestmark = pytest.mark.anyio
FINAL = re.compile(
    "for good|cannot be undone|cannot be deleted|cannot be taken back|ONCE: |Happens once|Final on|is gone"
    "|para siempre|no se puede borrar|una sola vez y sin|with nothing to be added"
)
ALWAYS_FINAL = {EffectKind.CHARGE, EffectKind.REFUND, EffectKind.MESSAGE}
"""Money that was taken or given back and what was sent stay so, whatever another call adds."""
FINAL_WITHOUT_WORDS = {
    "create_charge": "a card is charged",
    "create_charges": "a card is charged",
    "get_customer_portal": "who has seen an address that works like a password has it",
    "create_customer_portal": "who has seen an address that works like a password has it",
    "upload_company_document": "nothing deletes a document",
}
PAGE = {"name": "Curso", "line_items": LINES, "expires_at": LATER}


def selling(shop: Any, **more: Any) -> dict[str, Any]:
    plan(shop, **more)
    return {**PAGE, "plan_ids": ["gold"]}


def moving(shop: Any, **fields: Any) -> dict[str, Any]:
    made = running(shop, plan_id="silver")
    plan(shop, **{"id": "silver", "name": "Plata", "amount": 5000, **fields})
    return made


MORE: list[tuple[str, Scene]] = [
    ("create_payment_link", selling),
    ("create_payment_link", lambda shop: selling(shop, expiry_count=12, interval="week", frequency=2)),
    ("create_payment_link", lambda _: {**PAGE, "recurrent": True}),
    ("create_payment_link", lambda _: {**PAGE, "recurrent": True, "payments_limit_count": 3}),
    ("create_payment_link", lambda _: {**PAGE, "on_demand_enabled": True, "customer": PERSON}),
    ("create_plan", lambda _: {"name": "Oro", "amount": 9900, "interval": "year", "expiry_count": 3}),
    ("update_plan", lambda shop: {"plan_id": plan(shop)["id"], "currency": "USD"}),
    ("update_plan", lambda shop: {"plan_id": plan(shop)["id"], "expiry_count": 4}),
    ("update_subscription", lambda shop: moving(shop, interval="week")),
    ("update_order", lambda shop: {**uncharged(shop), "currency": "USD"}),
    ("update_order", lambda shop: {**uncharged(shop), "customer_id": ana(shop, name="Eva Luna")}),
    ("update_order", lambda shop: {**uncharged(shop), **PERSON, "line_items": [NEW_LINE]}),
]
CASES = [
    *((tool, scene) for tool, scene in SCENES.items() if tool in WRITE_PLANS),
    *((tool, scene) for tool, scenes in CREATIONS.items() for scene in scenes),
    *MORE,
]
each_case = pytest.mark.parametrize(
    ("tool", "scene"), CASES, ids=[f"{tool}-{place}" for place, (tool, _) in enumerate(CASES)]
)


def texts_of(tool: str, world: World) -> list[str]:
    """What a tool says of itself, and what it asks a person."""
    given = [*list_fullest_calls(tool), dict(TOOLS[tool].example)][0]
    effect = WRITE_PLANS[tool].compute_effect(world.arguments(tool, given), {})
    return [TOOLS[tool].description, *effect.question.values()]


@pytest.mark.parametrize("tool", sorted(WRITE_PLANS))
async def test_what_a_tool_calls_final_cannot_be_undone_and_nothing_else(tool: str, world: World) -> None:
    effect = WRITE_PLANS[tool].compute_effect(world.arguments(tool, TOOLS[tool].example), None)
    if FINAL.search(" ".join(texts_of(tool, world))):
        assert not effect.is_reversible, f"{find_plan_file(tool)}: {tool} is final: is_reversible=False"
    elif not effect.is_reversible:
        assert effect.kind in ALWAYS_FINAL or tool in FINAL_WITHOUT_WORDS, (
            f"{find_plan_file(tool)}: nothing undoes {tool}: its question has to say 'for good'"
        )
    if effect.kind in ALWAYS_FINAL and not tool.startswith("update_"):
        assert not effect.is_reversible


@pytest.mark.parametrize("tool", sorted(WRITE_PLANS))
async def test_what_its_annotations_call_destructive_ends_something_tells_a_secret_or_decides_for_others(
    tool: str, world: World
) -> None:
    effect = WRITE_PLANS[tool].compute_effect(world.arguments(tool, TOOLS[tool].example), None)
    kind, risk = effect.kind, TOOLS[tool].risk
    if risk is Risk.DESTRUCTIVE:
        assert kind is EffectKind.REMOVAL
    if risk is Risk.SECRET:
        assert kind in (EffectKind.SECRET, EffectKind.REMOVAL) or effect.decides_destination
    if risk is Risk.MONEY and tool != "update_plan":  # its example changes the name alone
        assert find_consent_reason("money", effect) == "money"


@pytest.mark.parametrize("tool", sorted(WRITE_PLANS))
async def test_live_money_is_asked_about_and_what_is_final_secret_or_decides_for_others(
    tool: str, world: World, arguments: dict[str, dict[str, Any]]
) -> None:
    given = SCENES[tool](world.shop) if tool in SCENES else arguments[tool]
    effect, plan = await world.read_effect(tool, given), WRITE_PLANS[tool]
    if find_consent_reason("money", effect) is None:
        assert plan.unasked, f"{find_plan_file(tool)}: unasked of {tool}: why nobody is asked about it"
    else:
        assert plan.asked_about or not plan.unasked, (
            f"{find_plan_file(tool)}: {tool} is asked about: no unasked"
        )
    assert find_consent_reason("never", effect) is None
    assert find_consent_reason("writes", effect) is not None


ADDRESS = {"street1": "Calle Dos 2", "postal_code": "06100", "country": "MX"}
WHERE_GOODS_GO = [
    ("add_shipping_contact", {"address": ADDRESS}, False),
    ("add_shipping_contact", {"address": ADDRESS, "default": True}, True),
    ("update_shipping_contact", {"receiver": "Eva"}, False),
    ("update_shipping_contact", {"default": True}, True),
    ("update_shipping_contact", {"default": False}, True),
    ("update_shipping_contact", {"address": {"street1": "Calle Dos 2"}}, True),
    ("update_customer", {"default_shipping_contact_id": "ship_cont_2zAAAAAAAAAAAAAA1"}, True),
    ("update_customer", {"default_payment_source_id": "src_2zAAAAAAAAAAAAAA1"}, True),
]


@pytest.mark.parametrize(("tool", "given", "is_asked"), WHERE_GOODS_GO)
async def test_where_goods_and_money_go_from_now_on_is_asked_about(
    tool: str, given: dict[str, Any], is_asked: bool, world: World
) -> None:
    known = {"customer_id": ana(world.shop), "shipping_contact_id": "ship_cont_2zAAAAAAAAAAAAAA1"}
    named = {name: one for name, one in known.items() if name in TOOLS[tool].input.model_fields}
    effect = await world.read_effect(tool, {**named, **given})
    assert find_consent_reason("destructive", effect) == ("destination" if is_asked else None)
    if tool == "add_shipping_contact":
        assert ("from now on" in effect.question["en"]) is is_asked


@each_case
async def test_it_touches_every_id_of_its_arguments_and_of_what_it_changes(
    tool: str, scene: Scene, world: World
) -> None:
    given = scene(world.shop)
    effect, reader = await world.read_effect(tool, given), WRITE_PLANS[tool].read
    state = await reader(world, world.arguments(tool, given)) if reader else {}
    charged = effect.kind is EffectKind.CHARGE and "subscription" in tool
    changed = list_changed_ids(state) if charged else set()
    assert set(named_ids(given)) | changed <= effect.touches


def list_changed_ids(state: Mapping[str, Any]) -> set[str]:
    """The subscription, its plans, its card and its bill."""
    subscription, customer_read = state.get("subscription", {}), state.get("customer", {})
    found = {part["id"] for name, part in state.items() if name != "customer" and part.get("id")}
    return found | {subscription.get("card_id") or customer_read.get("default_payment_source_id")}


@each_case
async def test_money_names_its_sum_and_its_currency(tool: str, scene: Scene, world: World) -> None:
    effect = await world.read_effect(tool, scene(world.shop))
    if effect.kind in AMOUNT_KINDS or names_price(effect):
        unchanged = names_price(effect) and effect.before == effect.after
        assert unchanged or effect.amount is not None or not effect.is_amount_knowable
        assert re.fullmatch("[A-Z]{3}", effect.currency)
        assert (effect.payer or effect.payee) or tool in ("update_plan", "create_payment_link")


@each_case
async def test_the_question_names_sum_rhythm_end_and_person_in_both_languages(
    tool: str, scene: Scene, world: World
) -> None:
    effect = await world.read_effect(tool, scene(world.shop))
    people = await list_spellings(world, effect)
    for language, text in effect.question.items():
        assert not [wanted for wanted in list_wanted(effect, language) if wanted not in text], text
        assert not people or any(one in text for one in people), text


def list_wanted(effect: Effect, language: str) -> list[str]:
    """What a question has to say: the sums of a change, else the sum; how often, and until when."""
    sums: list[tuple[Any, Any]] = [(effect.amount, effect.currency)]
    again = effect.recurrence
    if names_price(effect):
        sums = [(side["amount"], side["currency"]) for side in (effect.before, effect.after)]
    wanted = [format_money(amount, coin) for amount, coin in sums if amount is not None]
    if again is None:
        return wanted
    if effect.kind is EffectKind.BILL:
        wanted = []  # of a link the line items and the plan are said each by itself
    if again.amount is not None and not names_price(effect) and again.interval:
        wanted.append(format_money(again.amount, effect.currency))
    if again.interval:
        wanted.append(to_language(format_cycle(again.interval, again.frequency), language))
        if not names_price(effect):
            wanted.append(to_language(format_times(again.times), language))
    elif again.amount is None:
        wanted.append({"es": "cualquier importe", "en": "any sum"}[language])
    else:
        bounded = {"es": f"hasta {again.times} veces", "en": f"up to {again.times} times"}
        endless = {"es": "cuantas veces se quiera, sin límite", "en": "any number of times, without end"}
        wanted.append((endless if again.times is None else bounded)[language])
    return wanted


async def list_spellings(world: World, effect: Effect) -> list[str]:
    """The id of who pays or is paid, and the name that belongs to it."""
    who = effect.payer or effect.payee
    if who is None:
        return []
    named = world.shop.get(f"/customers/{who}").get("name") if who.startswith("cus_") else who
    return [who, f"«{named}»"]


@pytest.mark.parametrize(
    ("tool", "scene"),
    [(tool, scene) for tool, scene in CASES if WRITE_PLANS[tool].needs_state is False],
)
async def test_where_the_state_only_words_the_question_the_arguments_tell_the_rest(
    tool: str, scene: Scene, world: World
) -> None:
    given = scene(world.shop)
    read = await world.read_effect(tool, given)
    told = WRITE_PLANS[tool].compute_effect(world.arguments(tool, given), None)
    # What a yes rests on is read where somebody is asked.
    unread: dict[str, Any] = {"question": {}, "rests_on": ""}
    assert replace(told, **unread) == replace(read, **unread, state_before={})


async def test_a_link_reads_nothing_but_the_plans_that_it_sells(world: World) -> None:
    read = WRITE_PLANS["create_payment_link"].read
    assert read
    assert await read(world, world.arguments("create_payment_link", PAGE)) == {"plans": [], "customer": {}}
    assert world.asked == []
    await read(world, world.arguments("create_payment_link", selling(world.shop)))
    assert [request.path for request in world.asked] == ["/plans/gold"]


async def test_a_change_of_plan_says_both_plans_and_what_they_cost(world: World) -> None:
    effect = await world.read_effect("update_subscription", moving(world.shop, interval="week"))
    rhythm = {"currency": "MXN", "frequency": 1, "times": None}
    assert effect.before == {"amount": 10000, "interval": "month", **rhythm, "plan": "gold"}
    assert effect.after == {"amount": 5000, "interval": "week", **rhythm, "plan": "silver"}
    assert effect.recurrence == Recurrence(amount=5000, interval="week")
    assert (
        "from the plan «Plan oro» of MXN 100.00 every month, without end to the plan «Plata» of MXN 50.00 "
        "every week, without end?"
    ) in effect.question["en"]


async def test_an_order_says_its_payer_before_and_after(world: World) -> None:
    order = uncharged(world.shop)
    eva = ana(world.shop, name="Eva Luna")
    effect = await world.read_effect("update_order", {**order, "customer_id": eva, "line_items": [NEW_LINE]})
    assert (effect.before["amount"], effect.after) == (
        50000,
        {"amount": 1800, "currency": "MXN", "payer": eva},
    )
    assert effect.question["es"] == (
        f"¿Cambiar la orden {order['order_id']} de «Ana Ruiz», de MXN 500.00 a MXN 18.00: quien paga: {eva}, "
        "productos: «Taza»?"
    )
