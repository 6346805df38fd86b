"""Arguments for this server, which are never sent to Conekta: a call may have them besides its tool's."""

from collections.abc import Collection
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from conekta_mcp.catalog.fields import Maybe, require_shape
from conekta_mcp.catalog.inputs import ListInput, Part
from conekta_mcp.catalog.tool import Tool
from conekta_mcp.catalog.toolset import Toolset

IdempotencyKey = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(
        require_shape(
            "key",
            r"(?!.*key_[0-9A-Za-z]{16})[!-~]{1,64}",
            "1-64 visible ASCII characters without spaces, and no API key",
        )
    ),
]
Approval = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(require_shape("approval", "[!-~]{1,100}", "the token of a preview")),
]
LOCAL_TOOLSETS = {Toolset.DISCOVERY, Toolset.SANDBOX}


MAX_ITEMS = 1000
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ServerArguments(Part):
    """What a call says to this server, besides the arguments for Conekta."""

    idempotency_key: Annotated[Maybe[IdempotencyKey], Field(description="Same for a retry")] = None
    max_items: Annotated[Maybe[int], Field(ge=1, le=MAX_ITEMS, description="Over many pages")] = None
    fields: Annotated[Maybe[list[FieldName]], Field(min_length=1, description="Columns")] = None
    detail: Annotated[Literal["lean", "full"], Field(description="full: whole objects")] = "lean"
    approval: Annotated[
        Maybe[Approval], Field(description="Token of a preview, once the person said yes to it")
    ] = None
    profile: Annotated[Maybe[str], Field(description="Which account")] = None


LIST_ARGUMENTS = ("max_items", "fields", "detail")
RARE_ARGUMENTS = frozenset(LIST_ARGUMENTS)
"""Those that tools/list leaves out; the instructions name them once."""


def list_server_arguments(tool: Tool[Any], enabled: Collection[str] = ()) -> tuple[str, ...]:
    """Name the arguments of `Own` that `tool` takes; `on` names those that the operator switched on.

    Lists walk pages; what a second call would do again has an intent; what writes to Conekta can be
    approved; what reaches Conekta has an account.
    """
    account = ("profile",) if "profile" in enabled and tool.toolset is not Toolset.DISCOVERY else ()
    if tool.risk.read_only or tool.toolset in LOCAL_TOOLSETS:
        return (*(LIST_ARGUMENTS if issubclass(tool.input, ListInput) else ()), *account)
    intent = () if tool.idempotent else ("idempotency_key",)
    return (*intent, *(name for name in ("approval",) if name in enabled), *account)


def list_accepted_arguments(tool: Tool[Any], enabled: Collection[str] = ()) -> tuple[str, ...]:
    """Return what a call may carry: any lost write is settled by the key in its answer."""
    named = list_server_arguments(tool, enabled)
    settled_here = tool.risk.read_only or tool.toolset in LOCAL_TOOLSETS or "idempotency_key" in named
    return named if settled_here else (*named, "idempotency_key")
