"""/customers/{id}/shipping_contacts (conekta-api.md 4.3)."""

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records import addresses
from conekta_mcp.sandbox.http.body_rules import check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint

KIND = owned.SHIPPING_CONTACT


def add_contact(account: Account, customer: Json, body: Json) -> Json:
    contact = {
        "id": account.make_id("ship_cont_"),
        "object": "shipping_contact",
        "created_at": account.now(),
        "parent_id": customer["id"],
        "metadata": {},
        **addresses.build_contact(body),
    }
    owned.add_child(account, KIND, customer, contact, preferred=bool(body.get("default")))
    return owned.add_default_flag(KIND, customer, contact)


def create_contact(call: Call) -> Json:
    customer = owned.load_customer(call.account, call.path["id"])
    check(addresses.CONTACT, call.body)
    return add_contact(call.account, customer, call.body)


def update_contact(call: Call) -> Json:
    customer, contact = _load_contact(call)
    check(addresses.CONTACT_CHANGE, call.body)
    address = {**contact["address"], **call.body.get("address", {})}
    check(addresses.FULL_ADDRESS, {"address": address})
    contact.update(addresses.build_contact({**call.body, "address": address}))
    call.account.save(KIND, contact)
    if call.body.get("default"):
        owned.set_default(call.account, KIND, customer, contact["id"])
    return owned.add_default_flag(KIND, customer, contact)


def delete_contact(call: Call) -> Json:
    """Return the contact, without a `deleted` flag (1.2)."""
    customer, contact = _load_contact(call)
    served = owned.add_default_flag(KIND, customer, contact)
    owned.delete_child(call.account, KIND, customer, contact["id"])
    return served


def _load_contact(call: Call) -> tuple[Json, Json]:
    customer = owned.load_customer(call.account, call.path["id"])
    contact_id = call.path["shipping_contacts_id"]
    return customer, owned.load_child(call.account, KIND, customer["id"], contact_id)


CONTACT_PATH = "/customers/{id}/shipping_contacts/{shipping_contacts_id}"
ENDPOINTS = (
    Endpoint("POST", "/customers/{id}/shipping_contacts", create_contact),
    Endpoint("PUT", CONTACT_PATH, update_contact),
    Endpoint("DELETE", CONTACT_PATH, delete_contact),
)
