"""Checks the rows of operations: the request and the answer, compared as a whole."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.domains.row import Row, told
from tests.tables import as_objects, without_mode

Check = Callable[[Row], Awaitable[None]]


@pytest.fixture
def check(client_for: Any) -> Check:
    """Call the row's tool, and compare what left and what came back."""

    async def checked(row: Row) -> None:
        sandbox = row.tool == "simulate_payment"
        async with client_for(row.router.async_handler, sandbox=sandbox) as (client, sent):
            result = await client.call_tool(row.tool, row.given)
        assert as_objects(without_mode(result.structured_content)) == row.answer
        assert [told(request) for request in sent] == [(row.request, row.body)]
        assert ("content-type" in sent[0].headers) is (row.body is not None)

    return checked
