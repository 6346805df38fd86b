"""Chargebacks: disputed, answered with evidence once, won or lost."""

from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.balance.test_balances import DAY, START, VISA, amounts
from tests.sandbox.shop import OpenShop, Shop

PDF = ("nota.pdf", b"%PDF-1.7 nota", "application/pdf")
PNG = ("foto.png", b"\x89PNG\r\n\x1a\n", "image/png")
CLOSED = (400, ["business.chargebacks.cannot_process"])
ABSENT = (404, ["resource_not_found.entity"])


@pytest.fixture
def order(shop: Shop) -> Any:
    return shop.order(None, VISA)


def disputed(shop: Shop, order: Any, **how: Any) -> tuple[Any, str]:
    """Return the chargeback of an order, and the path of its evidence."""
    opened = shop.post("/_sandbox/chargebacks", {"order_id": order["id"], **how})
    return opened, f"/charges/{opened['charge_id']}/chargebacks/{opened['id']}"


def sent(shop: Shop, path: str, files: Any) -> tuple[int, Any]:
    answer = shop.http.post(f"{path}/files/batch", files=files)
    return answer.status_code, answer.json()


def refused(shop: Shop, path: str, files: Any) -> tuple[int, list[str]]:
    status, body = sent(shop, path, files)
    return status, [detail["code"].removeprefix("conekta.errors.") for detail in body["details"]]


def charge_of(shop: Shop, order: Any) -> Any:
    return shop.get(f"/orders/{order['id']}")["charges"]["data"][0]


def types_of(shop: Shop) -> list[str]:
    return [event["type"] for event in shop.get("/events")["data"]]


def test_a_disputed_order_is_charged_back_and_its_money_is_gone(shop: Shop, order: Any) -> None:
    charge = order["charges"]["data"][0]
    opened = shop.post("/_sandbox/chargebacks", {"charge_id": charge["id"], "reason": "fraudulent"})
    assert opened == {
        "id": opened["id"],
        "status": "action_required",
        "reason": "fraudulent",
        "note": None,
        "followup_status": None,
        "response_from_client": None,
        "files": [],
        "object": "chargeback",
        "charge_id": charge["id"],
        "created_at": START,
        "evidence_due_by": START + 3 * DAY,
    }
    assert opened["id"][:5] == "chbk_"
    now = shop.get(f"/orders/{order['id']}")
    assert (now["payment_status"], now["is_refundable"]) == ("charged_back", False)
    assert now["charges"]["data"] == [{**charge, "status": "charged_back", "chargeback": opened}]
    row = shop.get("/transactions")["data"][0]
    assert (row["type"], row["amount"], row["charge"]) == ("chargeback", -50000, charge["id"])
    assert amounts(shop) == (-50000, 47680, 0)
    assert types_of(shop)[:2] == ["order.charged_back", "charge.chargeback.created"]
    assert shop.get("/events")["data"][0]["data"]["previous_attributes"] == {"payment_status": "paid"}
    refund = {"amount": 100, "reason": "requested_by_client"}
    assert shop.http.post(f"/orders/{order['id']}/refunds", json=refund).status_code == 402


def test_evidence_is_asked_for_sent_and_read(shop: Shop, order: Any) -> None:
    opened, path = disputed(shop, order)
    types = shop.get(f"{path}/evidence-types")
    formats = ["application/pdf", "image/jpeg", "image/png"]
    assert types[:2] == [
        {"type": "order_details", "permit_formats": formats, "required": True},
        {"type": "charge_information", "permit_formats": formats, "required": False},
    ]
    assert ([one["type"] for one in types if one["required"]], len(types)) == (["order_details"], 12)
    assert shop.get(f"{path}/files") == []

    status, body = sent(shop, path, {"order_details": PDF, "receipt_of_shipment": PNG})
    shared = {"created_at": "2026-01-16T12:00:55Z"}
    first, second = body["files"]
    assert (status, body["files"]) == (
        200,
        [
            {"id": first["id"], "name": "nota.pdf", **shared, "evidence_type": "order_details"},
            {"id": second["id"], "name": "foto.png", **shared, "evidence_type": "receipt_of_shipment"},
        ],
    )
    assert shop.get(f"{path}/files") == body["files"]
    one = shop.get(f"{path}/files/{first['id']}")
    assert one.pop("url").startswith(f"https://files.example.com/{first['id']}?signature=")
    assert one == first
    held = charge_of(shop, order)["chargeback"]
    assert held == {
        **opened,
        "status": "pending_review",
        "files": [
            {"id": first["id"], "file_name": "nota.pdf", "url": None, "created_at": START},
            {"id": second["id"], "file_name": "foto.png", "url": None, "created_at": START},
        ],
    }
    assert types_of(shop)[0] == "charge.chargeback.updated"


