"""What a request says of its session: whose it is, which one it uses, and whether it opens one."""

import re

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from conekta_mcp.server.http.sessions.refusals import SESSION_HEADER
from conekta_mcp.server.tools.selection import ToolSelection

MCP_PATH = "/mcp"
SSE_PATH = "/sse"
MESSAGES_PATH = "/messages/"
VERSION_HEADER = "mcp-protocol-version"
LISTEN_METHOD = "subscriptions/listen"
SSE_SESSION = re.compile(rb"session_id=([0-9a-f]{32})")
"""The session in the first event of an SSE stream, the address for messages."""


def identify_caller(name: str, key: str = "", scopes: tuple[str, ...] = ()) -> AuthenticatedUser:
    """Return the SDK's type for a caller; sessions are bound to `name`, the fingerprint of the key."""
    return AuthenticatedUser(AccessToken(token=key, client_id=name, subject=name, scopes=list(scopes)))


def read_selection(scope: Scope) -> ToolSelection:
    return ToolSelection.from_request(Headers(scope=scope), QueryParams(scope["query_string"]))


def find_session_id(scope: Scope, headers: Headers) -> str | None:
    if scope["path"] == MESSAGES_PATH:
        return QueryParams(scope["query_string"]).get("session_id")
    return headers.get(SESSION_HEADER) if scope["path"] == MCP_PATH else None


def is_stream(scope: Scope, headers: Headers) -> bool:
    """Tell whether a request holds a stream open without a session of streamable HTTP."""
    if scope["path"] == SSE_PATH:
        return bool(scope["method"] == "GET")
    # The SDK refuses a request whose body has another method than this header.
    return scope["path"] == MCP_PATH and headers.get("mcp-method") == LISTEN_METHOD


def is_handshake(scope: Scope, headers: Headers) -> bool:
    """Tell whether a request without a session may open one: a POST of protocols up to 2025-11-25."""
    version = headers.get(VERSION_HEADER)
    handshake = version is None or version in HANDSHAKE_PROTOCOL_VERSIONS
    return scope["path"] == MCP_PATH and scope["method"] == "POST" and handshake
