"""An answer of another shape than asked for is unreadable, for reads and writes, and never empty."""

from typing import Any

import httpx
import pytest

from conekta_mcp.api import Conekta
from conekta_mcp.catalog import LIST, AnswerShape, ObjectKind, Operation
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import UnreadableAnswer
from conekta_mcp.settings import Settings

pytestmark = pytest.mark.anyio
ENVELOPE = {"object": "error", "type": "processing_error", "details": [{"message": "No."}]}
OPERATIONS = [tool for tool in ALL_TOOLS if isinstance(tool.loaded, Operation)]
EVERY = pytest.mark.parametrize("tool", [tool.loaded for tool in OPERATIONS], ids=lambda tool: tool.name)
READS = [tool.loaded for tool in OPERATIONS if not tool.loaded.changes]
"""The answer of a write is compared with what it was for."""
ORDER = AnswerShape(ObjectKind(("order",), ("order_id",)), "ord_1")
WITHOUT_FIELDS = {
    "get_balance": "Conekta names no id of a balance",
    "validate_installments": "it is a computation",
    "upload_company_document": "documents have no id (conekta-api.md 4.11)",
    "update_company_document": "documents have no id (conekta-api.md 4.11)",
    "get_chargeback_evidence": "known from newer documents only (conekta-api.md 3.2)",
    "submit_chargeback_evidence": "known from newer documents only (conekta-api.md 3.2)",
    "simulate_payment": "the sandbox's own",
}
WITHOUT_OBJECT = {
    **dict.fromkeys(
        ("create_whitelist_rule", "delete_whitelist_rule", "create_blacklist_rule", "delete_blacklist_rule"),
        "rules have none (conekta-api.md 4.11)",
    ),
    "get_log": "Conekta's file has none",
    "resend_event": "Conekta's file has none",
    **dict.fromkeys(
        ("get_webhook_key", "create_webhook_key", "update_webhook_key", "delete_webhook_key"),
        "one that was deleted is shown without",
    ),
}


async def ask(tool: Operation[Any], arguments: Any, body: Any) -> dict[str, Any]:
    conekta = Conekta(Settings(), lambda: httpx.MockTransport(lambda _: httpx.Response(200, json=body)))
    try:
        return await tool.call(conekta.get_account("key_a"), arguments)
    finally:
        await conekta.close()


@EVERY
async def test_no_tool_takes_an_empty_object_or_an_envelope_for_its_answer(
    tool: Operation[Any], arguments: Any
) -> None:
    given = tool.input.model_validate(arguments[tool.name])
    if hasattr(given, "path") or hasattr(given, "files"):
        pytest.skip("reads a file of the operator's before it sends")
    for body in ({}, ENVELOPE, {"data": None}, {"id": None, "object": "order"}):
        if body and body is not ENVELOPE and tool.name in WITHOUT_FIELDS:
            continue
        with pytest.raises(UnreadableAnswer) as told:
            await ask(tool, given, body)
        wrote = tool.build_request(given).writes
        assert (told.value.type, told.value.http_status, told.value.outcome) == (
            "unreadable_answer", 200, "unknown" if wrote else None,
        )  # fmt: skip


@pytest.mark.parametrize("tool", READS, ids=lambda tool: tool.name)
async def test_an_answer_with_nothing_that_could_be_shown_is_never_an_empty_one(
    tool: Operation[Any], arguments: Any
) -> None:
    given = tool.input.model_validate(arguments[tool.name])
    for body in (None, {"status": "ok"}, {"data": {"id": "1"}}):
        with pytest.raises(UnreadableAnswer):
            await ask(tool, given, body)


def test_kinds_without_id_or_object_are_declared_and_say_why() -> None:
    kinds = {tool.name: tool.output.KIND for tool in OPERATIONS if not tool.output.KIND.is_list}
    assert {name for name, kind in kinds.items() if not kind.fields} | {"simulate_payment"} == set(
        WITHOUT_FIELDS
    )
    assert {name for name, kind in kinds.items() if kind.fields == ("id",)} == set(WITHOUT_OBJECT)


@pytest.mark.parametrize(
    ("shape", "body", "fits"),
    [
        (ORDER, {"id": "ord_1", "object": "order"}, True),
        (ORDER, {"id": "ord_2", "object": "order"}, False),
        (ORDER, {"id": "ord_1"}, False),
        (ORDER, {"object": "order"}, False),
        (ORDER, {"id": "", "object": "order"}, False),
        (ORDER, {"id": 7, "object": "order"}, False),
        (AnswerShape(LIST), {"data": []}, True),
        (AnswerShape(LIST), {"data": [{"id": "x"}]}, True),
        (AnswerShape(LIST), {"data": {}}, False),
        (AnswerShape(LIST), {"object": "list", "has_more": False}, False),
        (AnswerShape(LIST), {"object": "error", "data": []}, False),
        (AnswerShape(ObjectKind(fields=())), {"available": []}, True),
        (AnswerShape(ObjectKind(fields=())), {}, False),
        (AnswerShape(ObjectKind(fields=("id",))), {"id": "x"}, True),
    ],
)
def test_what_an_answer_must_look_like(shape: AnswerShape, body: Any, fits: bool) -> None:
    assert shape.is_shape_of(body) is fits


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("get_order", {"order_id": "ord_1"}, "ord_1"),
        ("cancel_refund", {"order_id": "ord_1", "refund_id": "6a0000000000000000000001"}, "ord_1"),
        ("refund_order", {"order_id": "ord_1", "amount": 1, "reason": "requested_by_client"}, "ord_1"),
        ("add_spei_recurrent_source", {"customer_id": "cus_1"}, None),
        ("get_customer_subscription", {"customer_id": "cus_1"}, None),
        ("list_orders", {}, None),
    ],
)
def test_the_id_of_an_answer_is_the_one_that_the_path_names(
    name: str, arguments: dict[str, Any], named: str | None
) -> None:
    tool = next(tool.loaded for tool in OPERATIONS if tool.name == name)
    assert tool.build_answer_shape(tool.input.model_validate(arguments)).id == named
