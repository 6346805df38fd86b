"""What a merchant sees of customers."""

import pytest

from tests.sandbox.shop import Shop

NEW = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+5215555555555"}


def test_a_new_customer_has_the_seeds_fields_and_nothing_else(shop: Shop) -> None:
    customer = shop.post("/customers", NEW)
    assert customer["id"].startswith("cus_")
    assert len(customer["id"]) == 21
    assert customer == {
        "livemode": False,
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "phone": "+5215555555555",
        "id": customer["id"],
        "object": "customer",
        "created_at": 1768564855,
        "corporate": False,
        "custom_reference": "",
    }


def test_children_are_created_with_the_customer_and_the_first_of_each_is_the_default(shop: Shop) -> None:
    address = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX", "city": "Ciudad"}
    customer = shop.customer(
        payment_sources=[{"type": "card", "token_id": "tok_test_visa_4242"}, {"type": "spei_recurrent"}],
        shipping_contacts=[{"address": address}],
        fiscal_entities=[{"address": address, "tax_id": "XAXX010101000"}],
    )
    card, clabe = customer["payment_sources"]["data"]
    assert customer["payment_sources"]["total"] == 2
    assert customer["default_payment_source_id"] == card["id"]
    assert card["default"] is True
    assert "default" not in clabe
    assert customer["default_shipping_contact_id"] == customer["shipping_contacts"]["data"][0]["id"]
    assert customer["default_fiscal_entity_id"] == customer["fiscal_entities"]["data"][0]["id"]
    assert shop.get(f"/customers/{customer['id']}") == customer


def test_an_update_changes_what_it_names_and_adds_children(shop: Shop) -> None:
    customer = shop.customer(custom_reference="A-1")
    changed = shop.put(
        f"/customers/{customer['id']}", {"name": "Ana Sol", "payment_sources": [{"type": "cash_recurrent"}]}
    )
    assert (changed["name"], changed["custom_reference"]) == ("Ana Sol", "A-1")
    assert changed["payment_sources"]["total"] == 1


def test_the_default_source_can_be_chosen_among_the_customers_own(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "spei_recurrent"}, {"type": "cash_recurrent"}])
    second = customer["payment_sources"]["data"][1]["id"]
    path = f"/customers/{customer['id']}"
    assert shop.put(path, {"default_payment_source_id": second})["default_payment_source_id"] == second
    assert shop.refusal("PUT", path, {"default_payment_source_id": "src_else"}) == (
        422,
        ["parameter_validation.default_payment_source_id.invalid"],
    )


def test_a_deleted_customer_is_gone_with_its_children(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "spei_recurrent"}])
    path = f"/customers/{customer['id']}"
    assert shop.delete(path) == {**customer, "deleted": True}
    for method, gone in [("GET", path), ("PUT", path), ("DELETE", path), ("GET", f"{path}/payment_sources")]:
        assert shop.refusal(method, gone, {}) == (404, ["resource_not_found.entity"])
    assert shop.get("/customers")["data"] == []


def test_every_mistake_of_a_body_is_told_at_once(shop: Shop) -> None:
    body = {"name": "", "email": "nobody", "corporate": "yes", "colour": "red", "date_of_birth": "1992-07-24"}
    assert shop.refusal("POST", "/customers", body) == (
        422,
        [
            "parameter_validation.name.invalid",
            "parameter_validation.email.invalid",
            "parameter_validation.corporate.invalid_datatype",
            "parameter_validation.whitelist",
            "parameter_validation.date_of_birth.invalid",
            "parameter_validation.phone.missing",
        ],
    )
    assert shop.get("/customers")["data"] == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("metadata", {str(n): n for n in range(101)}, "metadata.invalid"),
        ("metadata", [], "metadata.invalid_datatype"),
        ("email", "ana@example.com\n", "email.invalid"),
        ("phone", None, "phone.invalid_datatype"),
        ("payment_sources", {}, "payment_sources.invalid_datatype"),
        ("payment_sources", ["card"], "payment_sources.invalid_datatype"),
        ("payment_sources", [{"type": "bitcoin"}], "payment_sources.type.invalid"),
        ("payment_sources", [{"type": "card"}], "payment_sources.token_id.missing"),
        (
            "payment_sources",
            [{"type": "card", "token_id": "tok_2zAAAAAAAAAAAAAA1"}],
            "payment_sources.token_id.nonexistent_token",
        ),
        ("antifraud_info", {"first_paid_at": "today"}, "antifraud_info.first_paid_at.invalid_datatype"),
    ],
)
def test_a_field_is_refused_under_its_own_name(shop: Shop, field: str, value: object, code: str) -> None:
    assert shop.refusal("POST", "/customers", {**NEW, field: value}) == (
        422,
        [f"parameter_validation.{code}"],
    )


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("josé", ["Jose Ángel"]),
        ("ANGEL", ["Jose Ángel"]),
        ("bea@", ["Bea Gil"]),
        ("5599", ["Bea Gil"]),
        ("cliente-7", ["Jose Ángel"]),
        ("nadie", []),
    ],
)
def test_search_ignores_case_and_accents(shop: Shop, needle: str, found: list[str]) -> None:
    shop.customer(name="Jose Ángel", custom_reference="Cliente-7")
    shop.customer(name="Bea Gil", email="bea@example.com", phone="5599887766")
    assert [row["name"] for row in shop.get("/customers", search=needle)["data"]] == found
