"""Refusals in Conekta's envelope, compared field by field (conekta-api.md 2)."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio
LOG_ID = "6a0000000000000000000007"
KINDS = [
    (400, "malformed_request_error", "conekta.errors.malformed_request.json"),
    (400, "resource_error", "conekta.errors.business.chargebacks.cannot_process"),
    (401, "authentication_error", "conekta.errors.authentication.missing_key"),
    (402, "processing_error", "conekta.errors.processing.bank.call_issuer"),
    (403, "processing_error", "conekta.errors.forbidden.authentication.invalid_whitelist_access"),
    (404, "resource_not_found_error", "conekta.errors.resource_not_found.entity"),
    (409, "conflict_error", "conekta.errors.conflict.version"),
    (422, "parameter_validation_error", "conekta.errors.parameter_validation.name.invalid"),
    (
        428,
        "precondition_required_error",
        "conekta.errors.precondition_required.combo.order.cannot_be_updated_because_has_charge",
    ),
    (500, "api_error", "conekta.errors.api.system.general_failure"),
]
HINTS = {
    "missing_key": "Set CONEKTA_API_KEY, or over HTTP send Authorization: Bearer key_...",
    "invalid_whitelist_access": ("This account lacks that service; the merchant can ask Conekta for it."),
    "entity": "No such id for this key; search with a list tool. Test and live are apart.",
    "cannot_be_updated_because_has_charge": "The order already has a charge; read it with get_order.",
}
UNKNOWN = (
    "Whether this was applied is not known. Do not repeat it before looking: "
    "list_orders with the payer's e-mail as search."
)


def refusal(status: int, kind: str, *details: dict[str, Any], **more: Any) -> httpx.Response:
    body = {"details": list(details), "object": "error", "type": kind, "log_id": LOG_ID, **more}
    return httpx.Response(status, json=body)


@pytest.mark.parametrize(("status", "kind", "code"), KINDS)
async def test_each_kind_of_refusal_is_told_in_full(
    status: int, kind: str, code: str, told: Any, era: str
) -> None:
    said = {"code": code, "message": "No se pudo.", "debug_message": "It could not be done.", "param": "name"}
    answer = refusal(status, kind, said)
    hint = HINTS.get(code.rsplit(".", 1)[1])
    shared = {"type": kind, "http_status": status, **said, "log_id": LOG_ID}
    read = {**shared, "retryable": status == 500, "hint": "Safe to repeat." if status == 500 else hint}
    write = {
        **shared,
        "retryable": False,
        "outcome": "unknown" if status == 500 else "not_applied",
        "hint": UNKNOWN if status == 500 else hint,
    }
    assert await told("get_order", answer, mode=era) == without_none(read)
    assert await told("create_order", answer, mode=era) == without_none(write)


def without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


async def test_an_unrecognized_key_is_told_with_what_to_check(told: Any) -> None:
    code = "conekta.errors.authentication.unrecognized_key"
    answer = refusal(
        401, "authentication_error", {"code": code, "message": "Acceso no autorizado."}, log_id=None
    )
    assert await told("get_order", answer) == {
        "type": "authentication_error",
        "http_status": 401,
        "code": code,
        "message": "Acceso no autorizado.",
        "retryable": False,
        "hint": "Conekta does not know this key: is it a private one, not revoked?",
    }


SEEDS = [
    (
        "create_order",
        422,
        {
            "details": [
                {
                    "debug_message": 'The "customer_info attribute customer_id" is missing.',
                    "message": 'El parametro customer_id" es requerido.',
                    "param": "customer_info.customer_id",
                    "code": "conekta.errors.parameter_validation.customer_info.customer_id.missing",
                }
            ],
            "object": "error",
            "type": "parameter_validation_error",
            "log_id": "xxxxxxxxxxxxxxxxxxxx",
        },
        (
            "Reusing a reference needs customer_id: find it with list_customers; for a CLABE then use "
            "create_order_reusing_clabe."
        ),
    ),
    (
        "create_order_reusing_clabe",
        404,
        {
            "details": [
                {
                    "debug_message": "Recurrent reference not found",
                    "message": "Referencia recurrente no encontrada",
                    "code": (
                        "conekta.errors.resource_not_found.processing.offline_recurrent_reference.not_found"
                    ),
                }
            ],
            "object": "error",
            "type": "resource_not_found_error",
            "log_id": "xxxxxxxxxxxxxxxxxxxx",
        },
        "This customer has no recurring CLABE yet: create it with add_spei_recurrent_source, then repeat.",
    ),
    (
        "create_order",
        422,
        {
            "details": [
                {
                    "debug_message": 'The "reuse_customer_clabe" parameter is invalid.',
                    "message": "El parámetro reuse_customer_clabe es inválido.",
                    "param": "reuse_customer_clabe",
                    "code": "conekta.errors.parameter_validation.reuse_customer_clabe.invalid_datatype",
                }
            ],
            "object": "error",
            "type": "parameter_validation_error",
        },
        None,
    ),
]


@pytest.mark.parametrize(
    ("tool", "status", "body", "hint"), SEEDS, ids=["no customer", "no CLABE", "datatype"]
)
async def test_the_refusals_of_the_clabe_guide_are_told_verbatim(
    tool: str, status: int, body: dict[str, Any], hint: str | None, told: Any
) -> None:
    assert await told(tool, httpx.Response(status, json=body)) == without_none(
        {
            "type": body["type"],
            "http_status": status,
            **body["details"][0],
            "log_id": body.get("log_id"),
            "retryable": False,
            "outcome": "not_applied",
            "hint": hint,
        }
    )


async def test_several_reasons_are_all_told(told: Any) -> None:
    first = {"code": "conekta.errors.parameter_validation.name.missing", "message": "Uno.", "param": "name"}
    second = {
        "code": "conekta.errors.parameter_validation.email.missing",
        "message": "Dos.",
        "param": "email",
    }
    answer = refusal(422, "parameter_validation_error", first, second)
    assert await told("create_customer", answer) == {
        "type": "parameter_validation_error",
        "http_status": 422,
        **first,
        "details": [first, second],
        "log_id": LOG_ID,
        "retryable": False,
        "outcome": "not_applied",
    }


async def test_no_more_than_ten_reasons_are_told(told: Any) -> None:
    answer = refusal(422, "parameter_validation_error", *({"message": f"No {n}"} for n in range(50)))
    error = await told("create_customer", answer)
    assert error["details"] == [{"message": f"No {n}"} for n in range(10)]


async def test_the_older_nested_shape_is_opened(told: Any) -> None:
    inner = {
        "code": "conekta.errors.processing.bank.declined",
        "message_to_purchaser": "La tarjeta fue declinada.",
    }
    answer = refusal(402, "processing_error", {"details": [inner, "noise"]}, {"details": []}, log_id=None)
    assert await told("create_card_order", answer) == {
        "type": "processing_error",
        "http_status": 402,
        "code": "conekta.errors.processing.bank.declined",
        "message": "La tarjeta fue declinada.",
        "retryable": False,
        "outcome": "not_applied",
    }


@pytest.mark.parametrize("details", [[], None, "x", ["x", None, 7]])
async def test_an_envelope_without_reasons_still_says_something(details: Any, told: Any) -> None:
    answer = httpx.Response(422, json={"object": "error", "details": details})
    assert await told("create_customer", answer) == {
        "type": "parameter_validation_error",
        "http_status": 422,
        "code": "conekta_mcp.errors.http_422",
        "message": "Conekta respondió 422 sin explicación.",
        "debug_message": "Conekta answered 422 without an explanation.",
        "retryable": False,
        "outcome": "not_applied",
    }


async def test_a_bare_message_is_told(told: Any) -> None:
    answer = httpx.Response(403, json={"message": "Forbidden", "code": "waf"})
    assert await told("get_order", answer) == {
        "type": "processing_error",
        "http_status": 403,
        "code": "waf",
        "message": "Forbidden",
        "retryable": False,
    }
