"""Shipping contacts of a customer."""

import pytest

from tests.sandbox.shop import Shop

ADDRESS = {"street1": "Calle Uno 1", "city": "Ciudad de Mexico", "postal_code": "06100", "country": "MX"}


@pytest.fixture
def path(shop: Shop) -> str:
    return f"/customers/{shop.customer()['id']}/shipping_contacts"


def test_a_contact_is_echoed_with_its_country_in_lower_case(shop: Shop, path: str) -> None:
    contact = shop.post(path, {"receiver": "Eva Luna", "phone": "5512345678", "address": ADDRESS})
    assert contact["id"].startswith("ship_cont_")
    assert contact == {
        "id": contact["id"],
        "object": "shipping_contact",
        "created_at": 1768564855,
        "parent_id": path.split("/")[2],
        "metadata": {},
        "receiver": "Eva Luna",
        "phone": "5512345678",
        "address": {**ADDRESS, "object": "shipping_address", "residential": True, "country": "mx"},
        "default": True,
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"street1": "A"}, "address.street1.too_short"),
        ({"street1": "A" * 250}, "address.street1.invalid"),
        ({"city": "東京"}, "address.city.invalid"),
        ({"street2": None}, "address.street2.invalid_datatype"),
        ({"postal_code": "6100"}, "address.postal_code.invalid"),
        ({"country": "M"}, "address.country.invalid"),
        ({"residential": "si"}, "address.residential.invalid_datatype"),
    ],
)
def test_an_address_is_refused_as_conekta_does(shop: Shop, path: str, change: object, code: str) -> None:
    body = {"address": {**ADDRESS, **change}}
    assert shop.refusal("POST", path, body) == (422, [f"parameter_validation.{code}"])


def test_other_countries_have_other_postal_codes(shop: Shop, path: str) -> None:
    contact = shop.post(path, {"address": {**ADDRESS, "country": "US", "postal_code": "10001-1234"}})
    assert contact["address"]["country"] == "us"


def test_what_is_missing_is_named(shop: Shop, path: str) -> None:
    assert shop.refusal("POST", path, {"address": {}})[1] == [
        "parameter_validation.address.street1.missing",
        "parameter_validation.address.postal_code.missing",
        "parameter_validation.address.country.missing",
    ]
    assert shop.refusal("POST", path, {"address": "here"}) == (
        422,
        ["parameter_validation.address.invalid_datatype"],
    )


def test_an_update_keeps_the_rest_of_the_address(shop: Shop, path: str) -> None:
    first, second = shop.post(path, {"address": ADDRESS}), shop.post(path, {"address": ADDRESS})
    changed = shop.put(f"{path}/{second['id']}", {"address": {"street1": "Calle Dos 2"}, "default": True})
    assert changed["address"] == {**second["address"], "street1": "Calle Dos 2"}
    assert changed["default"] is True
    customer = shop.get(path.removesuffix("/shipping_contacts"))
    assert customer["default_shipping_contact_id"] == second["id"]
    assert shop.delete(f"{path}/{first['id']}") == {**first, "default": False}
    assert shop.refusal("PUT", f"{path}/{second['id']}", {"address": {"postal_code": "61"}})[0] == 422
    assert shop.put(f"{path}/{second['id']}", {"phone": "5500000000"})["phone"] == "5500000000"
