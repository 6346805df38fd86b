"""Whether the inbox exists now: somebody has to be able to sign in to it."""

import logging

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.pages.approvers.approver import Approvers

log = logging.getLogger(__name__)


class InboxPresence:
    """Knows whether approvers exist, as of when it last looked."""

    def __init__(self, approvers: Approvers) -> None:
        self._approvers = approvers
        self.is_open = False

    async def refresh(self) -> bool:
        """Look again: approvers may be added and removed while the server runs.

        Raises:
            StoreUnavailable: the store cannot be asked.
        """
        try:
            approvers = await self._approvers.list_all()
        except ConfigurationError as problem:
            # No inbox is safer than an inbox whose approvers others could have written.
            log.warning("the inbox is closed: %s", problem)
            approvers = []
        self.is_open = any(not one.is_disabled for one in approvers)
        return self.is_open
