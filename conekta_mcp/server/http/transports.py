"""Builds the HTTP app: streamable HTTP, SSE or both in one process, and the health check."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from conekta_mcp.events.receiver import Receiver
from conekta_mcp.pages.inbox.requests import INBOX_PATH
from conekta_mcp.server.departures import DepartureNoter
from conekta_mcp.server.http.bodies import BodyGate
from conekta_mcp.server.http.cross_origin import CrossOriginGate
from conekta_mcp.server.http.gate import HEALTH_PATH, KeyGate
from conekta_mcp.server.http.paths import PathGate
from conekta_mcp.server.http.sessions.bounds import Sessions
from conekta_mcp.server.http.sessions.gate import SessionGate, keep_ending_idle_sessions
from conekta_mcp.server.http.sessions.requests import MCP_PATH, MESSAGES_PATH, SSE_PATH
from conekta_mcp.server.http.starts import StartGate
from conekta_mcp.server.http.webhooks.gate import WebhookGate
from conekta_mcp.server.http.webhooks.listening_app import pin_keys
from conekta_mcp.settings import Settings
from conekta_mcp.settings.webhooks import WEBHOOK_PATH


def create_http_app(
    server: MCPServer,
    transports: tuple[str, ...],
    security: TransportSecuritySettings,
    own_key: str | None,
    sessions: Sessions | None = None,
    inbox: Sequence[BaseRoute] = (),
    webhooks: Receiver | None = None,
) -> Starlette:
    """Return the app: /mcp (streamable-http), /sse and /messages/ (sse) as asked, `inbox`, /healthz.

    `webhooks` receives what Conekta posts to /webhooks/conekta.
    """
    counted = sessions or Sessions(Settings())
    origins, root_path = counted.settings.allowed_origins, counted.settings.root_path
    # Routes are taken out of the SDK's apps, so that one gate and one lifespan serve both transports.
    routes: list[BaseRoute] = [Route(HEALTH_PATH, answer_health_check), *inbox]
    streamable = "streamable-http" in transports
    if streamable:
        # Our own bounds know whose session it is; the SDK's would count all alike.
        routes += server.streamable_http_app(
            transport_security=security, max_sessions=None, session_idle_timeout=None
        ).routes
    if "sse" in transports:
        # The SDK tells clients where to send messages; a proxy takes the prefix off before they arrive.
        told = f"{root_path}{MESSAGES_PATH}"
        made = server.sse_app(transport_security=security, message_path=told).routes
        routes += [Mount(MESSAGES_PATH, app=one.app) if isinstance(one, Mount) else one for one in made]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if streamable:
                # The SDK's own app would start its session manager; outside of it we have to.
                await stack.enter_async_context(server.session_manager.run())
            sweeping = await stack.enter_async_context(anyio.create_task_group())
            sweeping.start_soon(keep_ending_idle_sessions, counted)
            if webhooks:
                sweeping.start_soon(pin_keys, webhooks)
            yield
            sweeping.cancel_scope.cancel()

    known = [HEALTH_PATH]
    known += [MCP_PATH] if streamable else []
    known += [SSE_PATH, MESSAGES_PATH.rstrip("/")] if "sse" in transports else []
    known += [INBOX_PATH, f"{INBOX_PATH}/*"] if inbox else []
    known += [WEBHOOK_PATH] if webhooks else []
    gates = [
        # Outside of PathGate: browsers send preflight requests for unknown paths too.
        Middleware(CrossOriginGate, origins=origins),
        Middleware(PathGate, prefix=root_path, known=tuple(known)),
        *([Middleware(WebhookGate, receiver=webhooks)] if webhooks else []),
        Middleware(DepartureNoter),
        Middleware(KeyGate, security=security, own_key=own_key),
        # Before BodyGate, which drops the request of a client that left while it waited.
        Middleware(StartGate),
        Middleware(BodyGate),
        Middleware(SessionGate, sessions=counted),
    ]
    return Starlette(routes=routes, lifespan=lifespan, middleware=gates)


async def answer_health_check(_: Request) -> JSONResponse:
    # Conekta is not asked: when it is down, restarting this process would not help.
    return JSONResponse({"status": "ok"})