def test_evidence_is_sent_once(shop: Shop, order: Any) -> None:
    _, path = disputed(shop, order)
    assert sent(shop, path, {"order_details": PDF})[0] == 200
    assert refused(shop, path, {"contract": PDF}) == CLOSED
    answer = shop.http.post(f"{path}/files/batch", files={"contract": PDF}).json()
    assert (answer["type"], len(shop.get(f"{path}/files"))) == ("resource_error", 1)


def test_a_won_chargeback_brings_the_money_back(shop: Shop, order: Any) -> None:
    opened, path = disputed(shop, order)
    sent(shop, path, {"order_details": PDF})
    shop.advance(DAY)
    assert charge_of(shop, order)["chargeback"]["status"] == "under_review"
    assert types_of(shop)[0] == "charge.chargeback.under_review"
    won = shop.post(f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "won"})
    charge = charge_of(shop, order)
    assert (won["status"], charge["chargeback"], charge["status"]) == ("won", won, "paid")
    assert shop.status(order["id"]) == "paid"
    row = shop.get("/transactions")["data"][0]
    assert (row["type"], row["amount"]) == ("won_chargeback", 50000)
    assert types_of(shop)[0] == "charge.chargeback.won"
    assert shop.refusal("POST", f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "lost"}) == CLOSED


def test_what_was_refunded_before_a_chargeback_that_is_won_stays_refunded(shop: Shop, order: Any) -> None:
    shop.post(f"/orders/{order['id']}/refunds", {"amount": 20_000, "reason": "requested_by_client"})
    opened, path = disputed(shop, order)
    sent(shop, path, {"order_details": PDF})
    shop.post(f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "won"})
    assert (charge_of(shop, order)["status"], shop.status(order["id"])) == ("partially_refunded",) * 2


def test_a_lost_chargeback_stays_lost(shop: Shop, order: Any) -> None:
    opened, path = disputed(shop, order)
    sent(shop, path, {"order_details": PDF})
    shop.post(f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "lost"})
    charge = charge_of(shop, order)
    assert (charge["chargeback"]["status"], charge["status"]) == ("lost", "charged_back")
    assert (shop.status(order["id"]), types_of(shop)[0]) == ("charged_back", "charge.chargeback.lost")
    shop.advance(9 * DAY)
    assert charge_of(shop, order)["chargeback"]["status"] == "lost"
    assert amounts(shop) == (-2320, 0, 0)


def test_an_unanswered_chargeback_is_lost_in_three_days(shop: Shop, order: Any) -> None:
    opened, path = disputed(shop, order)
    win = ("POST", f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "won"})
    assert shop.refusal(*win) == CLOSED
    shop.advance(3 * DAY - 1)
    assert charge_of(shop, order)["chargeback"]["status"] == "action_required"
    shop.advance(DAY)
    assert charge_of(shop, order)["chargeback"]["status"] == "lost"
    assert shop.get(f"/orders/{order['id']}")["updated_at"] == START + 3 * DAY
    assert refused(shop, path, {"order_details": PDF}) == CLOSED


def test_only_what_was_not_refunded_is_taken_and_comes_back(shop: Shop, order: Any) -> None:
    shop.post(f"/orders/{order['id']}/refunds", {"amount": 20000, "reason": "requested_by_client"})
    opened, path = disputed(shop, order)
    assert shop.get("/transactions")["data"][0]["amount"] == -30000
    assert shop.status(order["id"]) == "charged_back"
    sent(shop, path, {"order_details": PDF})
    shop.post(f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "won"})
    assert shop.get("/transactions")["data"][0]["amount"] == 30000
    assert shop.status(order["id"]) == "partially_refunded"


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({"contract": PDF}, ["order_details.missing"]),
        ({"order_details": PDF, "selfie": PDF}, ["whitelist"]),
        ([("order_details", PDF), ("order_details", PNG)], ["order_details.invalid"] * 2),
        ({"order_details": ("nota.txt", b"hola", "text/plain")}, ["order_details.invalid"]),
        ({"order_details": ("nota.pdf", b"", "application/pdf")}, ["order_details.invalid"]),
        ({"order_details": ("nota.pdf", b"%" * 2_097_153, "application/pdf")}, ["order_details.invalid"]),
        ({"order_details": (None, b"hola")}, ["order_details.invalid"]),
    ],
)
def test_evidence_that_does_not_fit_is_refused_and_may_be_sent_again(
    shop: Shop, order: Any, files: Any, codes: list[str]
) -> None:
    _, path = disputed(shop, order)
    assert refused(shop, path, files) == (422, [f"parameter_validation.{code}" for code in codes])
    assert shop.get(f"{path}/files") == []
    assert sent(shop, path, {"order_details": ("nota.pdf", b"%" * 2_097_152, "application/pdf")})[0] == 200


