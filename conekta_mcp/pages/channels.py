"""Finds which channels exist in one process, of those that its operator allows."""

from conekta_mcp.consent.asking.channels import Channels
from conekta_mcp.pages.approvers.file import open_approvers
from conekta_mcp.pages.approvers.presence import InboxPresence
from conekta_mcp.settings.approvals import AUTO, CHANNELS
from conekta_mcp.settings.table import Settings
from conekta_mcp.storage.opening import is_shared
from conekta_mcp.storage.protocol import Store


def create_channels(settings: Settings, store: Store) -> Channels:
    """Return the channels of a process with these settings."""
    over_http = settings.transport != ("stdio",)
    allowed = settings.approval_channels
    return Channels(
        allowed=frozenset(CHANNELS if allowed == (AUTO,) else allowed),  # type: ignore[arg-type]  # parsed
        inbox=InboxPresence(open_approvers(settings, store)) if over_http else None,
        has_terminal=is_shared(settings.store, sandbox_state=settings.state, sandbox=settings.sandbox),
        wait_seconds=settings.approval_wait,
    )
