"""Content that is removed from answers, and answers that are too long."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from conekta_mcp.server.rendering.size_limit import (
    CUT_HINT,
    MAX_RENDERED_BYTES,
    UNWANTED_CONTENT,
    cut_to_fit,
    remove_unwanted_content,
)
from tests.depth import tries

pytestmark = pytest.mark.anyio
SIGNED = "https://files.example.com/a/nota.pdf?X-Amz-Expires=300&X-Amz-Signature=0f1e2d"


def out(value: Any) -> Any:
    answer = {"value": value}
    return remove_unwanted_content(answer, to_json(answer))["value"]


@given(st.lists(st.sampled_from(["<!doctype", "<", "a" * 999, "b", "=", "?sig", ";base64,", '"', "ñ", " "])))
@tries(100)
def test_the_quick_look_for_what_is_left_out_misses_nothing(pieces: list[str]) -> None:
    answer = {"value": "".join(pieces)}
    text = to_json(answer)
    if remove_unwanted_content(answer, text) is answer:
        assert UNWANTED_CONTENT.search(text) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("<!DOCTYPE html><p>500</p>", "[a page of HTML, 25 characters, left out]"),
        ("\n <HTML lang=es>", "[a page of HTML, 16 characters, left out]"),
        ("data:application/pdf;base64,JVBERi0", "[a file, 35 characters, left out]"),
        ("QUJD" * 300, "[a file, 1200 characters, left out]"),
        (SIGNED, "https://files.example.com/a/nota.pdf [signed part left out]"),
        (f"at {SIGNED} now", "at https://files.example.com/a/nota.pdf [signed part left out] now"),
        ("https://[x?token=1", "https://[x [signed part left out]"),
        ("https://h/p?a=1&sig=2#x", "https://h/p [signed part left out]"),
        (["x", {"y": SIGNED}], ["x", {"y": "https://files.example.com/a/nota.pdf [signed part left out]"}]),
    ],
)
def test_pages_files_and_signatures_are_left_out(value: Any, told: Any) -> None:
    assert out(value) == told


@pytest.mark.parametrize(
    "value",
    ["a < b <html", "https://pay.example.com/link/abc?lang=es", "word " * 500, 17, None, {"a": [1, "x"]}],
)
def test_everything_else_stays(value: Any) -> None:
    assert out(value) == value


async def test_a_signed_address_of_evidence_is_not_told(client_for: Any) -> None:
    charge = {"charge_id": "6a0000000000000000000001", "chargeback_id": "chbk_1", "file_id": "chbkf_1"}
    file = httpx.Response(200, json={"id": "chbkf_1", "name": "nota.pdf", "url": SIGNED})
    async with client_for(file) as (client, _):
        whole = await client.call_tool("get_chargeback_evidence", charge)
    assert "Signature" not in str(whole.structured_content) + str(whole.content)


async def test_a_whole_object_that_is_too_long_is_cut_and_says_so(client_for: Any) -> None:
    lines = [{"id": f"line_item_{n}", "name": "x" * 200, "unit_price": 1, "quantity": 1} for n in range(900)]
    order = httpx.Response(200, json={"id": "ord_1", "object": "order", "amount": 900, "line_items": lines})
    async with client_for(order) as (client, _):
        result = await client.call_tool("get_order", {"order_id": "ord_1", "detail": "full"})
    answer = result.structured_content
    assert len(result.content[0].text.encode()) <= MAX_RENDERED_BYTES
    assert (answer["cut"], answer["conekta"]["id"], answer["conekta"]["amount"]) == (CUT_HINT, "ord_1", 900)
    assert len(answer["conekta"]["line_items"]) == 50


@pytest.mark.parametrize(
    "value", [{"k" * n: 1 for n in range(1, 900)}, {"a": {str(n): "x" for n in range(9000)}}]
)
def test_what_cannot_be_shortened_is_dropped_but_for_the_plain_facts(value: Any) -> None:
    cut = cut_to_fit({"id": "ord_1", "amount": 5, "conekta": value, "whole": value})
    assert cut == {"id": "ord_1", "amount": 5, "cut": CUT_HINT}
