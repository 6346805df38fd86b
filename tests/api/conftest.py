"""Calls a read tool or a write tool, and returns the complete error."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from conekta_mcp.api.retries import RetryPolicy

Error = dict[str, Any]
Told = Callable[..., Awaitable[Error]]


@pytest.fixture
def told(client_for: Any, arguments: Any) -> Told:
    """Call `tool` against `answer`, with one attempt only, and give `error`."""

    async def call(tool: str, answer: Any, *, mode: str = "auto", **settings: Any) -> Error:
        async with client_for(answer, mode=mode, pace=RetryPolicy(attempts=1), **settings) as (client, sent):
            result = await client.call_tool(tool, arguments[tool])
        assert (len(sent), result.is_error) == (1, True)
        assert list(result.structured_content) == ["error"]
        error: Error = result.structured_content["error"]
        shown = error.get("message") or error.get("debug_message") or error["type"]
        status = f" (HTTP {error['http_status']})" if "http_status" in error else ""
        assert result.content[0].text.splitlines()[0] == f"Error{status}: {shown}"
        return error

    return call
