"""/companies and their documents (conekta-api.md 4.11).

The account's own company exists from the first request; the list holds its child companies only. A document
is `uploaded` and stays so: nobody reviews it here (inferred). File contents are checked and not kept.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.customer_records.people import validate_phone
from conekta_mcp.sandbox.http.body_rules import (
    EMAIL,
    Array,
    Choice,
    Shape,
    Text,
    check,
    validate_boolean,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.http.uploads import MEDIA_TYPES
from conekta_mcp.sandbox.instruments.clabe import compute_control_digit, make_clabe
from conekta_mcp.sandbox.refusals import money, reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid, NotFound
from conekta_mcp.sandbox.refusals.policies import MERCHANT_NAME

KIND = "company"
ACCOUNT_COMPANY = "sandbox_own_company"
DOCUMENT_CLASSES = (
    "id_legal_representative",
    "id_legal_representative_back",
    "cfdi",
    "constitutive_act_basic",
    "proof_of_address",
    "power_of_attonery",
    "deposit_account_cover",
    "permit_casino",
    "license_sanitation",
    "registration_tourism",
)
CLABE = Text(pattern=r"^[0-9]{18}\Z")


def validate_settlement_clabe(value: Any, param: str) -> Iterator[Detail]:
    """Require a right control digit: it is a real account, not one that Conekta mints for tests (7)."""
    details = list(CLABE(value, param))
    yield from details
    if not details and value[17] != compute_control_digit(value[:17]):
        yield reasons.invalid_param(param)


COMPANY = Shape(
    required={"name": Text()},
    optional={
        "type_company": Text(),
        "comercial_info": Shape(
            optional={
                "website": Text(pattern=r"^https?://\S+\Z"),
                "mcc": Text(pattern=r"^[0-9]{4}\Z"),
                "merchant_support_email": EMAIL,
                "merchant_support_phone": validate_phone,
            }
        ),
        "fiscal_info": Shape(optional={"business_phone": validate_phone, "fiscal_type": Text()}),
        "bank_account_info": Shape(optional={"clabe": validate_settlement_clabe}),
        "users": Array(EMAIL),
    },
    closed=True,
)


def validate_base64(value: Any, param: str) -> Iterator[Detail]:
    if not isinstance(value, str):
        yield reasons.invalid_datatype(param)
        return
    try:
        empty = not base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        empty = True
    if empty:
        yield reasons.invalid_param(param)


DOCUMENT = Shape(
    required={
        "content_type": Choice(MEDIA_TYPES),
        "file_classification": Choice(DOCUMENT_CLASSES),
        "file_data": validate_base64,
        "file_name": Text(at_most=249),
    },
    optional={"international": validate_boolean},
    closed=True,
)


def list_companies(call: Call) -> Json:
    own, search = get_or_create_company(call.account)["id"], call.query.get("search", "")
    children = [row for row in call.account.list_records(KIND)[::-1] if row["id"] != own]
    return paginate(call, children, lambda row: has_match(search, [row["id"], row["name"]]))


def create_company(call: Call) -> Json:
    """Create a child company that has yet to go through its onboarding (inferred)."""
    check(COMPANY, call.body)
    account = call.account
    parent = get_or_create_company(account)["id"]
    company = _build_company(account, call.body["name"], active=False, parent=parent)
    company["onboarding_url"] = f"https://onboarding.example.com/resume/{company['id']}"
    number = call.body.get("bank_account_info", {}).get("clabe")
    if number:
        company["fiscal_info"] = {"bank_account": _build_bank_account(call.body["name"], number)}
    account.add(KIND, company)
    return company


def get_company(call: Call) -> Json:
    return _load_company(call.account, call.path["id"])


def get_current_company(call: Call) -> Json:
    return get_or_create_company(call.account)


def list_documents(call: Call) -> list[Json]:
    documents: list[Json] = _load_company(call.account, call.path["company_id"])["documents"]
    return documents


def upload_document(call: Call) -> Json:
    company = _load_company(call.account, call.path["company_id"])
    check(DOCUMENT, call.body)
    if _find_document(company, call.body) is not None:
        raise Invalid(money.duplicate_document(call.body["file_classification"]))
    document = {name: call.body[name] for name in ("file_classification", "file_name")}
    company["documents"].append({**document, "status": "uploaded"})
    call.account.save(KIND, company)
    return {**document, "status": "uploaded"}


def update_document(call: Call) -> Json:
    company = _load_company(call.account, call.path["company_id"])
    check(DOCUMENT, call.body)
    document = _find_document(company, call.body)
    if document is None:
        raise NotFound(reasons.entity_not_found("Document", call.body["file_classification"]))
    document["file_name"] = call.body["file_name"]
    call.account.save(KIND, company)
    return document


def get_or_create_company(account: Account) -> Json:
    known = account.list_records(ACCOUNT_COMPANY)
    if known:
        return _load_company(account, known[0]["company_id"])
    company = _build_company(account, MERCHANT_NAME, active=True, parent=None)
    # 012 is the code of BBVA, 180 that of Mexico City.
    number = account.ledger.mint_reference(lambda chance: make_clabe(chance, head="012180"))
    company["fiscal_info"] = {"bank_account": _build_bank_account(MERCHANT_NAME, number)}
    account.add(KIND, company)
    account.add(ACCOUNT_COMPANY, {"id": account.make_object_id(), "company_id": company["id"]})
    return company


def get_bank_account(company: Json) -> Json:
    bank_account: Json = company["fiscal_info"]["bank_account"]
    return bank_account


def _build_company(account: Account, name: str, *, active: bool, parent: str | None) -> Json:
    return {
        "id": account.make_object_id(),
        "name": name,
        "active": active,
        "account_status": "activated" if active else "signed_up",
        "parent_company_id": parent,
        "onboarding_status": "completed" if active else "pending",
        "documents": [],
        "created_at": account.now(),
        "object": KIND,
        "three_ds_enabled": True,
        "three_ds_mode": "smart",
    }


def _build_bank_account(holder: str, number: str) -> Json:
    return {
        "account_number": number,
        "account_holder_name": holder,
        "bank": "BBVA Bancomer",
        "object": "fiscal_info_bank_account",
    }


def _find_document(company: Json, body: Json) -> Json | None:
    wanted = body["file_classification"]
    return next((one for one in company["documents"] if one["file_classification"] == wanted), None)


def _load_company(account: Account, company_id: str) -> Json:
    return load_record(account, KIND, company_id, "Company")


ENDPOINTS = (
    Endpoint("GET", "/companies", list_companies),
    Endpoint("POST", "/companies", create_company, 201),
    # Before {id}, which would match it.
    Endpoint("GET", "/companies/current", get_current_company),
    Endpoint("GET", "/companies/{id}", get_company),
    Endpoint("GET", "/companies/{company_id}/documents", list_documents),
    Endpoint("POST", "/companies/{company_id}/document", upload_document, 201),
    Endpoint("PATCH", "/companies/{company_id}/document", update_document),
)
