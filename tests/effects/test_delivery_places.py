"""Who bills for goods sees where they go, each part of the address in its own quotes."""

from typing import Any

import pytest

from tests.conftest import LINES
from tests.effects.scenes import uncharged
from tests.effects.world import World

pytestmark = pytest.mark.anyio
PLACE = {"street1": "Calle Dos 2", "postal_code": "55000", "country": "MX", "city": "Ecatepec"}
SHOWN = "«Eva Luna» «+525512345678» «Calle Dos 2» «Ecatepec» «55000» «MX»"
CONTACT = {"address": PLACE, "receiver": "Eva Luna", "phone": "+525512345678"}


async def ask(world: World, tool: str, **given: Any) -> tuple[str, str]:
    question = (await world.read_effect(tool, given)).question
    return question["es"], question["en"]


async def test_no_part_of_an_address_hides_another(world: World) -> None:
    order = uncharged(world.shop)
    long = {**PLACE, "street1": "Calle " + "x" * 200 + " 9", "city": "Ecatepec» «06100"}
    asked = (await ask(world, "update_order", **order, shipping_contact={**CONTACT, "address": long}))[1]
    assert asked.endswith(" 9» «Ecatepec 06100» «55000» «MX»?")


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
