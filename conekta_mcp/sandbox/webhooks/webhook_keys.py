"""/webhook_keys: the key pairs that sign what webhooks receive (conekta-api.md 4.10, 6).

The newest active key signs; without one nothing is signed (both inferred). The public key is shown by every
read, as the OpenAPI file has it; the private one never leaves the ledger. cryptography, which comes with
mcp's pyjwt[crypto], is imported when it is first needed.
"""

import base64

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import Shape, check, validate_boolean
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match

KIND = "webhook_key"
PRIVATE_KEY = "sandbox_private_key"
KEY_BITS = 2048
KEY_BODY = Shape(optional={"active": validate_boolean}, closed=True)


def create_key(call: Call) -> Json:
    check(KEY_BODY, call.body)
    private, public = _generate_pair()
    key = {
        "id": call.account.make_object_id(),
        "active": call.body.get("active", True),
        "created_at": call.account.now(),
        "deactivated_at": None,
        "public_key": public,
        "livemode": False,
        "object": KIND,
    }
    if not key["active"]:
        key["deactivated_at"] = call.account.now()
    call.account.add(KIND, key)
    call.account.add(PRIVATE_KEY, {"id": key["id"], "pem": private})
    return key


def list_keys(call: Call) -> Json:
    search = call.query.get("search", "")
    return paginate(call, call.account.list_records(KIND)[::-1], lambda key: has_match(search, [key["id"]]))


def get_key(call: Call) -> Json:
    return _load_key(call)


def update_key(call: Call) -> Json:
    """Set `active`, false unless it is sent, as the OpenAPI file has it."""
    check(KEY_BODY, call.body)
    key = _load_key(call)
    active = call.body.get("active", False)
    if active != key["active"]:
        key |= {"active": active, "deactivated_at": None if active else call.account.now()}
        call.account.save(KIND, key)
    return key


def delete_key(call: Call) -> Json:
    """Delete a key at once, also for what waits to be signed."""
    key = _load_key(call)
    call.account.remove(KIND, key["id"])
    call.account.remove(PRIVATE_KEY, key["id"])
    shown = {name: key[name] for name in ("id", "created_at", "livemode", "object")}
    return {**shown, "active": False, "deleted": True}


def sign_content(account: Account, content: bytes) -> str | None:
    """Return base64 of the newest active key's RSA-SHA256 (PKCS#1 v1.5) over these exact bytes, or None."""
    keys = [key for key in account.list_records(KIND) if key["active"]]
    stored = account.find(PRIVATE_KEY, keys[-1]["id"]) if keys else None
    return _sign_with_key(stored["pem"], content) if stored else None


def _load_key(call: Call) -> Json:
    return load_record(call.account, KIND, call.path["id"], "WebhookKey")


def _generate_pair() -> tuple[str, str]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pair = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    private = pair.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = pair.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def _sign_with_key(pem: str, content: bytes) -> str:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("a webhook key is an RSA key")
    return base64.b64encode(key.sign(content, padding.PKCS1v15(), hashes.SHA256())).decode()


ENDPOINTS = (
    Endpoint("GET", "/webhook_keys", list_keys),
    Endpoint("POST", "/webhook_keys", create_key),
    Endpoint("GET", "/webhook_keys/{id}", get_key),
    Endpoint("PUT", "/webhook_keys/{id}", update_key),
    Endpoint("DELETE", "/webhook_keys/{id}", delete_key),
)
