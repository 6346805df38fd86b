"""The ASGI app: every domain's endpoints over one ledger."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conekta_mcp.sandbox import (
    cards,
    clock,
    customers,
    faults,
    fiscal_entities,
    history,
    orders,
    payment_sources,
    payments,
    reasons,
    shipping_contacts,
)
from conekta_mcp.sandbox.account import Json
from conekta_mcp.sandbox.answers import json_response
from conekta_mcp.sandbox.endpoints import Call, Endpoint
from conekta_mcp.sandbox.ledger import Ledger
from conekta_mcp.sandbox.media_types import echo
from conekta_mcp.sandbox.policies import DEFAULT_VERSION
from conekta_mcp.sandbox.service import Service, no_such_route

API: tuple[Endpoint, ...] = (
    *customers.ENDPOINTS,
    *payment_sources.ENDPOINTS,
    *shipping_contacts.ENDPOINTS,
    *fiscal_entities.ENDPOINTS,
    *orders.ENDPOINTS,
)
CONTROLS: tuple[Endpoint, ...] = (
    *cards.ENDPOINTS,
    *clock.ENDPOINTS,
    *payments.ENDPOINTS,
    *faults.ENDPOINTS,
    *history.ENDPOINTS,
)
ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_sandbox(ledger: Ledger) -> Starlette:
    """An offline Conekta that keeps everything it knows in `ledger`."""
    service = Service(ledger)
    routes = [_route(service, endpoint) for endpoint in (*API, *CONTROLS)]
    unknown = Route("/{path:path}", _served(service, no_such_route), methods=ANY_METHOD)
    return Starlette(routes=[*routes, unknown], exception_handlers={Exception: _general_failure})


def _route(service: Service, endpoint: Endpoint) -> Route:
    return Route(endpoint.path, _served(service, endpoint.handler), methods=[endpoint.method])


def _served(service: Service, handler: Callable[[Call], Json]) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return await service.answer(request, handler)

    return serve


async def _general_failure(_request: Request, _exc: Exception) -> Response:
    detail = reasons.general_failure().told("es")
    body: Json = {"details": [detail], "object": "error", "type": "api_error", "log_id": None}
    return json_response(500, body, echo(DEFAULT_VERSION))
