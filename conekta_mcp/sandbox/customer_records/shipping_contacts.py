"""/customers/{id}/shipping_contacts (conekta-api.md 4.3)."""

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records import addresses
from conekta_mcp.sandbox.http.body_rules import check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint

KIND = owned.CONTACT


def add_contact(account: Account, customer: Json, body: Json) -> Json:
    """Store a checked contact and return it as served."""
    contact = {
        "id": account.new_id("ship_cont_"),
        "object": "shipping_contact",
        "created_at": account.now(),
        "parent_id": customer["id"],
        "metadata": {},
        **addresses.contact_of(body),
    }
    owned.take_in(account, KIND, customer, contact, preferred=bool(body.get("default")))
    return owned.with_default(KIND, customer, contact)


def create_contact(call: Call) -> Json:
    """POST: returns the contact."""
    customer = owned.customer_of(call.account, call.path["id"])
    check(addresses.CONTACT, call.body)
    return add_contact(call.account, customer, call.body)


def update_contact(call: Call) -> Json:
    """PUT: any field; `default: true` makes it the default one."""
    customer, contact = _addressed(call)
    check(addresses.CONTACT_CHANGE, call.body)
    address = {**contact["address"], **call.body.get("address", {})}
    check(addresses.WHOLE_ADDRESS, {"address": address})
    contact.update(addresses.contact_of({**call.body, "address": address}))
    call.account.save(KIND, contact)
    if call.body.get("default"):
        owned.prefer(call.account, KIND, customer, contact["id"])
    return owned.with_default(KIND, customer, contact)


def delete_contact(call: Call) -> Json:
    """DELETE: returns the contact, without a `deleted` flag (1.2)."""
    customer, contact = _addressed(call)
    served = owned.with_default(KIND, customer, contact)
    owned.give_up(call.account, KIND, customer, contact["id"])
    return served


def _addressed(call: Call) -> tuple[Json, Json]:
    customer = owned.customer_of(call.account, call.path["id"])
    contact_id = call.path["shipping_contacts_id"]
    return customer, owned.belonging_of(call.account, KIND, customer["id"], contact_id)


ONE = "/customers/{id}/shipping_contacts/{shipping_contacts_id}"
ENDPOINTS = (
    Endpoint("POST", "/customers/{id}/shipping_contacts", create_contact),
    Endpoint("PUT", ONE, update_contact),
    Endpoint("DELETE", ONE, delete_contact),
)
