"""What is read of a message before it is parsed."""

import re
from typing import NamedTuple

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONE_SURROGATE = (
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
"""An escaped pair, or (the group) half of one; an escaped backslash is skipped, since text follows it."""


class CutMessage(NamedTuple):
    """A message longer than is read: only its two ends were kept."""

    head: bytes
    tail: bytes
    most: int


def replace_lone_surrogates(message: bytes) -> bytes:
    """Return JSON with U+FFFD for each half of a surrogate pair: texts that a client cut inside an emoji."""
    if b"\\ud" not in message and b"\\uD" not in message:
        return message
    return re.sub(LONE_SURROGATE, lambda found: b"\\ufffd" if found.group(1) else found.group(), message)
