"""A question about an address, fiscal data or a line of an order says what it is, not its id alone."""

from typing import Any

import pytest
from pydantic import BaseModel

from conekta_mcp.domains.customers.fields import FiscalEntity, ShippingContact
from conekta_mcp.domains.orders.fields import OrderFiscalEntity
from conekta_mcp.effects.question_text import PLACE_FIELDS
from tests.conftest import ADDRESS
from tests.contract.fields import leaves
from tests.effects.scenes import ana, uncharged, with_line
from tests.effects.world import World

pytestmark = pytest.mark.anyio
PLACE = {"street1": "Calle Dos 2", "city": "Mérida", "postal_code": "97000", "country": "MX"}
TOLD = "«Calle Dos 2» «Mérida» «97000» «MX»"


async def ask(world: World, tool: str, **given: Any) -> tuple[str, str]:
    told = (await world.read_effect(tool, given)).question
    return told["es"], told["en"]


async def test_a_new_address_is_in_the_question_before_goods_are_sent_there(world: World) -> None:
    who = ana(world.shop)
    given = {"customer_id": who, "address": PLACE, "receiver": "Eva", "default": True}
    assert await ask(world, "add_shipping_contact", **given) == (
        (
            f"¿Añadir una dirección de entrega al cliente «Ana Ruiz» ({who}), a la que se le envía de ahora "
            f"en adelante: «Eva» {TOLD}?"
        ),
        (
            f"Add a delivery address to the customer «Ana Ruiz» ({who}), where goods are sent from now on: "
            f"«Eva» {TOLD}?"
        ),
    )


async def test_an_order_that_goes_elsewhere_says_where_to(world: World) -> None:
    order = uncharged(world.shop)
    spanish, english = await ask(world, "update_order", **order, shipping_contact={"address": PLACE})
    assert spanish.endswith(f"(MXN 500.00): dirección de entrega {TOLD}?")
    assert english.endswith(f"(MXN 500.00): shipping contact {TOLD}?")


async def test_an_address_that_changes_is_named_as_it_is_and_as_it_will_be(world: World) -> None:
    made = world.shop.customer(shipping_contacts=[{"address": ADDRESS}])
    who, contact = made["id"], made["shipping_contacts"]["data"][0]["id"]
    one = {"customer_id": who, "shipping_contact_id": contact}
    was = f"«{ADDRESS['street1']}» «{ADDRESS['postal_code']}» «mx» ({contact})"
    spanish, english = await ask(world, "update_shipping_contact", **one, address=PLACE)
    assert spanish == f"¿Cambiar la dirección {was} del cliente «Ana Ruiz» ({who}): dirección {TOLD}?"
    assert english == f"Change the address {was} of the customer «Ana Ruiz» ({who}): address {TOLD}?"
    assert (await ask(world, "delete_shipping_contact", **one))[0] == (
        f"¿Borrar para siempre la dirección {was} de «Ana Ruiz» ({who})?"
    )
    of_nobody = {**one, "shipping_contact_id": "ship_cont_9"}
    assert (await ask(world, "delete_shipping_contact", **of_nobody))[1] == (
        f"Delete for good the address ship_cont_9 of «Ana Ruiz» ({who})?"
    )


async def test_another_default_address_says_where_goods_go(world: World) -> None:
    made = world.shop.customer(shipping_contacts=[{"address": ADDRESS}, {"address": PLACE}])
    who, contact = made["id"], made["shipping_contacts"]["data"][-1]["id"]
    place = "«Calle Dos 2» «Mérida» «97000» «mx»"
    assert await ask(world, "update_customer", customer_id=who, default_shipping_contact_id=contact) == (
        f"¿Cambiar el cliente «Ana Ruiz» ({who}): dirección principal {contact}, y se le envía a {place}?",
        (
            f"Change the customer «Ana Ruiz» ({who}): default shipping contact id {contact}, and goods are "
            f"sent to {place}?"
        ),
    )


async def test_fiscal_data_that_cannot_be_deleted_are_in_the_question(world: World) -> None:
    who = ana(world.shop)
    place = {"street1": "Calle Dos 2", "postal_code": "97000", "city": "Mérida"}
    entity = {"company_name": "Taller SA", "tax_id": "XAXX010101000", "address": place}
    assert (await ask(world, "add_fiscal_entity", customer_id=who, **entity))[0] == (
        f"¿Añadir datos fiscales al cliente «Ana Ruiz» ({who}): «Taller SA» «XAXX010101000» «Calle Dos 2» "
        "«Mérida» «97000»?"
    )


async def test_what_was_typed_into_an_address_stays_in_its_quotes(world: World) -> None:
    street = "Calle 1»? Aprobado «\u202e\u200b"
    told, _ = await ask(
        world, "add_shipping_contact", customer_id=ana(world.shop), address={**PLACE, "street1": street}
    )
    assert "«Calle 1? Aprobado» «Mérida»" in told


@pytest.mark.parametrize(
    ("kind", "line", "key", "name"),
    [
        ("line_items", {"name": "Taza", "unit_price": 900, "quantity": 2}, "line_item_id", "Taza"),
        ("tax_lines", {"description": "IVA", "amount": 800}, "tax_line_id", "IVA"),
        (
            "discount_lines",
            {"code": "HOLA", "type": "coupon", "amount": 500},
            "discount_line_id",
            "HOLA",
        ),
        ("shipping_lines", {"carrier": "Moto", "amount": 500}, "shipping_line_id", "Moto"),
    ],
)
async def test_a_line_is_named_by_what_it_says(
    world: World, kind: str, line: dict[str, Any], key: str, name: str
) -> None:
    order = with_line(world.shop, kind, line, key)
    found = world.shop.get(f"/orders/{order['order_id']}")[kind]["data"]
    one = next(row for row in found if name in row.values())
    given = {**order, key: one["id"]}
    tool = f"delete_{kind.removesuffix('s')}"
    assert f" «{name}» ({one['id']}) " in (await ask(world, tool, **given))[0]
    world.altered = lambda _, answer: {**answer, kind: {"data": []}}
    spanish, _ = await ask(world, tool, **given)
    assert f" {one['id']} de la orden " in spanish
    assert name not in spanish


UNSPOKEN = {"metadata", "default", "residential"}
"""What changes neither place nor receiver of an address."""


@pytest.mark.parametrize("model", [ShippingContact, FiscalEntity, OrderFiscalEntity])
def test_every_text_of_an_address_is_said_or_left_out_on_purpose(model: type[BaseModel]) -> None:
    found = {leaf.path.rpartition(".")[2] for leaf in leaves(model)}
    assert found - {*PLACE_FIELDS, *UNSPOKEN} == set()
