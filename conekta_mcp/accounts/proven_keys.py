"""Remembers which keys Conekta accepted: over HTTP anybody can invent a key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conekta_mcp.catalog import Request, Sender
from conekta_mcp.errors import Failure
from conekta_mcp.redaction import fingerprint_key

MAX_KEYS = 10_000
UNAUTHORIZED = 401


class ProvenKeys:
    """Fingerprints of keys with a successful request, until one is refused."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        # Moved to the end, so that the key whose last success is longest ago is forgotten first.
        self._names.pop(name, None)
        self._names[name] = None
        if len(self._names) > MAX_KEYS:
            del self._names[next(iter(self._names))]

    def discard(self, name: str) -> None:
        self._names.pop(name, None)

    def observe(self, senders: Callable[..., Sender]) -> Callable[..., Sender]:
        """Return senders that record which keys Conekta accepts."""

        def create_sender(key: str, child_company_id: str | None = None, /) -> Sender:
            sender = senders(key, child_company_id) if child_company_id else senders(key)
            return ProofObservingSender(sender, self, fingerprint_key(key))

        return create_sender


@dataclass(frozen=True)
class ProofObservingSender:
    """Sends with `api`, and records whether Conekta accepts the key."""

    api: Sender
    proven: ProvenKeys
    name: str

    async def send(self, request: Request) -> dict[str, Any]:
        try:
            answer = await self.api.send(request)
        except Failure as failure:
            if failure.http_status == UNAUTHORIZED:
                self.proven.discard(self.name)
            raise
        self.proven.add(self.name)
        return answer
