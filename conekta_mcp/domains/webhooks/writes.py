"""Webhooks, their keys, and events: where buyers' data goes, and who is believed."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind, Proof
from conekta_mcp.domains.webhooks.event_tools import get_event, list_events, resend_event
from conekta_mcp.domains.webhooks.key_tools import (
    create_webhook_key,
    delete_webhook_key,
    get_webhook_key,
    list_webhook_keys,
    update_webhook_key,
)
from conekta_mcp.domains.webhooks.tools import (
    create_webhook,
    delete_webhook,
    get_webhook,
    list_webhooks,
    test_webhook,
    update_webhook,
)
from conekta_mcp.effects.comparison import digest
from conekta_mcp.effects.question_text import (
    Both,
    Facts,
    asking,
    both,
    several,
)
from conekta_mcp.effects.state_reading import (
    Raw,
    if_there,
    inside,
    looking,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import (
    Witness,
    body_of,
    changed_since,
    gone,
    on_object,
    proof_of,
)
from conekta_mcp.effects.write_plan import Handling, facts_only
from conekta_mcp.privacy.untrusted_text import quoted
from conekta_mcp.redaction import mask_credentials

WEBHOOK = reading(get_webhook, "webhook_id")
WEBHOOK_LOOK = looking(get_webhook, "webhook_id")
KEY = reading(get_webhook_key, "webhook_key_id")
KEY_LOOK = looking(get_webhook_key, "webhook_key_id")
EVENT = reading(get_event, "event_id")
PING = "webhook_ping"
KINDS = (("clase de eventos", "clases de eventos"), ("kind of events", "kinds of events"))
ON: Both = ("activo", "active")
OFF: Both = ("inactivo", "inactive")
KEY_ON: Both = ("activa", "active")
KEY_OFF: Both = ("inactiva", "inactive")


def _address(url: object) -> str:
    return quoted(mask_credentials(str(url or "")))


def webhooks(arguments: Any) -> Both:
    """Say to how many webhooks an event goes."""
    return several(len(arguments.webhooks_ids), ("webhook", "webhooks"), ("webhook", "webhooks"))


def _of_webhook(_: Any, webhook: Raw) -> Facts:
    return {"now": _address(webhook.get("url"))}


def _creating(arguments: Any, _: Raw) -> Facts:
    many = len(arguments.subscribed_events or [])
    events: Both = several(many, *KINDS) if many else ("todos los eventos", "all events")
    return {"address": _address(arguments.url), "events": events}


def _changing(arguments: Any, webhook: Raw) -> Facts:
    parts: list[Both] = []
    if arguments.url is not None:
        parts.append(both("nueva dirección {url}", "new address {url}", url=_address(arguments.url)))
    if arguments.subscribed_events is not None:
        many = len(arguments.subscribed_events)
        parts.append(both("solo {n}", "only {n}", n=several(many, *KINDS)))
    if arguments.active is not None:
        parts.append(ON if arguments.active else OFF)
    spanish, english = (", ".join(one[place] for one in parts) for place in (0, 1))
    return {**_of_webhook(arguments, webhook), "changes": (spanish, english)}


def _key(arguments: Any, _: Raw) -> Facts:
    return {"state": KEY_OFF if arguments.active is False else KEY_ON}


def _deliveries(event: Raw) -> dict[str, str]:
    return {str(log.get("id")): digest(log) for log in inside(event, "webhook_logs")}


def _noted(_: Any, event: Raw) -> Witness:
    return {"logs": _deliveries(event)}


def _resent(_: Any, event: Raw, noted: Witness) -> Proof:
    """Decide by the deliveries: one that is new, or was tried again."""
    fresh = [
        log for log in inside(event, "webhook_logs") if digest(log) != noted["logs"].get(str(log.get("id")))
    ]
    return proof_of("applied", fresh[0]) if fresh else proof_of("not_applied")


HANDLINGS: Mapping[str, Handling] = {
    list_webhooks.name: Handling(said=asking("¿Mostrar los webhooks?", "Show the webhooks?")),
    get_webhook.name: Handling(
        subject="webhook_id",
        said=asking("¿Mostrar el webhook {webhook_id}?", "Show the webhook {webhook_id}?"),
    ),
    create_webhook.name: Handling(
        see=facts_only(_creating),
        said=asking(
            "¿Mandar {events}, con datos de compradores, a {address}?",
            "Send {events}, with buyers' data, to {address}?",
        ),
        proof=new_row(
            list_webhooks,
            body_of(create_webhook),
            looking(list_webhooks),
            named=lambda _, row: written(get_webhook, webhook_id=str(row.get("id"))),
        ),
    ),
    update_webhook.name: Handling(
        subject="webhook_id",
        read=WEBHOOK,
        see=facts_only(_changing),
        said=asking(
            "¿Cambiar el webhook {webhook_id}, que hoy va a {now}: {changes}?",
            "Change the webhook {webhook_id}, which goes to {now} today: {changes}?",
        ),
        proof=changed_since(WEBHOOK, body_of(update_webhook), WEBHOOK_LOOK),
    ),
    delete_webhook.name: Handling(
        kind=Kind.REMOVAL,
        subject="webhook_id",
        read=WEBHOOK,
        see=facts_only(_of_webhook),
        said=asking(
            "¿Borrar para siempre el webhook {webhook_id}, y que {now} ya no sepa de nada, ni de pagos?",
            "Delete for good the webhook {webhook_id}, so that {now} hears of nothing more, "
            "payments included?",
        ),
        proof=gone(if_there(WEBHOOK), "webhook_id", WEBHOOK_LOOK),
    ),
    test_webhook.name: Handling(
        subject="webhook_id",
        said=asking(
            "¿Mandar un evento de prueba al webhook {webhook_id}?",
            "Send a trial event to the webhook {webhook_id}?",
        ),
        proof=new_row(
            list_events,
            lambda _: {"type": PING},
            looking(list_events),
            whole=lambda api, arguments, _: WEBHOOK(api, arguments),
            named=lambda _, row: written(get_event, event_id=str(row.get("id"))),
        ),
    ),
    create_webhook_key.name: Handling(
        see=facts_only(_key),
        said=asking("¿Crear una llave de webhooks {state}?", "Create an {state} webhook key?"),
        proof=new_row(
            list_webhook_keys,
            lambda arguments: {"active": arguments.active is not False},
            looking(list_webhook_keys),
            named=lambda _, row: written(get_webhook_key, webhook_key_id=str(row.get("id"))),
        ),
    ),
    update_webhook_key.name: Handling(
        subject="webhook_key_id",
        read=KEY,
        see=facts_only(_key),
        said=asking(
            "¿Dejar {state} la llave de webhooks {webhook_key_id}?",
            "Make the webhook key {webhook_key_id} {state}?",
        ),
        proof=changed_since(KEY, body_of(update_webhook_key), KEY_LOOK),
    ),
    delete_webhook_key.name: Handling(
        kind=Kind.REMOVAL,
        subject="webhook_key_id",
        read=KEY,
        said=asking(
            "¿Borrar para siempre la llave de webhooks {webhook_key_id}? Quien verifique con ella los "
            "rechazará.",
            "Delete for good the webhook key {webhook_key_id}? Who verifies with it will refuse webhooks.",
        ),
        proof=gone(if_there(KEY), "webhook_key_id", KEY_LOOK),
    ),
    resend_event.name: Handling(
        subject="event_id",
        see=facts_only(lambda arguments, _: {"many": webhooks(arguments)}),
        said=asking(
            "¿Mandar otra vez el evento {event_id} a {many}?",
            "Send the event {event_id} again to {many}?",
        ),
        proof=on_object(EVENT, _resent, looking(get_event, "event_id"), _noted),
    ),
}
