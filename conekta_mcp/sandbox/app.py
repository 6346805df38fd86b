"""The sandbox's ASGI app: every API endpoint and every control, over one ledger."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conekta_mcp.sandbox import clock
from conekta_mcp.sandbox.antifraud import rules as antifraud_rules
from conekta_mcp.sandbox.balance import balances
from conekta_mcp.sandbox.chargebacks import chargeback_files, chargebacks
from conekta_mcp.sandbox.companies import api_keys, companies
from conekta_mcp.sandbox.controls import faults, link_payments, payments
from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.ledger import Ledger
from conekta_mcp.sandbox.customers import customer_changes, customers
from conekta_mcp.sandbox.http import history
from conekta_mcp.sandbox.http.browsers import TokenizerGate
from conekta_mcp.sandbox.http.endpoints import Endpoint, Handler
from conekta_mcp.sandbox.http.media_types import echo_version
from conekta_mcp.sandbox.http.responses import make_json_response
from conekta_mcp.sandbox.instruments import cards, installments
from conekta_mcp.sandbox.latency import Latency, draw_nothing
from conekta_mcp.sandbox.orders import (
    captures,
    order_changes,
    order_charges,
    order_line_changes,
    orders,
    refunds,
)
from conekta_mcp.sandbox.payment_links import checkouts, tokens
from conekta_mcp.sandbox.payouts import payout_endings, payout_orders
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.policies import DEFAULT_VERSION
from conekta_mcp.sandbox.service import Service, Sleep, refuse_unknown_route
from conekta_mcp.sandbox.subscriptions import customer_portals, customer_subscription, plans, subscriptions
from conekta_mcp.sandbox.webhooks import (
    deliveries,
    events,
    logs,
    webhook_keys,
    webhooks,
)
from conekta_mcp.sandbox.webhooks.webhook_sender import WebhookSender

API: tuple[Endpoint, ...] = (
    *customers.ENDPOINTS,
    *customer_changes.ENDPOINTS,
    *orders.ENDPOINTS,
    *order_changes.ENDPOINTS,
    *order_line_changes.ENDPOINTS,
    *order_charges.ENDPOINTS,
    *captures.ENDPOINTS,
    *refunds.ENDPOINTS,
    *checkouts.ENDPOINTS,
    *tokens.ENDPOINTS,
    *installments.ENDPOINTS,
    *plans.ENDPOINTS,
    *subscriptions.ENDPOINTS,
    *customer_subscription.ENDPOINTS,
    *customer_portals.ENDPOINTS,
    *antifraud_rules.ENDPOINTS,
    *api_keys.ENDPOINTS,
    *events.ENDPOINTS,
    *webhooks.ENDPOINTS,
    *webhook_keys.ENDPOINTS,
    *logs.ENDPOINTS,
    *balances.ENDPOINTS,
    *payout_orders.ENDPOINTS,
    *payout_endings.ENDPOINTS,
    *companies.ENDPOINTS,
    *chargeback_files.ENDPOINTS,
)
CONTROLS: tuple[Endpoint, ...] = (
    *cards.ENDPOINTS,
    *clock.ENDPOINTS,
    *payments.ENDPOINTS,
    *refunds.CONTROLS,
    *link_payments.ENDPOINTS,
    *tokens.CONTROLS,
    *balances.CONTROLS,
    *payout_endings.CONTROLS,
    *chargebacks.CONTROLS,
    *faults.ENDPOINTS,
    *history.ENDPOINTS,
    *deliveries.ENDPOINTS,
)
ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_sandbox(
    ledger: Ledger,
    webhook_sender: WebhookSender | None = None,
    latency: Latency = draw_nothing,
    sleep: Sleep = anyio.sleep,
) -> Starlette:
    """Build the app over `ledger`; `webhook_sender` delivers its webhooks, `latency` makes API requests wait.

    The timer runs only under a server; in process, what is due waits for the next request.
    """
    service = Service(ledger, webhook_sender or WebhookSender(ledger), latency, sleep)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(service.run_timer)
            yield
            tasks.cancel_scope.cancel()

    app = Starlette(
        routes=_make_routes(),
        exception_handlers={Exception: _answer_failure},
        middleware=[Middleware(TokenizerGate)],
        lifespan=lifespan,
    )
    app.state.service = service
    return app


@cache
def _make_routes() -> tuple[Route, ...]:
    """Make the routes of all apps, once: to compile their paths takes longer than many a request."""
    routes = [_make_route(endpoint) for endpoint in (*API, *CONTROLS)]
    # This one matches every path, so it comes last.
    return *routes, Route("/{path:path}", _make_endpoint(refuse_unknown_route), methods=ANY_METHOD)


def _make_route(endpoint: Endpoint) -> Route:
    # Deliveries are awaited outside of the ledger's transaction: a webhook's handler may call the sandbox.
    waits = endpoint.handler is deliveries.report_attempts
    serve = _deliver_webhooks if waits else _make_endpoint(endpoint.handler, endpoint.status)
    return Route(endpoint.path, serve, methods=[endpoint.method])


def _make_endpoint(handler: Handler, status: int = 200) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return await _get_service(request).answer(request, handler, status)

    return serve


async def _deliver_webhooks(request: Request) -> Response:
    return await _get_service(request).deliver_webhooks(request)


def _get_service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _answer_failure(_request: Request, _exc: Exception) -> Response:
    detail = reasons.general_failure().to_json("es")
    body: Json = {"details": [detail], "object": "error", "type": "api_error", "log_id": None}
    return make_json_response(500, body, echo_version(DEFAULT_VERSION))
