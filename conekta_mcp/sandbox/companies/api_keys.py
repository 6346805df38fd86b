"""/api_keys: further keys of an account; only creation shows `authentication_token` (conekta-api.md 3.1, 9).

The account's first key is listed too: it can be deactivated like any other, and then opens nothing any more.
"""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.ids import ALPHABET
from conekta_mcp.sandbox.core.keys import KIND, get_first_key_id, hash_key, store_issued_key
from conekta_mcp.sandbox.http.body_rules import (
    Choice,
    Shape,
    Text,
    check,
    validate_boolean,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound

NEW_KEY = Shape(
    required={"role": Choice(("private", "public"))}, optional={"description": Text(0, 249)}, closed=True
)
KEY_CHANGE = Shape(optional={"active": validate_boolean, "description": Text(0, 249)}, closed=True)
SECRET_LENGTH = 23
PREFIX_LENGTH = 6
SEARCHED_FIELDS = ("id", "description", "prefix")


def create_key(call: Call) -> Json:
    """Return the key itself, which no other answer has and which is stored nowhere."""
    check(NEW_KEY, call.body)
    _ensure_first_key(call.account)
    token = "key_" + "".join(call.account.ledger.random.choices(ALPHABET, k=SECRET_LENGTH))
    key = _build_key(call.account, call.account.make_object_id(), token[:PREFIX_LENGTH], **call.body)
    call.account.add(KIND, key)
    store_issued_key(call.account, hash_key(token), key["id"])
    return {"authentication_token": token, **key}


def list_keys(call: Call) -> Json:
    _ensure_first_key(call.account)
    rows = [key for key in call.account.list_records(KIND)[::-1] if "deleted" not in key]
    needle = call.query.get("search", "")
    return paginate(call, rows, lambda row: has_match(needle, [row[name] for name in SEARCHED_FIELDS]))


def get_key(call: Call) -> Json:
    return _load_key(call)


def update_key(call: Call) -> Json:
    """Change a key; `active: false` shuts it at once, even the one in use, and true opens it again."""
    key = _load_key(call)
    check(KEY_CHANGE, call.body)
    now = call.account.now()
    if call.body.get("active", key["active"]) != key["active"]:
        key["deactivated_at"] = None if call.body["active"] else now
    key |= {**call.body, "updated_at": now}
    call.account.save(KIND, key)
    return key


def delete_key(call: Call) -> Json:
    # The record stays: without it, the account's first key would open the account again.
    key = {**_load_key(call), "active": False, "deleted": True}
    call.account.save(KIND, key)
    return key


def _load_key(call: Call) -> Json:
    _ensure_first_key(call.account)
    key = call.account.find(KIND, call.path["id"])
    if key is None or "deleted" in key:
        raise NotFound(reasons.entity_not_found("ApiKey", call.path["id"]))
    return key


def _ensure_first_key(account: Account) -> None:
    if account.find(KIND, get_first_key_id(account)) is None:
        # The key itself is not stored, so its prefix is no longer than what all keys have in common.
        account.add(KIND, _build_key(account, get_first_key_id(account), "key_", "private"))


def _build_key(account: Account, key_id: str, prefix: str, role: str, description: str = "") -> Json:
    now = account.now()
    return {
        "active": True,
        "created_at": now,
        "updated_at": now,
        "deactivated_at": None,
        "last_used_at": None,
        "description": description,
        "id": key_id,
        "livemode": False,
        "object": "api_key",
        "prefix": prefix,
        "role": role,
    }


ENDPOINTS = (
    Endpoint("GET", "/api_keys", list_keys),
    Endpoint("POST", "/api_keys", create_key),
    Endpoint("GET", "/api_keys/{id}", get_key),
    Endpoint("PUT", "/api_keys/{id}", update_key),
    Endpoint("DELETE", "/api_keys/{id}", delete_key),
)
