"""Tools of shipping contacts and fiscal entities."""

from typing import Any

import pytest

from tests.domains import answers, bodies
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
OF_ANA = {"customer_id": "cus_1"}
CONTACTS = "/customers/cus_1/shipping_contacts"
ENTITIES = "/customers/cus_1/fiscal_entities"
CONTACT: dict[str, Any] = {
    "receiver": "Eva Luna",
    "phone": "5555555555",
    "between_streets": "Calle A y Calle B",
    "default": True,
    "address": {
        "street1": "Calle Uno 1",
        "street2": "Int. 3",
        "city": "Ciudad de Mexico",
        "state": "CDMX",
        "residential": True,
        "postal_code": "06100",
        "country": "MX",
    },
    "metadata": {"zone": "centro"},
}
ENTITY: dict[str, Any] = {
    "tax_id": "XAXX010101000",
    "company_name": "Ejemplo SA",
    "email": "facturas@example.com",
    "phone": "5555555555",
    "address": {
        "street1": "Calle Dos 2",
        "external_number": "2",
        "street2": "Piso 1",
        "postal_code": "06100",
        "city": "Ciudad de Mexico",
        "state": "CDMX",
        "country": "MX",
    },
    "metadata": {"uso": "G03"},
}
ROWS = [
    Row(
        tool="add_shipping_contact",
        given={**OF_ANA, **CONTACT},
        request=f"POST {CONTACTS}",
        body=CONTACT,
        conekta=bodies.SHIPPING_CONTACT,
        answer=answers.SHIPPING_CONTACT,
    ),
    Row(
        tool="update_shipping_contact",
        given={**OF_ANA, "shipping_contact_id": "ship_cont_1", "address": {"city": "Toluca"}},
        request=f"PUT {CONTACTS}/ship_cont_1",
        body={"address": {"city": "Toluca"}},
        conekta=bodies.SHIPPING_CONTACT,
        answer=answers.SHIPPING_CONTACT,
    ),
    Row(
        tool="delete_shipping_contact",
        given={**OF_ANA, "shipping_contact_id": "ship_cont_1"},
        request=f"DELETE {CONTACTS}/ship_cont_1",
        conekta={**bodies.SHIPPING_CONTACT, "deleted": True},
        answer={**answers.SHIPPING_CONTACT, "deleted": True},
    ),
    Row(
        tool="add_fiscal_entity",
        given={**OF_ANA, **ENTITY},
        request=f"POST {ENTITIES}",
        body=ENTITY,
        conekta=bodies.FISCAL_ENTITY,
        answer=answers.FISCAL_ENTITY,
    ),
    Row(
        tool="update_fiscal_entity",
        given={**OF_ANA, "fiscal_entity_id": "fis_ent_1", "email": "nuevo@example.com"},
        request=f"PUT {ENTITIES}/fis_ent_1",
        body={"email": "nuevo@example.com"},
        conekta=bodies.FISCAL_ENTITY,
        answer=answers.FISCAL_ENTITY,
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)
