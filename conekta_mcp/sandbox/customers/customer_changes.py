"""Routes below a customer, each of which also emits customer.updated (conekta-api.md 6, inferred)."""

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.customer_records import fiscal_entities, payment_sources, shipping_contacts
from conekta_mcp.sandbox.customers import customers
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.webhooks.emit import emit_event


def _add_update_event(endpoint: Endpoint) -> Endpoint:
    def handler(call: Call) -> Json | list[Json]:
        answer = endpoint.handler(call)
        customer = owned.load_customer(call.account, call.path["id"])
        emit_event(call.account, "customer.updated", customers.render_customer(call.account, customer))
        return answer

    return endpoint._replace(handler=handler)


ENDPOINTS = tuple(
    endpoint if endpoint.method == "GET" else _add_update_event(endpoint)
    for module in (payment_sources, shipping_contacts, fiscal_entities)
    for endpoint in module.ENDPOINTS
)
