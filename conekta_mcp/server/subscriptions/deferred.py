"""Registers subscriptions with a server; their code is imported at the first subscription."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import (
    EmptyResult,
    SubscribeRequestParams,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
    UnsubscribeRequestParams,
)

if TYPE_CHECKING:
    from conekta_mcp.events.inbound import InboundEvents
    from conekta_mcp.server.mcp_server import ConektaServer
    from conekta_mcp.server.subscriptions.serving import Subscriptions

Context = ServerRequestContext[Any, Any]


class DeferredSubscriptions:
    """The subscriptions of `server`; see `Subscriptions`, and `SubscriptionGate` for `receives`."""

    def __init__(
        self,
        server: ConektaServer,
        open_events: Callable[[], InboundEvents],
        *,
        tells_lists: bool,
        receives: bool,
    ) -> None:
        self._server, self._open_events = server, open_events
        self._tells_lists, self._receives = tells_lists, receives
        self._observed = {"resources/list", "subscriptions/listen"}
        self._observed |= {"initialize"} if tells_lists else set()

    def install(self) -> None:
        """Handle two requests that the SDK leaves to its users, and streams with our own bus."""
        server = self._server._lowlevel_server
        server.add_request_handler("resources/subscribe", SubscribeRequestParams, self._subscribe)
        server.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, self._unsubscribe)
        server.add_request_handler("subscriptions/listen", SubscriptionsListenRequestParams, self._listen)
        server.middleware.append(self._observe)

    @cached_property
    def _subscriptions(self) -> Subscriptions:
        from conekta_mcp.server.subscriptions.gate import SubscriptionGate
        from conekta_mcp.server.subscriptions.serving import Subscriptions

        gate = SubscriptionGate(self._server._resources, receives=self._receives)
        return Subscriptions(gate, self._open_events, tells_lists=self._tells_lists)

    async def _observe(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        if ctx.method in self._observed:
            return await self._subscriptions.observe(ctx, call_next)
        return await call_next(ctx)

    async def _subscribe(self, ctx: Context, params: SubscribeRequestParams) -> EmptyResult:
        return await self._subscriptions.subscribe(ctx, params)

    async def _unsubscribe(self, ctx: Context, params: UnsubscribeRequestParams) -> EmptyResult:
        return await self._subscriptions.unsubscribe(ctx, params)

    async def _listen(
        self, ctx: Context, params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        return await self._subscriptions.listen(ctx, params)
