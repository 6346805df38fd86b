"""API keys: further keys open the same account until they are shut."""

from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.conftest import START
from tests.sandbox.shop import OpenShop, Shop

SHUT = (401, ["authentication.unrecognized_key"])


@pytest.fixture
def made(shop: Shop) -> Any:
    """Create a further private key, with its secret."""
    return shop.post("/api_keys", {"role": "private", "description": "Tienda"})


@pytest.fixture
def second(made: Any, ledger: Ledger, open_shop: OpenShop) -> Shop:
    return open_shop(ledger, made["authentication_token"])


def test_a_new_key_tells_itself_once(shop: Shop, made: Any) -> None:
    token = made.pop("authentication_token")
    assert (len(token), token[:6]) == (27, made["prefix"])
    assert made == {
        "active": True,
        "created_at": START,
        "updated_at": START,
        "deactivated_at": None,
        "last_used_at": None,
        "description": "Tienda",
        "id": made["id"],
        "livemode": False,
        "object": "api_key",
        "prefix": made["prefix"],
        "role": "private",
    }
    assert shop.get(f"/api_keys/{made['id']}") == made
    assert token not in str(shop.get("/api_keys")) + str(shop.get("/_sandbox/requests"))


def test_a_new_key_opens_the_same_account_and_its_use_is_dated(shop: Shop, made: Any, second: Shop) -> None:
    customer = shop.customer()
    second.advance(100)
    assert second.get(f"/customers/{customer['id']}") == customer
    assert shop.get(f"/api_keys/{made['id']}")["last_used_at"] == START + 100


def test_keys_are_listed_newest_first_with_the_first_one(shop: Shop, made: Any) -> None:
    rows = shop.get("/api_keys")["data"]
    assert [(row["id"] == made["id"], row["prefix"]) for row in rows] == [
        (True, made["prefix"]),
        (False, "key_"),
    ]
    assert [row["id"] for row in shop.get("/api_keys", search="tienda")["data"]] == [made["id"]]
    page = shop.get("/api_keys", limit=1)
    assert (page["has_more"], len(page["data"])) == (True, 1)


def test_a_deactivated_key_opens_nothing_until_it_is_activated(shop: Shop, made: Any, second: Shop) -> None:
    path = f"/api_keys/{made['id']}"
    shop.advance(60)
    off = shop.put(path, {"active": False, "description": "En pausa"})
    assert (off["active"], off["deactivated_at"], off["description"]) == (False, START + 60, "En pausa")
    assert second.refusal("GET", "/customers") == SHUT
    assert shop.put(path, {"active": False})["deactivated_at"] == START + 60
    assert shop.put(path, {"active": True})["deactivated_at"] is None
    assert second.get("/customers")["data"] == []


def test_a_deleted_key_is_gone_for_good(shop: Shop, made: Any, second: Shop) -> None:
    path = f"/api_keys/{made['id']}"
    gone = shop.delete(path)
    assert (gone["id"], gone["active"], gone["deleted"]) == (made["id"], False, True)
    assert second.refusal("GET", "/customers") == SHUT
    for method in ("GET", "PUT", "DELETE"):
        assert shop.refusal(method, path, {}) == (404, ["resource_not_found.entity"])
    assert [row["prefix"] for row in shop.get("/api_keys")["data"]] == ["key_"]


@pytest.mark.parametrize("shut", ["deactivate", "delete"])
def test_the_first_key_can_lock_itself_out_and_another_one_still_works(
    shop: Shop, second: Shop, shut: str
) -> None:
    (first,) = [row["id"] for row in shop.get("/api_keys")["data"] if row["prefix"] == "key_"]
    if shut == "delete":
        shop.delete(f"/api_keys/{first}")
    else:
        shop.put(f"/api_keys/{first}", {"active": False})
    assert shop.refusal("GET", "/customers") == SHUT
    assert second.get("/customers")["data"] == []
    if shut == "deactivate":
        second.put(f"/api_keys/{first}", {"active": True})
        assert shop.get("/customers")["data"] == []


def test_a_public_key_opens_nothing_here(shop: Shop, ledger: Ledger, open_shop: OpenShop) -> None:
    public = shop.post("/api_keys", {"role": "public"})
    assert (public["role"], public["description"]) == ("public", "")
    assert open_shop(ledger, public["authentication_token"]).refusal("GET", "/orders") == SHUT


def test_after_a_reset_only_the_first_key_is_left(shop: Shop, second: Shop) -> None:
    second.post("/_sandbox/reset")
    assert second.refusal("GET", "/customers") == SHUT
    assert [row["prefix"] for row in shop.get("/api_keys")["data"]] == ["key_"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, ["role.missing"]),
        ({"role": "admin"}, ["role.invalid"]),
        ({"role": "private", "description": 7}, ["description.invalid_datatype"]),
        ({"role": "private", "active": True}, ["whitelist"]),
    ],
)
def test_a_wrong_key_is_refused(shop: Shop, body: dict[str, Any], codes: list[str]) -> None:
    assert shop.refusal("POST", "/api_keys", body) == (
        422,
        [f"parameter_validation.{code}" for code in codes],
    )


def test_a_keys_role_cannot_change(shop: Shop, made: Any) -> None:
    path = f"/api_keys/{made['id']}"
    assert shop.refusal("PUT", path, {"role": "public"}) == (422, ["parameter_validation.whitelist"])
    assert shop.refusal("PUT", path, {"active": "no"})[1] == ["parameter_validation.active.invalid_datatype"]


def test_another_accounts_keys_do_not_exist(
    shop: Shop, made: Any, ledger: Ledger, open_shop: OpenShop
) -> None:
    other = open_shop(ledger, "key_other")
    path = f"/api_keys/{made['id']}"
    assert [other.refusal(method, path, {})[0] for method in ("GET", "PUT", "DELETE")] == [404] * 3
    assert [row["prefix"] for row in other.get("/api_keys")["data"]] == ["key_"]
    assert shop.get(path)["active"] is True


def test_a_new_key_is_kept_nowhere_either(tmp_path: Path, open_shop: OpenShop) -> None:
    ledger = Ledger(str(tmp_path / "ledger.db"))
    token = open_shop(ledger).post("/api_keys", {"role": "private"})["authentication_token"]
    open_shop(ledger, token).get("/customers")
    ledger.close()
    assert token.encode() not in (tmp_path / "ledger.db").read_bytes()
    reopened = Ledger(str(tmp_path / "ledger.db"))
    assert open_shop(reopened, token).get("/customers")["data"] == []
    reopened.close()
