"""Checks each HTTP request before MCP sees it: a known Host and Origin, and an API key."""

import re

from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conekta_mcp.redaction import fingerprint_key
from conekta_mcp.server.request_key import OPERATOR_SCOPE

BEARER = re.compile(r"Bearer +(key_[A-Za-z0-9_-]{1,200})", re.IGNORECASE)
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
HEALTH_PATH = "/healthz"
SEND_KEY_HINT = "Send the private key of your Conekta account: Authorization: Bearer key_..."


class KeyGate:
    """Lets requests with a Conekta key pass; `own_key` replaces a missing one, on a loopback bind only."""

    def __init__(self, app: ASGIApp, security: TransportSecuritySettings, own_key: str | None) -> None:
        self._app = AuthContextMiddleware(app)
        self._security = TransportSecurityMiddleware(security)
        self._own_key = own_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == HEALTH_PATH:
            await self._app(scope, receive, send)
            return
        # Host and Origin first: a web page could reach a loopback bind, where no key is needed (DNS
        # rebinding).
        refusal = await self._security.validate_request(
            Request(scope, receive)
        ) or self._authenticate_request(scope)
        await (refusal or self._app)(scope, receive, send)

    def _authenticate_request(self, scope: Scope) -> Response | None:
        """Put the caller into `scope`, or return the refusal."""
        header = Headers(scope=scope).get("authorization")
        sent = header is not None
        found = BEARER.fullmatch(header.strip()) if header else None
        # A wrong key is refused and never replaced by the operator's: it would act for somebody else's
        # account.
        key = found.group(1) if found else None if sent else self._own_key
        if key is None:
            return build_unauthorized_response(sent=sent)
        # The SDK binds sessions and request states to this name: a fingerprint, not the key.
        name, scopes = fingerprint_key(key), [] if sent else [OPERATOR_SCOPE]
        token = AccessToken(token=key, client_id=name, subject=name, scopes=scopes)
        scope["user"] = AuthenticatedUser(token)
        return None


def build_unauthorized_response(*, sent: bool) -> Response:
    error = 'error="invalid_token", ' if sent else ""
    return JSONResponse(
        {"error": "invalid_token" if sent else "missing_token", "error_description": SEND_KEY_HINT},
        status_code=401,
        headers={
            "WWW-Authenticate": f'Bearer realm="conekta-mcp", {error}error_description="{SEND_KEY_HINT}"'
        },
    )


def build_security_settings(
    allowed_hosts: tuple[str, ...], allowed_origins: tuple[str, ...]
) -> TransportSecuritySettings:
    """Accept this machine's names and the allowed ones, with any port and without one."""
    hosts = [*LOCAL_HOSTS, *allowed_hosts]
    origins = [f"{scheme}://{host}" for host in LOCAL_HOSTS for scheme in ("http", "https")]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=_add_ports(hosts),
        allowed_origins=_add_ports([*origins, *(origin.rstrip("/") for origin in allowed_origins)]),
    )


def _add_ports(names: list[str]) -> list[str]:
    # In the SDK "host:*" matches only with a port.
    return [spelled for name in names for spelled in (name, f"{name}:*")]
