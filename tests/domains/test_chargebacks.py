"""Tools of chargebacks: what leaves and what comes back."""

import base64
import email.parser
import email.policy
from typing import Any

import httpx
import pytest

from tests.domains.bodies import listed
from tests.domains.row import Row, each
from tests.tables import without_mode

pytestmark = pytest.mark.anyio
CODE = "conekta_mcp.errors.parameter_validation"
CHARGE = "6a0000000000000000000001"
IDS = {"charge_id": CHARGE, "chargeback_id": "chbk_1"}
PLACE = f"/charges/{CHARGE}/chargebacks/chbk_1"
PDF, PNG = b"%PDF-1.7 nota \r\n\x00\xff", b"\x89PNG\r\n\x1a\n..."
TYPE = {"type": "order_details", "permit_formats": ["application/pdf"], "required": True}
FILE = {
    "id": "chbkf_1",
    "name": "nota.pdf",
    "created_at": "2026-01-16T12:00:55Z",
    "evidence_type": "order_details",
}
SHOWN = {**FILE, "created_at": "2026-01-16T06:00:55-06:00"}
ROWS = [
    Row(
        tool="list_chargeback_evidence_types",
        given=IDS,
        request=f"GET {PLACE}/evidence-types",
        conekta=[TYPE],
        answer={"data": [{"type": "order_details", "required": True, "permit_formats": ["application/pdf"]}]},
    ),
    Row(
        tool="list_chargeback_evidence",
        given=IDS,
        request=f"GET {PLACE}/files",
        conekta=[{**FILE, "url": None}, "odd"],
        answer={
            "data": [
                {
                    "id": "chbkf_1",
                    "name": "nota.pdf",
                    "evidence_type": "order_details",
                    "created_at": "2026-01-16T06:00:55-06:00",
                }
            ]
        },
    ),
    Row(
        tool="list_chargeback_evidence",
        about="in an envelope",
        given=IDS,
        request=f"GET {PLACE}/files",
        conekta=listed(FILE),
        answer={"data": [SHOWN], "has_more": False},
    ),
    Row(
        tool="get_chargeback_evidence",
        given={**IDS, "file_id": "chbkf_1"},
        request=f"GET {PLACE}/files/chbkf_1",
        conekta={**FILE, "url": "https://files.example.com/chbkf_1?signature=s"},
        answer=SHOWN,
    ),
]


def evidence(kind: str, name: str, content: bytes) -> dict[str, str]:
    return {"evidence_type": kind, "name": name, "base64": base64.b64encode(content).decode()}


def parts(request: httpx.Request) -> list[tuple[Any, Any, str, Any]]:
    """Name, file name, type and content of each part of a form, read by the standard library."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.content)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in form.iter_parts()
    ]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@pytest.mark.parametrize("content", [b"", b"null\n", b"<html>", b'"none"', b"[1"])
async def test_what_is_no_array_is_not_taken_for_an_empty_one(client_for: Any, content: bytes) -> None:
    async with client_for(httpx.Response(200, content=content)) as (client, _):
        result = await client.call_tool("list_chargeback_evidence", IDS)
    assert result.structured_content["error"]["type"] == "unreadable_answer"


async def test_the_address_of_a_file_never_reaches_the_model(client_for: Any) -> None:
    (row,) = [row for row in ROWS if row.tool == "get_chargeback_evidence"]
    async with client_for(row.router.async_handler) as (client, _):
        assert "signature" not in str(await client.call_tool(row.tool, row.given))


async def test_evidence_is_one_form_with_a_part_for_each_type(client_for: Any, tmp_path: Any) -> None:
    (tmp_path / "foto.png").write_bytes(PNG)
    files = [
        evidence("order_details", "nota.pdf", PDF),
        {"evidence_type": "receipt_of_shipment", "path": "foto.png"},
    ]
    answer = httpx.Response(200, json={"files": [FILE]})
    async with client_for(answer, files_folder=str(tmp_path)) as (client, sent):
        result = await client.call_tool("submit_chargeback_evidence", {**IDS, "files": files})
    (request,) = sent
    assert without_mode(result.structured_content) == {"files": [SHOWN]}
    assert (request.method, request.url.path) == ("POST", f"{PLACE}/files/batch")
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert parts(request) == [
        ("order_details", "nota.pdf", "application/pdf", PDF),
        ("receipt_of_shipment", "foto.png", "image/png", PNG),
    ]


@pytest.mark.parametrize(
    ("change", "param", "kind"),
    [
        ({"files": []}, "files", "too_short"),
        ({"files": [evidence("order_details", "nota.pdf", PDF)] * 11}, "files", "too_long"),
        ({"files": [evidence("selfie", "nota.pdf", PDF)]}, "files.0.evidence_type", "invalid"),
        ({"files": [{"evidence_type": "contract"}]}, "files.0", "missing"),
        ({"files": [{**evidence("contract", "nota.pdf", PDF), "path": "nota.pdf"}]}, "files.0", "invalid"),
        (
            {"files": [{**evidence("contract", "nota.pdf", PDF), "url": "x"}]},
            "files.0.url",
            "unknown_argument",
        ),
        ({"files": [evidence("contract", "nota.pdf", PDF)] * 2}, None, "invalid"),
        ({"chargeback_id": CHARGE}, "chargeback_id", "invalid"),
        ({"charge_id": "chbk_1"}, "charge_id", "invalid"),
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_is_sent(
    change: Any, param: str | None, kind: str, client_for: Any
) -> None:
    given = {**IDS, "files": [evidence("order_details", "nota.pdf", PDF)], **change}
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool("submit_chargeback_evidence", given)
    error = result.structured_content["error"]
    path = [step for step in (param or "").split(".") if step and not step.isdigit()]
    assert (error.get("param"), error["code"], sent) == (param, ".".join([CODE, *path, kind]), [])


async def test_a_chargeback_that_was_answered_says_so(client_for: Any) -> None:
    detail = {"code": "conekta.errors.business.chargebacks.cannot_process", "message": "No se puede."}
    body = {"details": [detail], "object": "error", "type": "resource_error", "log_id": None}
    given = {**IDS, "files": [evidence("order_details", "nota.pdf", PDF)]}
    async with client_for(httpx.Response(400, json=body)) as (client, _):
        result = await client.call_tool("submit_chargeback_evidence", given)
    error = result.structured_content["error"]
    assert (error["type"], error["outcome"], error["hint"]) == (
        "resource_error",
        "not_applied",
        "It was answered already, or is over: see list_chargeback_evidence.",
    )


async def test_an_order_tells_of_its_chargeback(client_for: Any) -> None:
    held = {
        "id": "chbk_1",
        "status": "action_required",
        "reason": "fraudulent",
        "files": [{"id": "chbkf_1", "url": "https://files.example.com/x"}],
        "evidence_due_by": 1776340962,
    }
    order = {"id": "ord_1", "object": "order", "charges": listed({"id": CHARGE, "chargeback": held})}
    async with client_for(httpx.Response(200, json=order)) as (client, _):
        result = await client.call_tool("get_order", {"order_id": "ord_1"})
    assert result.structured_content["charges"] == [
        {
            "id": CHARGE,
            "chargeback": {
                "id": "chbk_1",
                "status": "action_required",
                "reason": "fraudulent",
                "evidence_due_by": 1776340962,
                "evidence_due_by_text": "16 abr 2026, 06:02 (Ciudad de México)",
                "evidence_due_by_iso": "2026-04-16T06:02:42-06:00",
            },
        }
    ]
