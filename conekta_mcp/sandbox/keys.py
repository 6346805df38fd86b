"""Who is calling: the account behind an Authorization header (conekta-api.md 1.1)."""

import base64
import binascii
import hashlib

from conekta_mcp.sandbox import reasons
from conekta_mcp.sandbox.account import Account
from conekta_mcp.sandbox.ledger import Ledger
from conekta_mcp.sandbox.refusals import Unauthorized


def account_of(ledger: Ledger, authorization: str) -> Account:
    """The account of a Bearer key, or of a Basic user; the key itself is not kept."""
    scheme, _, credentials = authorization.partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        key = _basic_user(key)
    elif scheme.lower() != "bearer":
        key = ""
    if not key:
        raise Unauthorized(reasons.missing_key())
    if not key.startswith("key_"):
        raise Unauthorized(reasons.unrecognized_key())
    return Account(ledger, hashlib.sha256(key.encode()).hexdigest())


def _basic_user(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
