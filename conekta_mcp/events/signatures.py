"""Checks the signature of a webhook: RSA with SHA-256 (PKCS#1 v1.5) over the raw body (conekta-api.md 6)."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MIN_KEY_BITS = 2048
MAX_DIGEST_LENGTH = 2048
"""Characters of base64: a key of 8192 bits needs 1368."""
PUBLIC_KEY = re.compile("-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


def is_signed(pem: str, digest: str, content: bytes) -> bool:
    """Tell whether `digest`, in base64, is the signature of `content` by the key `pem`."""
    if len(digest) > MAX_DIGEST_LENGTH or (key := load_public_key(pem)) is None:
        return False
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    try:
        key.verify(base64.b64decode(digest, validate=True), content, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def load_public_key(pem: str) -> RSAPublicKey | None:
    """Return the key; None if it is not an RSA key of 2048 bits or more."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        # Environments and panels turn line feeds into the two characters \n.
        key = serialization.load_pem_public_key(pem.replace("\\n", "\n").encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_KEY_BITS else None


def split_pem(text: str) -> tuple[str, ...]:
    """Return the public keys in a PEM file."""
    return tuple(PUBLIC_KEY.findall(text))
