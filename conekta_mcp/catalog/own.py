"""The arguments that are for this server and never sent: what one call adds to its tool's own."""

from collections.abc import Collection
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
Approval = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(shaped("approval", "[!-~]{1,100}", "the token of a preview")),
]
SERVED_HERE = {Toolset.DISCOVERY, Toolset.SANDBOX}


class Own(Part):
    """What this server is told about a call, besides what Conekta is asked."""

    idempotency_key: Annotated[Maybe[IdempotencyKey], Field(description="One intent; repeat it to retry")] = (
        None
    )
    approval: Annotated[
        Maybe[Approval], Field(description="Token of a preview, once the person said yes to it")
    ] = None
    profile: Annotated[Maybe[str], Field(description="Which account")] = None


def own_names(tool: Tool[Any], on: Collection[str] = ()) -> tuple[str, ...]:
    """Name the arguments of `Own` that `tool` takes; `on` names those that the operator switched on.

    What a second call would do again has an intent; what writes to Conekta can be approved; what reaches
    Conekta has an account.
    """
    account = ("profile",) if "profile" in on and tool.toolset is not Toolset.DISCOVERY else ()
    if tool.risk.read_only or tool.toolset in SERVED_HERE:
        return account
    intent = () if tool.idempotent else ("idempotency_key",)
    return (*intent, *(name for name in ("approval",) if name in on), *account)
