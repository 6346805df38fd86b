"""Finds the approval channels of this process, among those that the operator allows."""

import os
from collections.abc import Callable, Mapping

from conekta_mcp.consent.asking.channels import BrowserPage, Channels
from conekta_mcp.consent.pauses import AskingPauses
from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.pages.approvers.file import open_approvers
from conekta_mcp.pages.approvers.presence import InboxPresence
from conekta_mcp.pages.loopback.browser import can_open_browser
from conekta_mcp.pages.loopback.page import LoopbackPage
from conekta_mcp.settings.approvals import AUTO, CHANNELS, SIGNED_IN_CHANNELS
from conekta_mcp.settings.table import Settings
from conekta_mcp.storage.opening import is_shared
from conekta_mcp.storage.protocol import Store


def create_channels(
    settings: Settings,
    find_pending: Callable[[], PendingApprovals],
    store: Store,
    environment: Mapping[str, str] = os.environ,
) -> Channels:
    """Return the channels of a process with these settings."""
    allowed = settings.approval_channels
    over_stdio = settings.transport == ("stdio",)
    browser: BrowserPage | None = None

    async def find_pause(account: str) -> float:
        return await AskingPauses(store).find_pause(account, find_pending())

    # Over HTTP the person sits elsewhere: a browser of this computer would show them nothing.
    if over_stdio and can_open_browser(environment):
        browser = LoopbackPage(
            find_pending=find_pending,
            read_time=store.read_time,
            find_pause=find_pause,
            language=settings.language,
        )
    channels = frozenset(CHANNELS if allowed == (AUTO,) else allowed)
    if settings.four_eyes:  # on the others nobody knows who answers: it may be who called
        channels &= SIGNED_IN_CHANNELS
    return Channels(
        allowed=channels,  # type: ignore[arg-type]  # parsed
        four_eyes=settings.four_eyes,
        browser=browser,
        inbox=None if over_stdio else InboxPresence(open_approvers(settings, store)),
        root_path=settings.root_path,
        has_terminal=is_shared(settings),
        wait_seconds=settings.approval_wait,
    )
