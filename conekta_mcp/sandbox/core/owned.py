"""Records that belong to a customer: loading, storing, and choosing the default of each kind."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record

CUSTOMER = "customer"
PAYMENT_SOURCE = "payment_source"
SHIPPING_CONTACT = "shipping_contact"
FISCAL_ENTITY = "fiscal_entity"


def load_customer(account: Account, customer_id: str) -> Json:
    return load_record(account, CUSTOMER, customer_id, "Customer")


def load_child(account: Account, kind: str, customer_id: str, belonging_id: str) -> Json:
    return load_record(account, kind, belonging_id, kind, parent=customer_id)


def add_child(
    account: Account, kind: str, customer: Json, belonging: Json, *, preferred: bool = False
) -> None:
    """Store a record of the customer; the first of its kind becomes the default (conekta-api.md 4.1)."""
    account.add(kind, belonging, parent=customer["id"])
    default = f"default_{kind}_id"
    if preferred or default not in customer:
        customer[default] = belonging["id"]
        account.save(CUSTOMER, customer)


def set_default(account: Account, kind: str, customer: Json, belonging_id: str) -> None:
    customer[f"default_{kind}_id"] = belonging_id
    account.save(CUSTOMER, customer)


def delete_child(account: Account, kind: str, customer: Json, belonging_id: str) -> None:
    """Remove a record; the oldest of what remains becomes the default (inferred)."""
    account.remove(kind, belonging_id)
    default = f"default_{kind}_id"
    if customer[default] != belonging_id:
        return
    remaining = account.list_records(kind, parent=customer["id"])
    if remaining:
        customer[default] = remaining[0]["id"]
    else:
        del customer[default]
    account.save(CUSTOMER, customer)


def add_default_flag(kind: str, customer: Json, belonging: Json) -> Json:
    return {**belonging, "default": customer.get(f"default_{kind}_id") == belonging["id"]}