def test_more_than_ten_files_are_refused(shop: Shop, order: Any) -> None:
    _, path = disputed(shop, order)
    names = [one["type"] for one in shop.get(f"{path}/evidence-types")]
    assert refused(shop, path, dict.fromkeys(names[:11], PDF)) == (
        422,
        ["parameter_validation.files.invalid"],
    )
    assert sent(shop, path, dict.fromkeys(names[:10], PDF))[0] == 200


def test_a_form_that_cannot_be_read_is_malformed(shop: Shop, order: Any) -> None:
    _, path = disputed(shop, order)
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for headers, content in [(form, b"--x\r\nnothing"), ({"Content-Type": "multipart/form-data"}, b"--x")]:
        answer = shop.http.post(f"{path}/files/batch", content=content, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (400, "malformed_request_error")
    assert shop.refusal("POST", f"{path}/files/batch") == (
        422,
        ["parameter_validation.order_details.missing"],
    )


def test_only_a_paid_card_charge_can_be_disputed(shop: Shop, order: Any) -> None:
    waiting = shop.order(None, {"type": "spei"})
    spei = waiting["charges"]["data"][0]["id"]
    place = ("POST", "/_sandbox/chargebacks")
    assert shop.refusal(*place, {"order_id": waiting["id"]}) == (
        422,
        ["parameter_validation.order_id.invalid"],
    )
    shop.pay(order_id=waiting["id"])
    assert shop.refusal(*place, {"charge_id": spei}) == (422, ["parameter_validation.charge_id.invalid"])
    disputed(shop, order)
    assert shop.refusal(*place, {"order_id": order["id"]}) == (422, ["parameter_validation.order_id.invalid"])
    assert shop.refusal(*place) == (422, ["parameter_validation.charge_id.missing"])
    both = {"order_id": order["id"], "charge_id": spei}
    assert shop.refusal(*place, both) == (422, ["parameter_validation.charge_id.invalid"])
    assert shop.refusal(*place, {"order_id": order["id"], "reason": "bored"}) == (
        422,
        ["parameter_validation.reason.invalid"],
    )
    assert shop.refusal(*place, {"order_id": "ord_none"}) == ABSENT
    assert shop.refusal(*place, {"charge_id": "6a0000000000000000000001"}) == ABSENT


def test_what_does_not_exist_is_not_found(shop: Shop, order: Any) -> None:
    opened, path = disputed(shop, order)
    for wrong in ("/charges/x/chargebacks/" + opened["id"], f"/charges/{opened['charge_id']}/chargebacks/x"):
        assert shop.refusal("GET", f"{wrong}/evidence-types") == ABSENT
        assert shop.refusal("GET", f"{wrong}/files") == ABSENT
        assert refused(shop, wrong, {"order_details": PDF}) == ABSENT
    assert shop.refusal("GET", f"{path}/files/chbkf_none") == ABSENT
    assert shop.refusal("POST", "/_sandbox/chargebacks/chbk_none/resolve", {"status": "won"}) == ABSENT


def test_another_account_has_no_part_in_it(
    ledger: Ledger, open_shop: OpenShop, shop: Shop, order: Any
) -> None:
    opened, path = disputed(shop, order)
    other = open_shop(ledger, "key_other")
    assert other.refusal("GET", f"{path}/files") == ABSENT
    assert other.refusal("POST", "/_sandbox/chargebacks", {"order_id": order["id"]}) == ABSENT
    lose = ("POST", f"/_sandbox/chargebacks/{opened['id']}/resolve", {"status": "lost"})
    assert other.refusal(*lose) == ABSENT
