"""Who is asked where goods go sees the address, each part in its own quotes, and where they went before."""

from typing import Any

import pytest

from tests.conftest import LINES
from tests.effects.scenes import SCENES, ana, contact, uncharged
from tests.effects.world import World

pytestmark = pytest.mark.anyio
PLACE = {"street1": "Calle Dos 2", "postal_code": "55000", "country": "MX", "city": "Ecatepec"}
SHOWN = "«Eva Luna» «+525512345678» «Calle Dos 2» «55000» «Ecatepec» «MX»"
CONTACT = {"address": PLACE, "receiver": "Eva Luna", "phone": "+525512345678"}


async def ask(world: World, tool: str, **given: Any) -> tuple[str, str]:
    question = (await world.stakes(tool, given)).question
    return question["es"], question["en"]


async def test_another_address_of_an_order_is_shown(world: World) -> None:
    order = uncharged(world.shop)
    asked = await ask(world, "update_order", **order, shipping_contact=CONTACT)
    assert asked == (
        f"¿Cambiar la orden {order['order_id']} de «Ana Ruiz» (MXN 500.00): dirección de entrega {SHOWN}?",
        f"Change the order {order['order_id']} of «Ana Ruiz» (MXN 500.00): shipping contact {SHOWN}?",
    )


async def test_a_new_address_of_a_customer_is_shown(world: World) -> None:
    who = ana(world.shop)
    asked = await ask(world, "add_shipping_contact", customer_id=who, **CONTACT, default=True)
    assert asked[1] == (
        f"Add a delivery address {SHOWN} to the customer «Ana Ruiz» ({who}), where goods are sent from now "
        "on?"
    )


async def test_a_changed_address_is_shown_as_it_is_and_as_it_will_be(world: World) -> None:
    known = contact(world.shop)
    before = "«Calle Uno 1» «06100» «mx»"
    asked = await ask(world, "update_shipping_contact", **known, address=PLACE)
    start = f"Change the address {known['shipping_contact_id']} ({before}) of the customer «Ana Ruiz»"
    assert asked[1] == (f"{start} ({known['customer_id']}): address «Calle Dos 2» «55000» «Ecatepec» «MX»?")
    default = await ask(world, "update_shipping_contact", **known, default=True)
    assert default[1] == f"{start} ({known['customer_id']}): default yes?"


async def test_no_part_of_an_address_hides_another(world: World) -> None:
    order = uncharged(world.shop)
    long = {**PLACE, "street1": "Calle " + "x" * 200 + " 9", "city": "Ecatepec» «06100"}
    asked = (await ask(world, "update_order", **order, shipping_contact={**CONTACT, "address": long}))[1]
    assert asked.endswith(" 9» «55000» «Ecatepec 06100» «MX»?")


async def test_a_fiscal_entity_is_asked_about_as_before(world: World) -> None:
    given = SCENES["update_fiscal_entity"](world.shop)
    assert "()" not in (await ask(world, "update_fiscal_entity", **given))[1]


@pytest.mark.parametrize(
    ("tool", "more"),
    [
        ("create_order", {"payment_method": "spei"}),
        ("create_order", {"payment_method": "none"}),
        ("create_card_order", {"token_id": "tok_test_visa_4242"}),
    ],
)
async def test_an_order_says_where_its_goods_go(tool: str, more: dict[str, str], world: World) -> None:
    who = world.shop.customer_with_clabe()[0]
    given = {"customer_id": who, "line_items": LINES, **more}
    spanish, english = await ask(world, tool, **given, shipping_contact=CONTACT)
    assert f"«Plan anual», con entrega en {SHOWN}" in spanish
    assert f"«Plan anual», delivered to {SHOWN}" in english
    assert "delivered" not in (await ask(world, tool, **given))[1]
