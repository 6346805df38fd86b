"""Cards and recurrent references of a customer."""

import pytest

from tests.sandbox.shop import Shop

ADD = "/customers/{id}/payment_sources"


@pytest.fixture
def path(shop: Shop) -> str:
    return f"/customers/{shop.customer()['id']}/payment_sources"


def test_a_spei_source_is_a_clabe_as_in_the_seed(shop: Shop, path: str) -> None:
    source = shop.post(path, {"type": "spei_recurrent"})
    assert source == {
        "id": source["id"],
        "object": "payment_source",
        "type": "spei_recurrent",
        "reference": source["reference"],
        "created_at": 1768564855,
        "bank": "STP",
        "parent_id": path.split("/")[2],
    }
    assert source["id"].startswith("off_ref_")
    assert source["reference"].startswith("646180111")


def test_a_cash_source_never_expires_unless_asked(shop: Shop, path: str) -> None:
    forever = shop.post(path, {"type": "cash_recurrent"})
    assert forever["expires_at"] == 0
    assert forever["reference"].startswith("9300")
    assert len(forever["reference"]) == 14
    assert shop.post(path, {"type": "cash_recurrent", "expires_at": 1800000000})["expires_at"] == 1800000000


@pytest.mark.parametrize(
    ("token", "face"),
    [
        ("tok_test_visa_4242", ("visa", "424242", "4242", "credit")),
        ("tok_test_amex_8431", ("american_express", "371449", "8431", "credit")),
        ("tok_test_banorte_debit", ("visa", "491566", "7603", "debit")),
        ("tok_test_card_declined", ("visa", "400000", "0002", "credit")),
    ],
)
def test_a_test_token_becomes_its_card(shop: Shop, path: str, token: str, face: tuple[str, ...]) -> None:
    card = shop.post(path, {"type": "card", "token_id": token})
    assert (card["brand"], card["bin"], card["last4"], card["card_type"]) == face
    assert (card["exp_month"], card["exp_year"], card["payment_source_status"]) == ("12", "34", "active")
    assert "token_id" not in card


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "type.missing"),
        ({"type": 7}, "type.invalid_datatype"),
        ({"type": "spei"}, "type.invalid"),
        ({"type": "card", "token_id": "tok_test_visa_4241"}, "token_id.nonexistent_token"),
        ({"type": "card", "token_id": "tok_2zAAAAAAAAAAAAAA1"}, "token_id.nonexistent_token"),
        ({"type": "card", "token_id": "tok_test_msi_error"}, "token_id.invalid"),
        ({"type": "spei_recurrent", "expires_at": 1768564855}, "expires_at.invalid"),
        ({"type": "spei_recurrent", "expires_at": "none"}, "expires_at.invalid_datatype"),
        ({"type": "spei_recurrent", "expires_at": 10**30}, "expires_at.invalid"),
    ],
)
def test_a_source_that_cannot_be_is_refused(shop: Shop, path: str, body: object, code: str) -> None:
    assert shop.refusal("POST", path, body) == (422, [f"parameter_validation.{code}"])


def test_only_name_and_expiry_of_a_source_change(shop: Shop, path: str) -> None:
    card = shop.post(path, {"type": "card", "token_id": "tok_test_visa_4242"})
    clabe = shop.post(path, {"type": "spei_recurrent"})
    assert shop.put(f"{path}/{card['id']}", {"name": "Eva Luna"}) == {**card, "name": "Eva Luna"}
    assert shop.put(f"{path}/{clabe['id']}", {"expires_at": 1800000000})["expires_at"] == "1800000000"
    assert shop.refusal(
        "PUT", f"{path}/{card['id']}", {"type": "card", "token_id": "tok_test_visa_1881"}
    ) == (
        422,
        ["parameter_validation.type.immutable", "parameter_validation.token_id.immutable"],
    )
    assert shop.refusal("PUT", f"{path}/{card['id']}", {"expires_at": 1800000000})[0] == 422
    assert shop.refusal("PUT", f"{path}/src_other", {"name": "x"}) == (404, ["resource_not_found.entity"])


def test_deleting_the_default_source_promotes_the_oldest_left(shop: Shop, path: str) -> None:
    first, second, third = (shop.post(path, {"type": "spei_recurrent"}) for _ in range(3))
    customer = path.removesuffix("/payment_sources")
    assert shop.delete(f"{path}/{second['id']}") == second
    assert shop.get(customer)["default_payment_source_id"] == first["id"]
    shop.delete(f"{path}/{first['id']}")
    assert shop.get(customer)["default_payment_source_id"] == third["id"]
    shop.delete(f"{path}/{third['id']}")
    assert "default_payment_source_id" not in shop.get(customer)


def test_sources_are_listed_newest_first_with_total(shop: Shop, path: str) -> None:
    older, newer = shop.post(path, {"type": "spei_recurrent"}), shop.post(path, {"type": "cash_recurrent"})
    listed = shop.get(path)
    assert (listed["data"], listed["total"]) == ([newer, older], 2)
    assert shop.get(path, search="spei")["data"] == [older]
    assert shop.get(path, limit=1)["next_page_url"].endswith(f"{path}?limit=1&next={newer['id']}")


def test_another_customers_source_is_not_found(shop: Shop, path: str) -> None:
    source = shop.post(path, {"type": "spei_recurrent"})
    other = f"/customers/{shop.customer()['id']}/payment_sources/{source['id']}"
    assert shop.refusal("DELETE", other) == (404, ["resource_not_found.entity"])
