"""Every refused write leaves a record, whatever refused it; a read leaves none."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError

from conekta_mcp.server.tools.refusals import RefusalRecorder
from tests.journeys.clients import Era, in_memory

pytestmark = [pytest.mark.system, pytest.mark.anyio]
CARD = "4242424242424242"
BUYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 125000, "quantity": 1}]
GUESS = {"order_id": "ord_2guess1", "amount": 500, "reason": "other"}
ARGUMENTS = "parameter_validation"
REFUSED: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "a card number as reason": (
        "refund_order",
        {**GUESS, "reason": CARD},
        {
            "tool": "refund_order",
            "amount": 500,
            "code": f"conekta_mcp.errors.{ARGUMENTS}.card_number.not_allowed",
        },
    ),
    "a card number as amount": (
        "refund_order",
        {**GUESS, "amount": int(CARD)},
        {"tool": "refund_order", "code": f"conekta_mcp.errors.{ARGUMENTS}.card_number.not_allowed"},
    ),
    "a negative sum": (
        "refund_order",
        {**GUESS, "amount": -5},
        {"tool": "refund_order", "amount": -5, "code": f"conekta_mcp.errors.{ARGUMENTS}.amount.invalid"},
    ),
    "an unknown argument": (
        "create_customer",
        {**BUYER, "nombre": "Ana"},
        {"tool": "create_customer", "code": f"conekta_mcp.errors.{ARGUMENTS}.nombre.unknown_argument"},
    ),
    "an unknown profile": (
        "refund_order",
        {**GUESS, "profile": "other"},
        {
            "tool": "refund_order",
            "amount": 500,
            "code": f"conekta_mcp.errors.{ARGUMENTS}.profile.unknown_argument",
        },
    ),
    "an excluded tool": (
        "cancel_order",
        {"order_id": "ord_1"},
        {"tool": "cancel_order", "code": "conekta_mcp.errors.not_switched_on"},
    ),
    "an object that is not there": (
        "refund_order",
        GUESS,
        {"tool": "refund_order", "amount": 500, "http_status": 404},
    ),
    "a secret that was not named": (
        "create_api_key",
        {"role": "private"},
        {"tool": "create_api_key", "code": "conekta_mcp.errors.not_switched_on"},
    ),
}


@asynccontextmanager
async def shop(era: Era, folder: Path, **settings: Any) -> AsyncIterator[tuple[Client, Any]]:
    """A client, and a function that gives the records of the audit."""
    audit = folder / "audit.jsonl"

    def read_records() -> list[dict[str, Any]]:
        return [json.loads(line) for line in audit.read_text().splitlines()] if audit.exists() else []

    options = {"audit": str(audit), "exclude": ("cancel_order",), "language": "en", **settings}
    async with in_memory(era, **options) as (client, _):
        yield client, read_records


async def ask(client: Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return (await client.call_tool(tool, arguments)).structured_content or {}


@pytest.mark.parametrize("way", ["directly", "through the caller"])
@pytest.mark.parametrize(("tool", "arguments", "kept"), REFUSED.values(), ids=REFUSED)
async def test_a_refused_write_is_recorded_once_with_what_is_known_of_it(
    era: Era, way: str, tool: str, arguments: dict[str, Any], kept: dict[str, Any], tmp_path: Path
) -> None:
    async with shop(era, tmp_path) as (client, read_records):
        if way == "directly":
            told = await ask(client, tool, arguments)
        else:
            told = await ask(client, "call_write_operation", {"name": tool, "arguments": arguments})
        (record,) = read_records()
    assert "error" in told
    assert (record["event"], record["outcome"]) == ("refusal", "refused")
    assert {name: record.get(name) for name in kept} == kept
    # Whose account a profile that does not exist would have been is not known.
    known = {"client"} if "profile" in arguments else {"account", "profile", "mode", "client"}
    assert known <= record.keys()
    assert CARD not in json.dumps(record)


async def test_a_refusal_by_a_limit_or_a_person_has_the_sum_that_it_was_about(
    era: Era, tmp_path: Path
) -> None:
    async with shop(era, tmp_path, max_amount=100, confirm="writes") as (client, read_records):
        await ask(client, "create_order", {**BUYER, "line_items": LINES})
        await ask(client, "create_order", {**BUYER, "line_items": [{**LINES[0], "unit_price": 50}]})
        records = read_records()
    assert [(one["event"], one["tool"], one["amount"], one["currency"]) for one in records] == [
        ("refusal", "create_order", 125000, "MXN"),
        ("refusal", "create_order", 50, "MXN"),
    ]


async def test_a_write_by_an_unknown_name_or_by_the_wrong_caller_is_recorded(
    era: Era, tmp_path: Path
) -> None:
    name = "refund_everything"
    async with shop(era, tmp_path) as (client, read_records):
        await ask(client, "call_write_operation", {"name": name, "arguments": {"amount": 5, "note": CARD}})
        await ask(client, "call_write_operation", {"arguments": {}})
        await ask(client, "call_read_operation", {"name": "refund_order", "arguments": GUESS})
        records = read_records()
    assert [(one["event"], one["tool"]) for one in records] == [
        ("refusal", "call_write_operation"),
        ("refusal", "call_write_operation"),
        ("refusal", "refund_order"),
    ]
    assert CARD not in json.dumps(records)


async def test_an_approval_that_was_altered_is_recorded(tmp_path: Path) -> None:
    async with shop("auto", tmp_path) as (client, read_records):
        with pytest.raises(MCPError) as caught:
            await client.call_tool("refund_order", GUESS, request_state="altered")
        with pytest.raises(MCPError):
            await client.call_tool("get_order", {"order_id": "ord_1"}, request_state="altered")
        (record,) = read_records()
    facts = caught.value.data
    assert (caught.value.code, facts["reason"]) == (-32602, "invalid_request_state")
    assert (facts["type"], facts["outcome"], facts["retryable"]) == ("consent_invalid", "not_applied", False)
    assert facts["message"] == caught.value.message
    assert facts["message"].startswith("This approval does not belong to this call, or was altered.")
    assert facts["hint"].endswith("make the call anew: they are asked again.")
    assert (record["event"], record["tool"], record["amount"]) == ("refusal", "refund_order", 500)


async def test_a_refused_read_is_not_recorded(era: Era, tmp_path: Path) -> None:
    async with shop(era, tmp_path, exclude=("get_customer",)) as (client, read_records):
        await ask(client, "get_order", {"order_id": "nonsense"})
        await ask(client, "get_order", {"order_id": "ord_2guess1"})
        await ask(client, "get_customer", {"customer_id": "cus_1"})
        await ask(client, "list_everything", {})
        await ask(client, "call_read_operation", {"name": "list_everything", "arguments": {}})
        assert read_records() == []


async def test_an_audit_that_cannot_be_written_does_not_hide_the_refusal(
    era: Era, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    async with in_memory(era, audit=str(tmp_path / "audit.jsonl"), log_level="ERROR") as (client, _):
        told = await ask(client, "refund_order", {**GUESS, "amount": -5})
    assert told["error"]["param"] == "amount"
    assert "the audit misses" in caplog.text


async def test_a_store_that_cannot_be_opened_does_not_hide_the_refusal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> Any:
        raise OSError("no store")

    accounts: Any = None
    tool: Any = type("Tool", (), {"name": "refund_order", "risk": type("R", (), {"read_only": False})})
    tool.toolset = None
    with caplog.at_level(logging.ERROR):
        await RefusalRecorder(fail, accounts, accounts).record(tool, {}, accounts, accounts)
    assert "the audit misses a refusal of refund_order: OSError" in caplog.text
