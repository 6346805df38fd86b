"""Tools of companies and their documents: what leaves and what comes back."""

import base64
import json
from typing import Any

import httpx
import pytest

from tests.domains.bodies import NOW, listed
from tests.domains.row import Row, each
from tests.tables import without_mode

pytestmark = pytest.mark.anyio
CODE = "conekta_mcp.errors.parameter_validation"
ID = "6a0000000000000000000001"
PDF = b"%PDF-1.7 nota"
DATA = base64.b64encode(PDF).decode()
DOCUMENT = {"file_classification": "cfdi", "file_name": "constancia.pdf", "status": "uploaded"}
COMPANY: dict[str, Any] = {
    "id": ID,
    "name": "Comercio de Prueba",
    "active": True,
    "account_status": "activated",
    "parent_company_id": None,
    "onboarding_status": "completed",
    "documents": [DOCUMENT],
    "created_at": NOW,
    "object": "company",
    "three_ds_enabled": True,
    "three_ds_mode": "smart",
}
BANK = {
    "account_number": "012180000000000015",
    "account_holder_name": "Comercio de Prueba",
    "bank": "BBVA Bancomer",
    "object": "fiscal_info_bank_account",
}
OLDER: dict[str, Any] = {
    **COMPANY,
    "fiscal_info": {"tax_id": "XAXX010101000", "bank_account": BANK},
    "user_accounts": [{"role": "owner", "token": "1234567890"}],
    "webhooks": [{"url": "https://user:secret@shop.example.com"}],
}
TOLD: dict[str, Any] = {
    "id": ID,
    "name": "Comercio de Prueba",
    "active": True,
    "account_status": "activated",
    "onboarding_status": "completed",
    "three_ds_enabled": True,
    "three_ds_mode": "smart",
    "documents": [DOCUMENT],
    "created_at": NOW,
    "created_at_text": "16 ene 2026, 06:02 (Ciudad de México)",
}
CHILD = {
    "name": "Sucursal Norte",
    "type_company": "owner",
    "comercial_info": {
        "website": "https://norte.example.com",
        "mcc": "5812",
        "merchant_support_email": "ayuda@example.com",
        "merchant_support_phone": "5512345678",
    },
    "fiscal_info": {"business_phone": "5512345678", "fiscal_type": "moral"},
    "users": ["eva@example.com"],
}
UPLOAD: dict[str, Any] = {
    "company_id": ID,
    "file_classification": "cfdi",
    "base64": DATA,
    "name": "constancia.pdf",
}
UPLOADED: dict[str, Any] = {
    "file_classification": "cfdi",
    "content_type": "application/pdf",
    "file_name": "constancia.pdf",
    "file_data": DATA,
}
ROWS = [
    Row(
        tool="list_companies",
        given={},
        request="GET /companies?limit=20",
        conekta=listed(COMPANY),
        answer={"data": [TOLD], "has_more": False},
    ),
    Row(
        tool="list_companies",
        about="searching on",
        given={"search": "norte", "limit": 1, "next": ID},
        request=f"GET /companies?limit=1&next={ID}&search=norte",
        conekta=listed(),
        answer={"data": [], "has_more": False},
    ),
    Row(
        tool="get_company",
        given={"company_id": ID},
        request=f"GET /companies/{ID}",
        conekta={**COMPANY, "payout_destination": {"bank": "BBVA Bancomer", "last4": "0015"}},
        answer={**TOLD, "bank": "BBVA Bancomer", "account_last4": "0015"},
    ),
    Row(
        tool="get_company",
        about="of an odd shape",
        given={"company_id": ID},
        request=f"GET /companies/{ID}",
        conekta={"id": ID, "object": "company", "fiscal_info": "none", "documents": None},
        answer={"id": ID},
    ),
    Row(
        tool="get_current_company",
        given={},
        request="GET /companies/current",
        conekta=OLDER,
        answer={**TOLD, "tax_id": "XAXX010101000", "bank": "BBVA Bancomer", "account_last4": "0015"},
    ),
    Row(
        tool="create_company",
        given={"name": "Sucursal Norte"},
        request="POST /companies",
        body={"name": "Sucursal Norte"},
        conekta={**COMPANY, "onboarding_url": "https://onboarding.example.com/resume/1"},
        answer={**TOLD, "onboarding_url": "https://onboarding.example.com/resume/1"},
    ),
    Row(
        tool="create_company",
        about="with everything",
        given={**CHILD, "clabe": "646180111805034237"},
        request="POST /companies",
        body={**CHILD, "bank_account_info": {"clabe": "646180111805034237"}},
        conekta=COMPANY,
        answer=TOLD,
    ),
    Row(
        tool="list_company_documents",
        given={"company_id": ID},
        request=f"GET /companies/{ID}/documents",
        conekta=[DOCUMENT],
        answer={"data": [DOCUMENT]},
    ),
    Row(
        tool="list_company_documents",
        about="in an envelope",
        given={"company_id": ID},
        request=f"GET /companies/{ID}/documents",
        conekta=listed(DOCUMENT),
        answer={"data": [DOCUMENT], "has_more": False},
    ),
    Row(
        tool="upload_company_document",
        given=UPLOAD,
        request=f"POST /companies/{ID}/document",
        body=UPLOADED,
        conekta=DOCUMENT,
        answer=DOCUMENT,
    ),
    Row(
        tool="update_company_document",
        given={**UPLOAD, "international": False},
        request=f"PATCH /companies/{ID}/document",
        body={**UPLOADED, "international": False},
        conekta=DOCUMENT,
        answer=DOCUMENT,
    ),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


async def test_no_account_number_token_or_webhook_reaches_the_model(client_for: Any) -> None:
    async with client_for(httpx.Response(200, json=OLDER)) as (client, _):
        told = str(await client.call_tool("get_current_company", {}))
    assert [secret for secret in ("0121800000", "1234567890", "secret") if secret in told] == []


async def test_an_array_is_one_only_where_conekta_has_one(client_for: Any) -> None:
    async with client_for(httpx.Response(200, json=[COMPANY])) as (client, _):
        result = await client.call_tool("list_companies", {})
    assert result.structured_content["error"]["type"] == "unreadable_answer"


@pytest.mark.parametrize(
    ("tool", "given", "param", "kind"),
    [
        ("get_company", {"company_id": "current"}, "company_id", "invalid"),
        ("create_company", {}, "name", "missing"),
        ("create_company", {**CHILD, "clabe": "01218000000000001"}, "clabe", "invalid"),
        ("create_company", {**CHILD, "comercial_info": {"mcc": "58"}}, "comercial_info.mcc", "invalid"),
        (
            "create_company",
            {**CHILD, "comercial_info": {"web": "x"}},
            "comercial_info.web",
            "unknown_argument",
        ),
        (
            "create_company",
            {**CHILD, "comercial_info": {"website": "norte"}},
            "comercial_info.website",
            "invalid",
        ),
        ("create_company", {**CHILD, "fiscal_info": "moral"}, "fiscal_info", "invalid_datatype"),
        ("upload_company_document", {**UPLOAD, "file_classification": "x"}, "file_classification", "invalid"),
        ("upload_company_document", {**UPLOAD, "name": "a/b.pdf"}, "name", "invalid"),
        ("upload_company_document", {**UPLOAD, "name": "..\\b.pdf"}, "name", "invalid"),
        ("update_company_document", {**UPLOAD, "file_classification": "x"}, "file_classification", "invalid"),
        ("update_company_document", {**UPLOAD, "international": "no"}, "international", "invalid_datatype"),
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_is_sent(
    tool: str, given: Any, param: str, kind: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    error = result.structured_content["error"]
    path = ".".join(step for step in param.split(".") if not step.isdigit())
    assert (error["param"], error["code"], sent) == (param, f"{CODE}.{path}.{kind}", [])


async def test_a_document_of_the_operators_folder_is_sent(client_for: Any, tmp_path: Any) -> None:
    (tmp_path / "fiscal").mkdir()
    (tmp_path / "fiscal" / "constancia.pdf").write_bytes(PDF)
    given = {"company_id": ID, "file_classification": "cfdi", "path": "fiscal/constancia.pdf"}
    answer = httpx.Response(201, json=DOCUMENT)
    async with client_for(answer, files_folder=str(tmp_path)) as (client, sent):
        result = await client.call_tool("upload_company_document", given)
    assert (json.loads(sent[0].content), without_mode(result.structured_content)) == (UPLOADED, DOCUMENT)


@pytest.mark.parametrize(
    ("tool", "given", "spanish", "english"),
    [
        (
            "create_company",
            {"name": "Norte", "clabe": "0121"},
            "clabe: se esperaban los 18 dígitos de una CLABE.",
            "clabe: expected the 18 digits of a CLABE.",
        ),
        (
            "create_company",
            {"name": "Norte", "comercial_info": {"mcc": "58"}},
            "comercial_info.mcc: se esperaban cuatro dígitos.",
            "comercial_info.mcc: expected four digits.",
        ),
        (
            "create_company",
            {"name": "Norte", "comercial_info": {"website": "norte"}},
            "comercial_info.website: se esperaba una dirección http(s).",
            "comercial_info.website: expected an http(s) address.",
        ),
        (
            "upload_company_document",
            {**UPLOAD, "name": "a/b.pdf"},
            "name: se esperaba un nombre de archivo como id.pdf.",
            "name: expected a file name such as id.pdf.",
        ),
        (
            "list_transactions",
            {"type": "Capture"},
            "type: se esperaba una palabra como capture.",
            "type: expected a word such as capture.",
        ),
        (
            "list_transactions",
            {"currency": "mx"},
            "currency: se esperaba MXN o USD.",
            "currency: expected MXN or USD.",
        ),
    ],
)
async def test_what_was_expected_is_said_in_both_languages(
    tool: str, given: Any, spanish: str, english: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        error = (await client.call_tool(tool, given)).structured_content["error"]
    assert (error["message"], error["debug_message"]) == (spanish, english)
