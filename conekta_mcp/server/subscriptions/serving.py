"""Handles subscriptions: two requests of the 2025-11-25 protocol, and the stream of 2026-07-28."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mcp import MCPError
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.subscriptions import ListenHandler
from mcp.types import (
    INTERNAL_ERROR,
    EmptyResult,
    SubscribeRequestParams,
    UnsubscribeRequestParams,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from conekta_mcp.errors import Failure
from conekta_mcp.server.subscriptions.gate import SubscriptionGate, refuse_too_many
from conekta_mcp.server.subscriptions.sessions import WatchingSessions
from conekta_mcp.server.subscriptions.streams import StreamBus
from conekta_mcp.server.subscriptions.watched import Watched

if TYPE_CHECKING:
    from conekta_mcp.events.inbound import InboundEvents

Context = ServerRequestContext[Any, Any]

log = logging.getLogger(__name__)


class Subscriptions:
    """Subscriptions of one server. `open_events` builds what they need at the first of them.

    `tells_lists` says that webhooks are received for certain: then clients are promised to hear of changes of
    lists, and every session that read one is followed.
    """

    def __init__(
        self, gate: SubscriptionGate, open_events: Callable[[], InboundEvents], *, tells_lists: bool
    ) -> None:
        self._gate, self._open_events, self._tells_lists = gate, open_events, tells_lists
        self._sessions, self._bus = WatchingSessions(), StreamBus()
        self.listen = ListenHandler(self._bus)

    async def observe(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        """Middleware: open streams of 2026-07-28, and note which sessions listed resources."""
        if ctx.method == "subscriptions/listen":
            return await self._open_stream(ctx, call_next)
        result = await call_next(ctx)
        if ctx.method == "initialize" and self._tells_lists:
            _promise_list_changes(result)
        elif ctx.method == "resources/list" and ctx.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            await self._watch_list(ctx)
        return result

    async def subscribe(self, ctx: Context, params: SubscribeRequestParams) -> EmptyResult:
        events = self._open_events()
        account = await self._gate.find_account(events.keys)
        found = self._sessions.find(ctx.session)
        refuse_too_many(len({*(found.watched.subjects if found else ()), params.uri}))
        subject = await self._gate.find_subject(params.uri)
        watching = self._sessions.open(ctx.session, account)
        try:
            await watching.start(events.feed)
        except Failure as failure:
            raise MCPError(INTERNAL_ERROR, str(failure)) from None
        watching.watched.subjects[params.uri] = subject
        return EmptyResult()

    async def unsubscribe(self, ctx: Context, params: UnsubscribeRequestParams) -> EmptyResult:
        watching = self._sessions.find(ctx.session)
        if watching:
            watching.watched.subjects.pop(params.uri, None)
            if not watching.watched.subjects and not watching.watched.has_list:
                watching.stop()
        return EmptyResult()

    async def _watch_list(self, ctx: Context) -> None:
        """Notify this session of list changes from now on; a failure does not affect its list."""
        if not self._tells_lists and self._sessions.find(ctx.session) is None:
            return
        events = self._open_events()
        try:
            watching = self._sessions.open(ctx.session, await self._gate.find_account(events.keys))
            await watching.start(events.feed)
            watching.watched.has_list = True
        except (MCPError, Failure) as problem:
            log.debug("changes of the list of resources are not told: %s", problem)

    async def _open_stream(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        asked = (ctx.params or {}).get("notifications")
        asked = asked if isinstance(asked, Mapping) else {}
        addresses = asked.get("resourceSubscriptions") or []
        has_list = asked.get("resourcesListChanged") is True
        is_readable = isinstance(addresses, list) and all(isinstance(one, str) for one in addresses)
        if not is_readable or not (addresses or (has_list and self._tells_lists)):
            return await call_next(ctx)  # the SDK refuses what is malformed
        events = self._open_events()
        refuse_too_many(len(set(addresses)))
        try:
            account = await self._gate.find_account(events.keys)
        except MCPError:
            if addresses:
                raise
            # Clients ask for changes of lists without knowing whether there are any.
            return await call_next(ctx)
        subjects = {address: await self._gate.find_subject(address) for address in dict.fromkeys(addresses)}
        try:
            async with self._bus.open_stream(Watched(account, subjects, has_list), events.feed):
                return await call_next(ctx)
        except Failure as failure:
            raise MCPError(INTERNAL_ERROR, str(failure)) from None


def _promise_list_changes(result: HandlerResult) -> None:
    """Declare listChanged in the answer to initialize, for which the SDK has no argument."""
    found: Any = result if isinstance(result, dict) else {}
    resources = (found.get("capabilities") or {}).get("resources")
    if isinstance(resources, dict):
        resources["listChanged"] = True
