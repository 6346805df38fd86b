"""The arguments that are for this server and never sent: what one call adds to its tool's own."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from conekta_mcp.catalog.fields import Maybe, shaped
from conekta_mcp.catalog.inputs import Part
from conekta_mcp.catalog.tool import Tool
from conekta_mcp.catalog.toolset import Toolset

IdempotencyKey = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(shaped("key", "[!-~]{1,64}", "1-64 visible ASCII characters without spaces")),
]
SERVED_HERE = {Toolset.DISCOVERY, Toolset.SANDBOX}


class Own(Part):
    """What this server is told about a call, besides what Conekta is asked."""

    idempotency_key: Annotated[Maybe[IdempotencyKey], Field(description="One intent; repeat it to retry")] = (
        None
    )


def own_names(tool: Tool[Any]) -> tuple[str, ...]:
    """Name the arguments of `Own` that `tool` takes: what a second call would do again has an intent."""
    harmless = tool.risk.read_only or tool.idempotent or tool.toolset in SERVED_HERE
    return () if harmless else ("idempotency_key",)
