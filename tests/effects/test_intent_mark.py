"""The mark of an intent: where it is written, where it is found, and that nobody sees it in an answer."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from conekta_mcp.catalog import MarkPlace, Request
from conekta_mcp.effects.intent_mark import (
    build_mark,
    has_mark,
    hide_marks,
    is_marked,
    remove_mark,
    write_mark,
)
from tests.effects.world import TOOLS

MARK = build_mark("a1b2", "create_order", "ticket-812")
OTHER = build_mark("a1b2", "create_order", "ticket-813")


def marked(body: dict[str, Any] | None, place: MarkPlace) -> dict[str, Any] | None:
    """The body with the mark; None where the request goes as it is."""
    request = Request("POST", "/x", body=body)
    written = write_mark(request, place, MARK)
    assert is_marked(written, place, MARK) is (written is not request)
    return None if written is request else dict(written.body or {})


def test_a_mark_is_a_short_digest_of_account_tool_and_key() -> None:
    assert re.fullmatch("mcp_[0-9a-f]{24}", MARK)
    others = (
        build_mark("a1b2", "create_customer", "ticket-812"),
        build_mark("c3d4", "create_order", "ticket-812"),
    )
    assert len({MARK, OTHER, *others}) == 4
    assert "812" not in build_mark("a1b2", "t", "812" * 20)


@pytest.mark.parametrize(
    ("place", "body", "written"),
    [
        ("metadata", {"a": 1}, {"a": 1, "metadata": {"mcp_intent": MARK}}),
        ("metadata", {"metadata": {"b": 1}}, {"metadata": {"b": 1, "mcp_intent": MARK}}),
        ("metadata", None, {"metadata": {"mcp_intent": MARK}}),
        ("metadata", {"metadata": {"mcp_intent": "own"}}, None),
        ("metadata", {"metadata": {str(n): n for n in range(100)}}, None),
        ("metadata", {"metadata": "text"}, None),
        ("reference_id", {"amount": 1}, {"amount": 1, "reference_id": MARK}),
        ("reference_id", {"reference_id": "R-1"}, None),
        (
            "order_template.metadata",
            {"order_template": {"currency": "MXN"}},
            {"order_template": {"currency": "MXN", "metadata": {"mcp_intent": MARK}}},
        ),
        ("order_template.metadata", {"name": "x"}, None),
    ],
)
def test_a_mark_is_written_beside_what_the_merchant_has_and_never_over_it(
    place: MarkPlace, body: Any, written: Any
) -> None:
    before = json.dumps(body)
    assert marked(body, place) == written
    assert json.dumps(body) == before


def test_one_key_more_than_99_still_fits() -> None:
    full = {str(n): n for n in range(99)}
    assert marked({"metadata": full}, "metadata") == {"metadata": {**full, "mcp_intent": MARK}}


@pytest.mark.parametrize(
    ("place", "row", "found"),
    [
        ("metadata", {"metadata": {"mcp_intent": MARK}}, True),
        ("metadata", {"metadata": {"mcp_intent": OTHER}}, False),
        ("metadata", {"reference_id": MARK}, False),
        ("metadata", {"metadata": None}, False),
        ("reference_id", {"reference_id": MARK}, True),
        ("reference_id", {"metadata": {"mcp_intent": MARK}}, False),
        ("order_template.metadata", {"metadata": {"mcp_intent": MARK}}, True),
        ("order_template.metadata", {"order_template": {"metadata": {"mcp_intent": MARK}}}, True),
        ("order_template.metadata", {"order_template": "x"}, False),
    ],
)
def test_a_mark_is_found_where_conekta_shows_it(place: MarkPlace, row: Any, found: bool) -> None:
    assert has_mark(row, place, MARK) is found
    assert has_mark(row, place, "") is False


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ({"metadata": {"mcp_intent": MARK}, "id": "x"}, {"id": "x"}),
        ({"metadata": {"mcp_intent": MARK, "a": 1}}, {"metadata": {"a": 1}}),
        ({"metadata": {"mcp_intent": "own"}}, {"metadata": {"mcp_intent": "own"}}),
        (
            {"data": [{"reference_id": MARK}, {"reference_id": "R-1"}]},
            {"data": [{}, {"reference_id": "R-1"}]},
        ),
        ({"body": f'{{"metadata":{{"mcp_intent":"{MARK}","a":1}}}}'}, {"body": '{"metadata":{"a":1}}'}),
        ({"body": f'{{\\"mcp_intent\\":\\"{MARK}\\"}}'}, {"body": "{}"}),
        ({"body": f'{{"mcp_intent": "{MARK[:9]}…'}, {"body": "{…"}),
        ({"body": f'{{"reference_id":"{MARK}"}}'}, {"body": '{"reference_id":""}'}),
        ({"note": "\ud800", "metadata": {"mcp_intent": MARK}}, {"note": "\ud800"}),
    ],
)
def test_no_answer_keeps_a_mark(seen: Any, shown: Any) -> None:
    assert hide_marks(seen) == shown == remove_mark(seen)


def test_an_answer_without_a_mark_is_passed_on_as_it_is() -> None:
    answer = {"id": "ord_1", "metadata": {}}
    assert hide_marks(answer) is answer


@pytest.mark.parametrize("place", ["metadata", "reference_id"])
@pytest.mark.parametrize("tool", ["create_customer", "update_customer", "create_charge", "update_charge"])
def test_a_mark_that_was_copied_is_no_value_of_the_callers(tool: str, place: str) -> None:
    fields = TOOLS[tool].input.model_fields
    if place not in fields:
        return
    copied: Any = {"mcp_intent": MARK, "cart": "7"} if place == "metadata" else MARK
    with pytest.raises(ValidationError, match="not a mark of this server"):
        TOOLS[tool].input.model_validate({**TOOLS[tool].example, place: copied})
    own: Any = {"mcp_intent": "own", "cart": "mcp_7"} if place == "metadata" else "mcp_7"
    assert getattr(TOOLS[tool].input.model_validate({**TOOLS[tool].example, place: own}), place) == own
