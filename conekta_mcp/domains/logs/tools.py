"""Tools for the log of API requests and their answers (conekta-api.md 4.10)."""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import (
    GET,
    Input,
    ListInput,
    Operation,
    Quotation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId, SpanishText, Text
from conekta_mcp.domains.logs.results import Log, LogRow
from conekta_mcp.results.page import Page

LOGGED = Quotation(
    lambda log: str(log.get("url") or ""),
    ("query_string", "request_body", "request_headers", "response_body", "response_headers"),
)


class ListLogsInput(ListInput):
    search: Annotated[
        Maybe[Text],
        Field(description="Such as an object's id"),
        SpanishText("por ejemplo el id de un objeto"),
    ] = None


# Bodies hold personal data: rows leave them out, and a single log has them cut, without card data and keys.
# There is no `detail` that would show more.
list_logs = Operation(
    name="list_logs",
    title="List API requests",
    title_es="Listar solicitudes a la API",
    endpoint=GET("/logs"),
    risk=Risk.READ,
    toolset=Toolset.LOGS,
    description=(
        "List the API requests of this account, newest first, without their bodies: whether a lost call "
        "arrived, who changed what. One with its bodies: get_log."
    ),
    input=ListLogsInput,
    example={},
    output=Page[LogRow],
    card="table",
    quotes=LOGGED,
)


class GetLogInput(Input):
    log_id: Annotated[ObjectId, Field(description="log_id of an error")]


get_log = Operation(
    name="get_log",
    title="Read an API request",
    title_es="Ver una solicitud a la API",
    endpoint=GET("/logs/{log_id}"),
    risk=Risk.READ,
    toolset=Toolset.LOGS,
    description=(
        "Read what one API request sent and got, by the log_id of an error: bodies are cut and hold "
        "personal data. Without the id use list_logs."
    ),
    input=GetLogInput,
    example={"log_id": "6a0000000000000000000001"},
    output=Log,
    quotes=LOGGED,
)

TOOLS = (list_logs, get_log)
