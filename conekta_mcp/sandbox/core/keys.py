"""Who is calling: the account behind an Authorization header (conekta-api.md 1.1, 9).

Any key opens an account of its own, the first one there; POST /api_keys makes further keys of the same
account. Of no key more is kept than its sha256 and its first characters.
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
"""The share of the ledger, no account's own, that tells which account an issued key opens."""


def authenticate_caller(ledger: Ledger, authorization: str) -> Account:
    """The account of a Bearer key, or of a Basic user; the key itself is not kept."""
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
    """The sha256 of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def get_first_key_id(account: Account) -> str:
    """The id of the key that the account is named after."""
    return account.fingerprint[:24]


def store_issued_key(account: Account, fingerprint: str, key_id: str) -> None:
    """Let a further key open the account."""
    keyring = Account(account.ledger, KEYRING)
    keyring.add(KIND, {"id": fingerprint, "account": account.fingerprint, "key": key_id})


def _open_account(ledger: Ledger, fingerprint: str) -> Account:
    issued = Account(ledger, KEYRING).find(KIND, fingerprint)
    account = Account(ledger, issued["account"] if issued else fingerprint)
    key = account.find(KIND, issued["key"] if issued else get_first_key_id(account))
    if _is_shut(key) if key else issued:
        raise Unauthorized(reasons.unrecognized_key())
    if key:
        account.save(KIND, {**key, "last_used_at": account.now()})
    return account


def _is_shut(key: Json) -> bool:
    # A public key is for the tokenizer in the browser (1.1); none of the routes here is (inferred).
    return not key["active"] or key["role"] == "public"


def _parse_basic_user(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
