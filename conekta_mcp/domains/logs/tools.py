"""Logs: what was asked of the API and what it said (conekta-api.md 4.10).

Bodies hold personal data: rows leave them out, and one log has them cut, without card data and keys; there is
no `detail` that would show more.
"""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import (
    GET,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId, Text
from conekta_mcp.domains.logs.results import Log, LogRow
from conekta_mcp.results.page import Page


class ListLogsInput(ListInput):
    """Arguments of list_logs."""

    search: Annotated[Maybe[Text], Field(description="Such as an object's id")] = None


list_logs = Operation(
    name="list_logs",
    title="List API requests",
    endpoint=GET("/logs"),
    risk=Risk.READ,
    toolset=Toolset.LOGS,
    description=(
        "List the API requests of this account, newest first, without their bodies: whether a lost call "
        "arrived, who changed what. One with its bodies: get_log."
    ),
    input=ListLogsInput,
    output=Page[LogRow],
)


class GetLogInput(Input):
    """Arguments of get_log."""

    log_id: Annotated[ObjectId, Field(description="log_id of an error")]


get_log = Operation(
    name="get_log",
    title="Read an API request",
    endpoint=GET("/logs/{log_id}"),
    risk=Risk.READ,
    toolset=Toolset.LOGS,
    description=(
        "Read what one API request sent and got, by the log_id of an error: bodies are cut and hold "
        "personal data. Without the id use list_logs."
    ),
    input=GetLogInput,
    output=Log,
)

TOOLS = (list_logs, get_log)
