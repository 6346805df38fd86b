"""Companies: the account's own, its children, and their documents."""

import base64
from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.balance.test_balances import START
from tests.sandbox.shop import OpenShop, Shop

DATA = base64.b64encode(b"%PDF-1.7 nota").decode()


def document(**fields: Any) -> dict[str, Any]:
    return {
        "file_classification": "cfdi",
        "content_type": "application/pdf",
        "file_name": "constancia.pdf",
        "file_data": DATA,
        **fields,
    }


def test_an_account_has_a_company_of_its_own(shop: Shop) -> None:
    company = shop.get("/companies/current")
    number = company["fiscal_info"]["bank_account"]["account_number"]
    assert company == {
        "id": company["id"],
        "name": "Comercio de Prueba",
        "active": True,
        "account_status": "activated",
        "parent_company_id": None,
        "onboarding_status": "completed",
        "documents": [],
        "created_at": START,
        "object": "company",
        "three_ds_enabled": True,
        "three_ds_mode": "smart",
        "fiscal_info": {
            "bank_account": {
                "account_number": number,
                "account_holder_name": "Comercio de Prueba",
                "bank": "BBVA Bancomer",
                "object": "fiscal_info_bank_account",
            }
        },
    }
    assert (len(company["id"]), number[:6], len(number)) == (24, "012180", 18)
    shop.advance(60)
    assert shop.get("/companies/current") == company
    assert shop.get(f"/companies/{company['id']}") == company
    assert shop.get("/companies")["data"] == []


def test_a_child_is_created_with_201_and_has_its_onboarding_ahead(shop: Shop) -> None:
    body = {
        "name": "Sucursal Norte",
        "type_company": "owner",
        "comercial_info": {
            "website": "https://norte.example.com",
            "mcc": "5812",
            "merchant_support_email": "ayuda@example.com",
            "merchant_support_phone": "5512345678",
        },
        "fiscal_info": {"business_phone": "5512345678", "fiscal_type": "moral"},
        "bank_account_info": {"clabe": "012180000000000015"},
        "users": ["eva@example.com"],
    }
    answer = shop.http.post("/companies", json=body)
    child = answer.json()
    assert (answer.status_code, child) == (
        201,
        {
            "id": child["id"],
            "name": "Sucursal Norte",
            "active": False,
            "account_status": "signed_up",
            "parent_company_id": shop.get("/companies/current")["id"],
            "onboarding_status": "pending",
            "documents": [],
            "created_at": START,
            "object": "company",
            "three_ds_enabled": True,
            "three_ds_mode": "smart",
            "onboarding_url": f"https://onboarding.example.com/resume/{child['id']}",
            "fiscal_info": {
                "bank_account": {
                    "account_number": "012180000000000015",
                    "account_holder_name": "Sucursal Norte",
                    "bank": "BBVA Bancomer",
                    "object": "fiscal_info_bank_account",
                }
            },
        },
    )
    second = shop.post("/companies", {"name": "Sucursal Sur"})
    assert "fiscal_info" not in second
    assert shop.get("/companies")["data"] == [second, child]
    assert shop.get("/companies", search="norte")["data"] == [child]
    assert shop.get("/companies", limit=1)["has_more"] is True


def test_what_a_company_cannot_be_is_refused(shop: Shop) -> None:
    wrong = {
        "name": "",
        "comercial_info": {"mcc": "58", "website": "norte"},
        "bank_account_info": {"clabe": "0121"},
        "users": ["eva"],
        "extra": 1,
    }
    assert shop.refusal("POST", "/companies", wrong) == (
        422,
        [
            "parameter_validation.name.invalid",
            "parameter_validation.comercial_info.mcc.invalid",
            "parameter_validation.comercial_info.website.invalid",
            "parameter_validation.bank_account_info.clabe.invalid",
            "parameter_validation.users.invalid",
            "parameter_validation.whitelist",
        ],
    )
    assert shop.refusal("POST", "/companies") == (422, ["parameter_validation.name.missing"])
    assert shop.refusal("GET", "/companies/6a0000000000000000000001") == (404, ["resource_not_found.entity"])


def test_a_document_is_uploaded_with_201_and_replaced(shop: Shop) -> None:
    company = shop.get("/companies/current")["id"]
    path = f"/companies/{company}/document"
    answer = shop.http.post(path, json=document(international=False))
    kept = {"file_classification": "cfdi", "file_name": "constancia.pdf", "status": "uploaded"}
    assert (answer.status_code, answer.json()) == (201, kept)
    assert shop.refusal("POST", path, document()) == (422, ["parameter_validation.file_classification.found"])
    changed = shop.http.patch(path, json=document(file_name="nueva.png", content_type="image/png"))
    assert (changed.status_code, changed.json()) == (200, {**kept, "file_name": "nueva.png"})
    shop.post(path, document(file_classification="proof_of_address"))
    documents = [
        {**kept, "file_name": "nueva.png"},
        {**kept, "file_classification": "proof_of_address"},
    ]
    assert shop.get(f"/companies/{company}/documents") == documents
    assert shop.get("/companies/current")["documents"] == documents


def test_what_is_not_there_cannot_be_replaced(shop: Shop) -> None:
    company = shop.get("/companies/current")["id"]
    nowhere = "/companies/6a0000000000000000000001"
    absent = (404, ["resource_not_found.entity"])
    assert shop.refusal("PATCH", f"/companies/{company}/document", document()) == absent
    assert shop.refusal("PATCH", f"{nowhere}/document", document()) == absent
    assert shop.refusal("POST", f"{nowhere}/document", document()) == absent
    assert shop.refusal("GET", f"{nowhere}/documents") == absent


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"file_data": "no base64!"}, "file_data.invalid"),
        ({"file_data": "ñ"}, "file_data.invalid"),
        ({"file_data": ""}, "file_data.invalid"),
        ({"file_data": 7}, "file_data.invalid_datatype"),
        ({"content_type": "text/plain"}, "content_type.invalid"),
        ({"file_classification": "selfie"}, "file_classification.invalid"),
        ({"file_name": ""}, "file_name.invalid"),
        ({"international": "no"}, "international.invalid_datatype"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_a_document_cannot_be_is_refused(shop: Shop, method: str, wrong: Any, code: str) -> None:
    path = f"/companies/{shop.get('/companies/current')['id']}/document"
    assert shop.refusal(method, path, document(**wrong)) == (422, [f"parameter_validation.{code}"])


def test_another_account_has_another_company(ledger: Ledger, open_shop: OpenShop, shop: Shop) -> None:
    other = open_shop(ledger, "key_other")
    mine = shop.get("/companies/current")["id"]
    assert other.get("/companies/current")["id"] != mine
    assert other.refusal("GET", f"/companies/{mine}")[0] == 404
