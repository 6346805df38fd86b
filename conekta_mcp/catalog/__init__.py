"""The types of declarations: tools, endpoints, risk, toolsets and types of arguments."""

from conekta_mcp.catalog.effect import (
    Effect,
    EffectKind,
    LostWrite,
    MarkPlace,
    Recurrence,
    Verification,
    WriteHandler,
)
from conekta_mcp.catalog.endpoint import (
    DELETE,
    GET,
    LIST,
    PATCH,
    POST,
    PUT,
    AnswerShape,
    Endpoint,
    ObjectKind,
    Request,
)
from conekta_mcp.catalog.inputs import (
    ChangeInput,
    DetailInput,
    Input,
    ListInput,
    Part,
)
from conekta_mcp.catalog.resource import ListedResource, ResourceDeclaration, ResourcePage
from conekta_mcp.catalog.risk import Risk
from conekta_mcp.catalog.sender import PaymentNews, Reader, Sender
from conekta_mcp.catalog.server_arguments import ServerArguments, list_server_arguments
from conekta_mcp.catalog.tool import (
    CuratedResult,
    DeferredTool,
    Operation,
    Quotation,
    RefusalExplanation,
    Report,
    Tool,
    Workflow,
    echo_deletion,
)
from conekta_mcp.catalog.toolset import Toolset

__all__ = [
    "DELETE",
    "GET",
    "LIST",
    "PATCH",
    "POST",
    "PUT",
    "AnswerShape",
    "ChangeInput",
    "CuratedResult",
    "DeferredTool",
    "DetailInput",
    "Effect",
    "EffectKind",
    "Endpoint",
    "Input",
    "ListInput",
    "ListedResource",
    "LostWrite",
    "MarkPlace",
    "ObjectKind",
    "Operation",
    "Part",
    "PaymentNews",
    "Quotation",
    "Reader",
    "Recurrence",
    "RefusalExplanation",
    "Report",
    "Request",
    "ResourceDeclaration",
    "ResourcePage",
    "Risk",
    "Sender",
    "ServerArguments",
    "Tool",
    "Toolset",
    "Verification",
    "Workflow",
    "WriteHandler",
    "echo_deletion",
    "list_server_arguments",
]
