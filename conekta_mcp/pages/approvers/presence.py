"""Whether the inbox exists: only while there is an approver who can sign in."""

import logging

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.pages.approvers.approver import Approvers

log = logging.getLogger(__name__)


class InboxPresence:
    """Caches whether approvers exist."""

    def __init__(self, approvers: Approvers) -> None:
        self._approvers = approvers
        self.is_open = False

    async def refresh(self) -> bool:
        """Look again, because approvers can be added and removed while the server runs.

        Raises:
            StoreUnavailable: the store cannot be read.
        """
        try:
            approvers = await self._approvers.list_all()
        except ConfigurationError as problem:
            # No inbox is safer than an inbox whose approvers others could have written.
            log.warning("the inbox is closed: %s", problem)
            approvers = []
        self.is_open = any(not one.is_disabled for one in approvers)
        return self.is_open
