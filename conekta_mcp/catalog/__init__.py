"""The vocabulary of declarations: tools, endpoints, risk, toolsets and the types of inputs."""

from conekta_mcp.catalog.effect import Care, Kind, Proof, Stakes
from conekta_mcp.catalog.endpoint import (
    DELETE,
    GET,
    PATCH,
    POST,
    PUT,
    Endpoint,
    Request,
)
from conekta_mcp.catalog.inputs import (
    Changing,
    Detailed,
    Input,
    Listing,
    Part,
)
from conekta_mcp.catalog.resource import Named, Names, Readable
from conekta_mcp.catalog.risk import Risk
from conekta_mcp.catalog.sender import Sender
from conekta_mcp.catalog.server_arguments import Own, own_names
from conekta_mcp.catalog.tool import (
    Curated,
    Deferred,
    Operation,
    Tool,
    Workflow,
)
from conekta_mcp.catalog.toolset import Toolset

__all__ = [
    "DELETE",
    "GET",
    "PATCH",
    "POST",
    "PUT",
    "Care",
    "Changing",
    "Curated",
    "Deferred",
    "Detailed",
    "Endpoint",
    "Input",
    "Kind",
    "Listing",
    "Named",
    "Names",
    "Operation",
    "Own",
    "Part",
    "Proof",
    "Readable",
    "Request",
    "Risk",
    "Sender",
    "Stakes",
    "Tool",
    "Toolset",
    "Workflow",
    "own_names",
]
