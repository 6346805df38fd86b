"""Decides whether a caller may subscribe to a resource, and for which account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp import MCPError
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS

from conekta_mcp.errors import Failure
from conekta_mcp.server.resources import Resources

if TYPE_CHECKING:
    from conekta_mcp.events.keys import KeyRing

MAX_WATCHED = 100
NOT_RECEIVED = (
    "Nobody would tell about it: no webhooks of this account are received here. Serve with --webhooks, or "
    "run conekta-mcp listen with the same --store"
)


class SubscriptionGate:
    """Allows a subscription if the request may read the resource, for its account."""

    def __init__(self, resources: Resources, *, receives: bool) -> None:
        """`receives` means that this process receives webhooks itself."""
        self._resources, self._receives = resources, receives

    async def find_account(self, keys: KeyRing) -> str:
        """Return the account of this request; raise MCPError if none of its events would arrive."""
        try:
            account = await self._resources.read_account()
            is_told = await keys.is_pinned(account)
            if not is_told and self._receives:  # it has just started
                await keys.pin_all()
                is_told = await keys.is_pinned(account)
        except Failure as failure:
            raise MCPError(INTERNAL_ERROR, str(failure)) from None
        if not is_told:
            raise MCPError(INVALID_PARAMS, NOT_RECEIVED)
        return account

    async def find_subject(self, address: str) -> str:
        """Return the id of a resource's object; raise MCPError if this request may not read it."""
        try:
            await self._resources.read(address)
        except ResourceNotFoundError as problem:
            raise MCPError(INVALID_PARAMS, str(problem)) from None
        except ResourceError as problem:
            raise MCPError(INTERNAL_ERROR, str(problem)) from None
        return address.rpartition("/")[2]


def refuse_too_many(count: int) -> None:
    if count > MAX_WATCHED:
        raise MCPError(INVALID_PARAMS, f"At most {MAX_WATCHED} resources can be subscribed to at once")
