"""A short run of `make client-calls`, and a check that its judge finds differences."""

import pytest
from mcp.types import CallToolResult, TextContent

from tests.client_calls.run import find_answer_fault, play


@pytest.mark.system
def test_calls_as_client_layers_send_them_do_what_was_meant() -> None:
    report = play(count=150, chance=3)
    assert [one for found in report.faults.values() for one in found] == []
    assert report.calls == 150
    # Some do something, and some are refused.
    assert report.sent > 50
    assert 0 < report.outcomes["answered"] < 150


WHOLE = {"type": "invalid_request_error", "code": "x", "message": "y", "retryable": False}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (CallToolResult(content=[TextContent(text="x")]), "structured content is None"),
        (CallToolResult(content=[], structured_content={"id": "x"}), "no text"),
        (
            CallToolResult(content=[TextContent(text="x")], structured_content={"error": {}}, is_error=True),
            "an error without ['code', 'message', 'retryable', 'type']: {}",
        ),
        (
            CallToolResult(
                content=[TextContent(text="x")],
                structured_content={"error": {**WHOLE, "type": "internal_error"}},
                is_error=True,
            ),
            f"a defect: {WHOLE | {'type': 'internal_error'}}",
        ),
        (
            CallToolResult(
                content=[TextContent(text="x")], structured_content={"error": WHOLE}, is_error=True
            ),
            None,
        ),
    ],
)
def test_the_judge_sees_what_a_client_would_miss(answer: CallToolResult, fault: str | None) -> None:
    assert find_answer_fault(answer) == fault
