"""Details of refusals about webhooks and events; their codes are inferred."""

from conekta_mcp.sandbox.refusals.envelope import Detail
from conekta_mcp.sandbox.refusals.policies import MAX_WEBHOOKS


def too_many_webhooks() -> Detail:
    return Detail(
        "parameter_validation.webhook.maximum",
        f"Solo se permiten {MAX_WEBHOOKS} webhooks por ambiente.",
        f"Only {MAX_WEBHOOKS} webhooks are allowed per environment.",
    )


def unreachable_webhook(webhook_id: str) -> Detail:
    return Detail(
        "parameter_validation.webhooks_ids.invalid",
        f"El webhook {webhook_id} está inactivo, o su URL no es local: el sandbox solo entrega a localhost.",
        f"The webhook {webhook_id} is inactive, or its URL is not local: the sandbox delivers to localhost"
        " only.",
        "webhooks_ids",
    )
