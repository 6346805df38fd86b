"""Authentication: the account behind an Authorization header (conekta-api.md 1.1, 9).

Any key opens an account of its own on first use; POST /api_keys makes further keys of the same account. Only
a key's sha256 and its first characters are stored.
"""

import base64
import binascii
import hashlib

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.ledger import Ledger
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Unauthorized

KIND = "api_key"
KEYRING = ""
"""Fingerprint of the records, no account's own, that map an issued key to its account."""


def authenticate_caller(ledger: Ledger, authorization: str) -> Account:
    """Return the account of a Bearer key or a Basic user, or raise Unauthorized; the key is not stored."""
    scheme, _, credentials = authorization.partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        key = _parse_basic_user(key)
    elif scheme.lower() != "bearer":
        key = ""
    if not key:
        raise Unauthorized(reasons.missing_key())
    if not key.startswith("key_"):
        raise Unauthorized(reasons.unrecognized_key())
    return _open_account(ledger, hash_key(key))


def hash_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def get_first_key_id(account: Account) -> str:
    return account.fingerprint[:24]


def store_issued_key(account: Account, fingerprint: str, key_id: str) -> None:
    keyring = Account(account.ledger, KEYRING)
    keyring.add(KIND, {"id": fingerprint, "account": account.fingerprint, "key": key_id})


def _open_account(ledger: Ledger, fingerprint: str) -> Account:
    issued = Account(ledger, KEYRING).find(KIND, fingerprint)
    account = Account(ledger, issued["account"] if issued else fingerprint)
    key = account.find(KIND, issued["key"] if issued else get_first_key_id(account))
    # An issued key without a record lost it when its account was reset.
    if _is_shut(key) if key else issued:
        raise Unauthorized(reasons.unrecognized_key())
    if key:
        account.save(KIND, {**key, "last_used_at": account.now()})
    return account


def _is_shut(key: Json) -> bool:
    # A public key is for the tokenizer in the browser (1.1); no route here takes one (inferred).
    return not key["active"] or key["role"] == "public"


def _parse_basic_user(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
