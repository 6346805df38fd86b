"""Seals approvals: each is bound to one call and one question, expires, and any replica can check it."""

import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from conekta_mcp.consent.refusals import (
    build_changed_effect,
    build_expired_approval,
    build_invalid_approval,
)
from conekta_mcp.settings.terms import APPROVAL_SECONDS

ApprovalMethod = Literal["elicited", "preview"]
SKEW_SECONDS = 60
"""How far the store's clock may go back, as in a failover of Redis."""
ID_BYTES, TIME_BYTES, MAC_BYTES = 12, 4, 16


@dataclass(frozen=True, kw_only=True)
class ApprovalScope:
    """What one approval allows."""

    call: str
    """The tool, its arguments, the account and its mode, as canonical JSON."""
    question: str
    """The question, with amount and currency, as canonical JSON."""


@dataclass(frozen=True, kw_only=True)
class SealedApproval:
    token: str
    id: str
    until: int
    """Unix seconds."""


class Approvals:
    """Seals with the first secret and accepts all; without secrets the key belongs to this process."""

    def __init__(
        self,
        secrets: tuple[str, ...],
        random: Callable[[int], bytes],
        lifetime: float = APPROVAL_SECONDS,
    ) -> None:
        # Several secrets: an operator adds a new one in front and removes the old one later. Without secrets
        # an approval is worth nothing after a restart or at another replica.
        self._keys = [derive_key(secret, "approvals") for secret in secrets] or [random(32)]
        self._random = random
        self._lifetime = lifetime

    def seal(
        self, how: ApprovalMethod, bound: ApprovalScope, until: int, name: bytes = b""
    ) -> SealedApproval:
        """Seal an approval until a time of the store's clock, by default with a random name."""
        name = name or self._random(ID_BYTES)
        macs = _compute_macs(self._keys[0], how, name, until, bound)
        token = urlsafe_b64encode(name + until.to_bytes(TIME_BYTES, "big") + b"".join(macs)).decode()
        return SealedApproval(token=token, id=name.hex(), until=until)

    def unseal(self, token: str, how: ApprovalMethod, bound: ApprovalScope, now: float) -> SealedApproval:
        """Return the sealed approval; raise NotApproved for another call or question, or if it expired.

        `now` is the store's time: no clock that is set back makes an approval last longer.
        """
        name, until, call, digest = _split_token(token)
        for key in self._keys:
            expected = _compute_macs(key, how, name, until, bound)
            # compare_digest takes the same time whatever differs, so that timing reveals nothing.
            if hmac.compare_digest(call, expected[0]):
                break
        else:
            raise build_invalid_approval()
        left = until - now
        # More than the allowed skew: it was sealed by another clock.
        if not 0 < left <= self._lifetime + SKEW_SECONDS:
            raise build_expired_approval()
        # Checked last: only now is it certain that this call was approved and its effect changed.
        if not hmac.compare_digest(digest, expected[1]):
            raise build_changed_effect()
        return SealedApproval(token=token, id=name.hex(), until=until)


def derive_key(secret: str, purpose: str) -> bytes:
    """Derive the key of one purpose from a secret, so that no two purposes share a key."""
    return hmac.digest(secret.encode(), f"conekta-mcp/{purpose}".encode(), "sha256")


def _compute_macs(
    key: bytes, how: ApprovalMethod, name: bytes, until: int, bound: ApprovalScope
) -> tuple[bytes, bytes]:
    # Two MACs, so that a changed question can be distinguished from an approval of another call.
    common: list[str | int] = [how, name.hex(), until]
    return _compute_mac(key, ["call", *common, bound.call]), _compute_mac(
        key, ["said", *common, bound.question]
    )


def _compute_mac(key: bytes, facts: list[str | int]) -> bytes:
    return hmac.digest(key, json.dumps(facts).encode(), "sha256")[:MAC_BYTES]


def _split_token(token: str) -> tuple[bytes, int, bytes, bytes]:
    try:
        raw = b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        raise build_invalid_approval() from None
    if len(raw) != ID_BYTES + TIME_BYTES + 2 * MAC_BYTES:
        raise build_invalid_approval()
    rest = raw[ID_BYTES + TIME_BYTES :]
    return (
        raw[:ID_BYTES],
        int.from_bytes(raw[ID_BYTES : ID_BYTES + TIME_BYTES], "big"),
        rest[:MAC_BYTES],
        rest[MAC_BYTES:],
    )
