"""The key of an account as lookups use it: they can send with it, and cannot read it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from conekta_mcp.catalog import Sender
from conekta_mcp.redaction import fingerprint_account, fingerprint_key


@dataclass(frozen=True)
class KeyInUse:
    """One key, and the child company that it acts for if there is one."""

    fingerprint: str
    """A digest of the key and the child company."""
    sender: Sender = field(repr=False)
    has_prefix: Callable[[str], bool] = field(repr=False)
    """Tells whether the key starts with a text."""
    child_company_id: str | None = None
    key_fingerprint: str = ""
    """A digest of the key alone."""

    @classmethod
    def from_key(cls, key: str, sender: Sender, child_company_id: str | None = None) -> Self:
        return cls(
            fingerprint=fingerprint_account(key, child_company_id),
            sender=sender,
            has_prefix=key.startswith,
            child_company_id=child_company_id,
            key_fingerprint=fingerprint_key(key),
        )
