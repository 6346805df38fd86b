"""The inbox of the HTTP server: pages for approvers, to which no API key gives access."""

from collections.abc import Callable

from starlette.routing import BaseRoute

from conekta_mcp.audit.log import AuditLog
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.pages.approvers.file import open_approvers
from conekta_mcp.pages.inbox.context import InboxContext
from conekta_mcp.pages.inbox.routes import create_inbox_routes
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.server.http.gate import is_local_caller
from conekta_mcp.server.http.sessions.bounds import group_address
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import AUTO
from conekta_mcp.storage.protocol import Store


def has_inbox(settings: Settings) -> bool:
    """Tell whether the operator allows the inbox; it answers only while there are approvers."""
    return settings.approval_channels == (AUTO,) or "inbox" in settings.approval_channels


def create_inbox(
    settings: Settings, store: Store, find_pending: Callable[[], PendingApprovals], audit: AuditLog
) -> list[BaseRoute]:
    """Return the routes of the inbox; [] if the operator does not allow it."""
    if not has_inbox(settings):
        return []
    context = InboxContext(
        store=store,
        approvers=open_approvers(settings, store),
        find_pending=find_pending,
        language=settings.language,
        times=LocalTimes(settings.timezone),
        four_eyes=settings.four_eyes,
        is_local=is_local_caller,
        group_address=group_address,
        audit=audit,
    )
    return create_inbox_routes(context)
