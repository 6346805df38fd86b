"""Checks each HTTP request before MCP sees it: a known Host and Origin, and an API key."""

import re

from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.pages.inbox.requests import INBOX_PATH
from conekta_mcp.redaction import fingerprint_key, to_error_text
from conekta_mcp.server.http.sessions.requests import identify_caller
from conekta_mcp.server.request_key import OPERATOR_SCOPE
from conekta_mcp.server.tools.request_selection import find_invalid_selection
from conekta_mcp.settings import Settings

BEARER = re.compile(r"Bearer +(key_[A-Za-z0-9_-]{1,200})", re.IGNORECASE)
KEY = re.compile(r"\bkey_[A-Za-z0-9_-]+")
KEY_HEADER = re.compile("auth|token|secret|conekta|^(?!idempotency|sec-).*key")
"""In the names of headers in which keys are sent elsewhere."""
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
FORWARDING = frozenset(
    {
        "cdn-loop", "front-end-https", "max-forwards", "proxy-connection", "surrogate-capability", "via",
        "x-arr-log-id", "x-arr-ssl", "x-cache", "x-cloud-trace-context", "x-host", "x-http-host-override",
        "x-nginx-proxy", "x-remote-user", "x-request-start", "x-scheme", "x-varnish",
    }
)  # fmt: skip
FORWARDING_PARTS = re.compile(
    "forwarded|client-?ip|real-?ip|remote-?(?:ip|addr)|user-?ip|connecting-?ip|client-connection|proxyuser"
    "|^(?:akamai|cf|fly|ngrok|fastly|tailscale"
    "|x-(?:akamai|amz|amzn|appengine|azure|envoy|nf|original|sourcegraph|tailscale|vercel))-"
)
"""Words in the names of headers that proxies and tunnels add."""
HEALTH_PATH = "/healthz"
SEND_KEY_HINT = "Send the private key of your Conekta account: Authorization: Bearer key_..."


class KeyGate:
    """Lets requests with a Conekta key pass; `own_key` replaces a missing one on a loopback bind only."""

    def __init__(self, app: ASGIApp, security: TransportSecuritySettings, own_key: str | None) -> None:
        self._app = AuthContextMiddleware(app)
        self._security = TransportSecurityMiddleware(security)
        self._own_key = own_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == HEALTH_PATH:
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": [_spell_small(pair) for pair in scope["headers"]]}
        if scope["path"] == INBOX_PATH or scope["path"].startswith(f"{INBOX_PATH}/"):
            # The inbox: people sign in there, and no key is accepted. Its forms check their own origin.
            refused = await self._security.validate_request(Request(_remove_origin(scope)))
            await (refused or self._app)(scope, receive, send)
            return
        request = Request(scope, receive)
        refusal = (
            await self._security.validate_request(request)
            or self._authenticate_request(scope)
            or refuse_invalid_selection(request)
        )
        await (refusal or self._app)(scope, receive, send)

    def _authenticate_request(self, scope: Scope) -> Response | None:
        """Add the caller to `scope`, or return the refusal."""
        headers = Headers(scope=scope)
        if (problem := find_second_key(headers)) is not None:
            return _refuse_request(problem)
        header = headers.get("authorization")
        sent = header is not None
        found = BEARER.fullmatch(header.strip()) if header else None
        key = found.group(1) if found else None if sent or not is_local_caller(scope) else self._own_key
        if key is None:
            return build_unauthorized_response(sent=sent)
        scope["user"] = identify_caller(fingerprint_key(key), key, () if sent else (OPERATOR_SCOPE,))
        return None


def _spell_small(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Convert Host and Origin to lower case, as the allowed ones are compared."""
    return (pair[0], pair[1].lower()) if pair[0] in {b"host", b"origin"} else pair


def _remove_origin(scope: Scope) -> Scope:
    """Return a scope without Origin, since browsers send Origin: null with the forms of our pages."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"origin"]}


def refuse_invalid_selection(request: Request) -> Response | None:
    """Refuse a request whose header or query narrows the tools in an unknown way."""
    # session_id is the SSE transport's own parameter, which the SDK puts into the address of messages.
    own = {"session_id"} if request.scope["path"].rstrip("/").endswith("/messages") else set[str]()
    # Few requests have a query, and it takes time to read even none.
    asked = request.query_params.multi_items() if request.scope["query_string"] else []
    query = [(name, text) for name, text in asked if name not in own]
    problem = find_invalid_selection(request.headers.items(), query)
    if problem is None:
        return None
    return _refuse_request(problem)


def _refuse_request(problem: str) -> Response:
    return JSONResponse({"error": "invalid_request", "error_description": problem}, status_code=400)


def find_second_key(headers: Headers) -> str | None:
    """Return a message if a request has a key twice, or in another place; no key is guessed."""
    if len(headers.getlist("authorization")) > 1:
        return "header authorization is there twice"
    sent = headers.get("authorization", "")
    for name, text in headers.items():
        key = KEY.search(text) if name != "authorization" and KEY_HEADER.search(name) else None
        if key is not None and key.group() not in sent:
            return f"the key is not read from {to_error_text(name)}: send it as Authorization: Bearer key_..."
    return None


def is_local_caller(scope: Scope) -> bool:
    """Tell whether no header shows that a request comes from another machine or site.

    The peer's address alone is not enough: through a reverse proxy or a tunnel, every stranger looks local.
    """
    # nginx forwards requests as HTTP/1.0, with this server's Host and no other sign of a proxy.
    if scope.get("http_version") == "1.0":
        return False
    headers = Headers(scope=scope)
    if len(headers.getlist("host")) != 1 or len(headers.getlist("origin")) > 1:
        return False
    # A browser's request for a page of another site; allowed pages send their Origin.
    if "origin" not in headers and headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return False
    if any(name in FORWARDING or FORWARDING_PARTS.search(name) for name in headers):
        return False
    host = headers.get("host", "")
    return re.sub(r":\d*$", "", host).lower() in LOCAL_HOSTS


def build_unauthorized_response(*, sent: bool) -> Response:
    error = 'error="invalid_token", ' if sent else ""
    return JSONResponse(
        {"error": "invalid_token" if sent else "missing_token", "error_description": SEND_KEY_HINT},
        status_code=401,
        headers={
            "WWW-Authenticate": f'Bearer realm="conekta-mcp", {error}error_description="{SEND_KEY_HINT}"'
        },
    )


def refuse_remote_start(settings: Settings) -> None:
    """Raise ConfigurationError for features that only local callers may use on a public bind."""
    local = {"--profile": settings.profiles or settings.profiles_file, "--files": settings.files_folder}
    if settings.is_loopback:
        return
    for flag in (flag for flag, text in local.items() if text):
        raise ConfigurationError(f"{flag} serves stdio and loopback only, not --host {settings.host}")


def build_security_settings(
    allowed_hosts: tuple[str, ...], allowed_origins: tuple[str, ...]
) -> TransportSecuritySettings:
    """Return settings that accept this machine's names and the allowed ones, with any port."""
    hosts = [*LOCAL_HOSTS, *(host.lower() for host in allowed_hosts)]
    origins = [f"{scheme}://{host}" for host in LOCAL_HOSTS for scheme in ("http", "https")]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=_add_ports(hosts),
        allowed_origins=_add_ports([*origins, *(origin.rstrip("/").lower() for origin in allowed_origins)]),
    )


def _add_ports(names: list[str]) -> list[str]:
    # In the SDK "host:*" matches only with a port.
    return [spelled for name in names for spelled in (name, f"{name}:*")]
