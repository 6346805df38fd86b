"""The app of `conekta-mcp listen`, which only receives webhooks, and pins their keys at the start."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conekta_mcp.errors import Failure
from conekta_mcp.events.receiver import Receiver
from conekta_mcp.server.http.gate import HEALTH_PATH
from conekta_mcp.server.http.paths import PathGate
from conekta_mcp.server.http.webhooks.gate import WebhookGate
from conekta_mcp.settings.webhooks import WEBHOOK_PATH

PIN_SECONDS = 10.0

log = logging.getLogger(__name__)


async def pin_keys(receiver: Receiver) -> None:
    """Pin the webhook keys before the first webhook; if that fails, the first webhook tries again."""
    try:
        await receiver.keys.pin_all()
    except Failure as failure:
        log.warning("webhook keys cannot be read yet: %s", failure)


def create_listening_app(receiver: Receiver, root_path: str) -> Starlette:
    """Return an app that only receives webhooks."""

    async def answer_health_check(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # Servers beside it ask the store whose webhooks come. Where Conekta takes longer it starts all the
        # same, and pins at the first webhook.
        with anyio.move_on_after(PIN_SECONDS):
            await pin_keys(receiver)
        yield

    gates = [
        Middleware(PathGate, prefix=root_path, known=(HEALTH_PATH, WEBHOOK_PATH)),
        Middleware(WebhookGate, receiver=receiver),
    ]
    return Starlette(routes=[Route(HEALTH_PATH, answer_health_check)], lifespan=lifespan, middleware=gates)
