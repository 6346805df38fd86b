"""Fiscal entities of a customer."""

import pytest

from tests.sandbox.shop import Shop

ADDRESS = {"street1": "Calle Uno 1", "city": "Ciudad de Mexico", "postal_code": "06100"}


@pytest.fixture
def path(shop: Shop) -> str:
    return f"/customers/{shop.customer()['id']}/fiscal_entities"


def test_an_entity_is_created_and_changed(shop: Shop, path: str) -> None:
    entity = shop.post(path, {"tax_id": "XAXX010101000", "company_name": "Prueba", "address": ADDRESS})
    assert entity == {
        "id": entity["id"],
        "object": "fiscal_entity",
        "created_at": 1768564855,
        "metadata": {},
        "tax_id": "XAXX010101000",
        "company_name": "Prueba",
        "address": {**ADDRESS, "object": "fiscal_entity_address"},
        "parent_id": path.split("/")[2],
        "default": True,
    }
    changed = shop.put(f"{path}/{entity['id']}", {"tax_id": None, "address": {"country": "MX"}})
    assert changed["tax_id"] is None
    assert changed["address"] == {**entity["address"], "country": "mx"}


def test_what_an_entity_lacks_is_named(shop: Shop, path: str) -> None:
    assert shop.refusal("POST", path, {"address": {}, "email": "nobody"})[1] == [
        "parameter_validation.address.street1.missing",
        "parameter_validation.address.postal_code.missing",
        "parameter_validation.address.city.missing",
        "parameter_validation.email.invalid",
    ]


def test_an_unknown_entity_is_not_found(shop: Shop, path: str) -> None:
    assert shop.refusal("PUT", f"{path}/fis_ent_none", {}) == (404, ["resource_not_found.entity"])
