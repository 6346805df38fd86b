"""Receives a webhook: verifies, parses and records it before answering that it was received."""

from collections.abc import Callable
from enum import Enum

from conekta_mcp.events.keys import KeyRing
from conekta_mcp.events.reading import UnreadableEvent, read_event
from conekta_mcp.storage.journal import EventJournal, JournalEvent

DAY_SECONDS = 86_400.0


class Reception(Enum):
    """The result of receiving a webhook; the values are written to the log."""

    RECORDED = "recorded"
    KNOWN = "received before"
    UNSIGNED = "it has no Digest header"
    UNKNOWN_KEY = "none of the account's webhook keys made its signature"
    OTHER_MODE = "its signature is of the other mode, test or live"
    UNREADABLE = "it is signed, and no event"

    @property
    def is_received(self) -> bool:
        return self in {Reception.RECORDED, Reception.KNOWN}


class Receiver:
    """Receives webhooks into `journal`, which stores each for `days` days, at most `most` events.

    `announce` is called after each new event.
    """

    def __init__(
        self,
        keys: KeyRing,
        journal: EventJournal,
        clock: Callable[[], float],
        announce: Callable[[], None],
        days: int,
        most: int,
    ) -> None:
        self.keys, self._journal, self._clock = keys, journal, clock
        self._announce, self._days, self._most = announce, days, most

    async def receive(self, content: bytes, digest: str | None) -> Reception:
        """Receive the exact bytes of a webhook's body, and its Digest header.

        Raises:
            Failure: it could not be verified or recorded now, and has to be sent again.
        """
        if not digest:
            return Reception.UNSIGNED
        signer = await self.keys.find_signer(digest.strip(), content)
        if signer is None:
            return Reception.UNKNOWN_KEY
        account, key = signer
        try:
            event = read_event(content)
        except UnreadableEvent:
            return Reception.UNREADABLE
        if None not in (key.livemode, event.livemode) and key.livemode != event.livemode:
            return Reception.OTHER_MODE
        kept = JournalEvent(
            account, event.id, event.type, event.ids, self._clock(), created_at=event.created_at
        )
        if not await self._journal.add(kept, self._days * DAY_SECONDS, self._most):
            return Reception.KNOWN
        self._announce()
        return Reception.RECORDED
