"""The key of the HTTP request at hand, as the gate told the SDK."""

from mcp.server.auth.middleware.auth_context import get_access_token

from conekta_mcp.accounts.active_account import RequestKey

OPERATOR_SCOPE = "operator"
"""The scope of a request without a key, which the operator's profiles stand in for."""


def read_request_key() -> RequestKey | None:
    """Return the key of this request; None over stdio."""
    token = get_access_token()
    return RequestKey(token.token, OPERATOR_SCOPE in token.scopes) if token else None
