"""/customers/{id}/fiscal_entities and the fiscal entity of an order (conekta-api.md 4.4)."""

from collections.abc import Iterator

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records.addresses import validate_postal_code
from conekta_mcp.sandbox.customer_records.people import validate_phone
from conekta_mcp.sandbox.http.body_rules import (
    EMAIL,
    Nullable,
    Shape,
    Text,
    check,
    validate_boolean,
    validate_metadata,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals.envelope import Detail

KIND = owned.FISCAL_ENTITY

ADDRESS = Shape(
    required={"street1": Text(), "postal_code": Text(), "city": Text()},
    optional={
        "street2": Text(0),
        "state": Text(0),
        "country": Text(2),
        "external_number": Text(),
        "residential": Nullable(validate_boolean),
    },
)
ORDER_ADDRESS = Shape(
    required={**ADDRESS.required, "country": Text(2), "external_number": Text()},
    optional=ADDRESS.optional,
)


def validate_fiscal_address(value: object, param: str) -> Iterator[Detail]:
    yield from ADDRESS(value, param)
    yield from validate_postal_code(value, param)


def validate_order_address(value: object, param: str) -> Iterator[Detail]:
    yield from ORDER_ADDRESS(value, param)
    yield from validate_postal_code(value, param)


ENTITY = Shape(
    required={"address": validate_fiscal_address},
    optional={
        "tax_id": Nullable(Text()),
        "email": EMAIL,
        "phone": validate_phone,
        "metadata": validate_metadata,
        "company_name": Text(),
    },
    closed=True,
)
ENTITY_CHANGE = Shape(optional={**ENTITY.optional, "address": ADDRESS.without_required()}, closed=True)
FULL_ADDRESS = Shape(required={"address": validate_fiscal_address})
ORDER_ENTITY = Shape(
    required={"address": validate_order_address},
    optional={**ENTITY.optional, "name": Nullable(Text())},
    closed=True,
)


def build_entity(account: Account, body: Json) -> Json:
    return {
        "id": account.make_id("fis_ent_"),
        "object": "fiscal_entity",
        "created_at": account.now(),
        "metadata": {},
        **body,
        "address": _build_address(body["address"]),
    }


def add_entity(account: Account, customer: Json, body: Json) -> Json:
    entity = {**build_entity(account, body), "parent_id": customer["id"]}
    owned.add_child(account, KIND, customer, entity)
    return owned.add_default_flag(KIND, customer, entity)


def create_entity(call: Call) -> Json:
    customer = owned.load_customer(call.account, call.path["id"])
    check(ENTITY, call.body)
    return add_entity(call.account, customer, call.body)


def update_entity(call: Call) -> Json:
    customer = owned.load_customer(call.account, call.path["id"])
    entity_id = call.path["fiscal_entities_id"]
    entity = owned.load_child(call.account, KIND, customer["id"], entity_id)
    check(ENTITY_CHANGE, call.body)
    address = {**entity["address"], **call.body.get("address", {})}
    check(FULL_ADDRESS, {"address": address})
    entity = {**entity, **call.body, "address": _build_address(address)}
    call.account.save(KIND, entity)
    return owned.add_default_flag(KIND, customer, entity)


def _build_address(address: Json) -> Json:
    known = ADDRESS.pick_known(address)
    if "country" in known:
        known["country"] = known["country"].lower()
    return {"object": "fiscal_entity_address", **known}


ENDPOINTS = (
    Endpoint("POST", "/customers/{id}/fiscal_entities", create_entity),
    Endpoint("PUT", "/customers/{id}/fiscal_entities/{fiscal_entities_id}", update_entity),
)
