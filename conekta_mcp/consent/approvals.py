"""Seals approvals: what a person is asked is bound to its call, expires, and opens at any replica."""

import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Literal

from conekta_mcp.consent.refusals import APPROVAL_SECONDS, changed, expired, invalid

How = Literal["elicited", "preview"]
SKEW_SECONDS = 60
"""How far the clocks of replicas may be apart."""
ID, TIME, MAC = 12, 4, 16


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What an approval is good for."""

    call: str
    """The tool, its arguments, the account and its mode, as canonical JSON."""
    said: str
    """The question, with amount and currency, as canonical JSON."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A question that was sealed."""

    token: str
    id: str
    until: int
    """Unix seconds."""


class Approvals:
    """Seals with the first of the keys, opens with all; without secrets with a key of this process."""

    def __init__(
        self, secrets: tuple[str, ...], clock: Callable[[], float], random: Callable[[int], bytes]
    ) -> None:
        self._keys = [derive_key(secret, "approvals") for secret in secrets] or [random(32)]
        self._clock = clock
        self._random = random

    def sealed(self, how: How, bound: Bound) -> Sealed:
        """Seal a question that is about to be asked."""
        name = self._random(ID)
        until = ceil(self._clock()) + APPROVAL_SECONDS
        macs = _macs(self._keys[0], how, name, until, bound)
        token = urlsafe_b64encode(name + until.to_bytes(TIME, "big") + b"".join(macs)).decode()
        return Sealed(token=token, id=name.hex(), until=until)

    def opened(self, token: str, how: How, bound: Bound) -> Sealed:
        """Give what was sealed, if it is ours, of this call, in time and of this question.

        Raises:
            NotApproved: it is not.
        """
        name, until, call, said = _parts(token)
        for key in self._keys:
            expected = _macs(key, how, name, until, bound)
            if hmac.compare_digest(call, expected[0]):
                break
        else:
            raise invalid()
        left = until - self._clock()
        if not 0 < left <= APPROVAL_SECONDS + SKEW_SECONDS:
            raise expired()
        if not hmac.compare_digest(said, expected[1]):
            raise changed()
        return Sealed(token=token, id=name.hex(), until=until)


def derive_key(secret: str, purpose: str) -> bytes:
    """Derive the key of one purpose, so that no two purposes share one."""
    return hmac.digest(secret.encode(), f"conekta-mcp/{purpose}".encode(), "sha256")


def _macs(key: bytes, how: How, name: bytes, until: int, bound: Bound) -> tuple[bytes, bytes]:
    common: list[str | int] = [how, name.hex(), until]
    return _mac(key, ["call", *common, bound.call]), _mac(key, ["said", *common, bound.said])


def _mac(key: bytes, facts: list[str | int]) -> bytes:
    return hmac.digest(key, json.dumps(facts).encode(), "sha256")[:MAC]


def _parts(token: str) -> tuple[bytes, int, bytes, bytes]:
    try:
        raw = b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        raise invalid() from None
    if len(raw) != ID + TIME + 2 * MAC:
        raise invalid()
    rest = raw[ID + TIME :]
    return raw[:ID], int.from_bytes(raw[ID : ID + TIME], "big"), rest[:MAC], rest[MAC:]
