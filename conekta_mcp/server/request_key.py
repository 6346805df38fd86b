"""Reads the API key that the HTTP gate accepted for the current request."""

from mcp.server.auth.middleware.auth_context import get_access_token

from conekta_mcp.accounts.active_account import RequestKey

OPERATOR_SCOPE = "operator"
"""The scope of a request without a key, for which the operator's profiles apply."""


def read_request_key() -> RequestKey | None:
    """Return the key of this request; None over stdio."""
    token = get_access_token()
    return RequestKey(token.token, OPERATOR_SCOPE in token.scopes) if token else None
