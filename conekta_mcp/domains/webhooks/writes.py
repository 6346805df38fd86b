"""Plans of the writes on webhooks and their keys."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.webhooks.addresses import format_address
from conekta_mcp.domains.webhooks.event_tools import get_event, list_events
from conekta_mcp.domains.webhooks.event_writes import EVENT_WRITE_PLANS
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
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.question_text import BilingualText, Facts, build_question, format_both, format_count
from conekta_mcp.effects.state_reading import (
    Raw,
    allow_missing,
    create_lookup,
    create_reader,
    format_call,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import (
    expect_body,
    verify_field_change,
    verify_removal,
)
from conekta_mcp.effects.write_plan import WritePlan, observe_facts

READ_WEBHOOK = create_reader(get_webhook, "webhook_id")
WEBHOOK_LOOKUP = create_lookup(get_webhook, "webhook_id")
READ_WEBHOOK_KEY = create_reader(get_webhook_key, "webhook_key_id")
WEBHOOK_KEY_LOOKUP = create_lookup(get_webhook_key, "webhook_key_id")
PING = "webhook_ping"
EVENT_KINDS = (("clase de eventos", "clases de eventos"), ("kind of events", "kinds of events"))
ACTIVE: BilingualText = ("activo", "active")
INACTIVE: BilingualText = ("inactivo", "inactive")
KEY_ACTIVE: BilingualText = ("activa", "active")
KEY_INACTIVE: BilingualText = ("inactiva", "inactive")


def _describe_webhook(_: Any, webhook: Raw) -> Facts:
    return {"now": format_address(webhook.get("url"))}


def _describe_new_webhook(arguments: Any, _: Raw) -> Facts:
    many = len(arguments.subscribed_events or [])
    events: BilingualText = format_count(many, *EVENT_KINDS) if many else ("todos los eventos", "all events")
    return {"address": format_address(arguments.url), "events": events}


def _describe_changes(arguments: Any, webhook: Raw) -> Facts:
    parts: list[BilingualText] = []
    if arguments.url is not None:
        parts.append(
            format_both("nueva dirección {url}", "new address {url}", url=format_address(arguments.url))
        )
    if arguments.subscribed_events is not None:
        many = len(arguments.subscribed_events)
        parts.append(format_both("solo {n}", "only {n}", n=format_count(many, *EVENT_KINDS)))
    if arguments.active is not None:
        parts.append(ACTIVE if arguments.active else INACTIVE)
    spanish, english = (", ".join(one[place] for one in parts) for place in (0, 1))
    return {**_describe_webhook(arguments, webhook), "changes": (spanish, english)}


def _describe_key_state(arguments: Any, _: Raw) -> Facts:
    return {"state": KEY_INACTIVE if arguments.active is False else KEY_ACTIVE}


WRITE_PLANS: Mapping[str, WritePlan] = {
    list_webhooks.name: WritePlan(
        kind=EffectKind.SECRET, question=build_question("¿Mostrar los webhooks?", "Show the webhooks?")
    ),
    get_webhook.name: WritePlan(
        kind=EffectKind.SECRET,
        subject="webhook_id",
        question=build_question("¿Mostrar el webhook {webhook_id}?", "Show the webhook {webhook_id}?"),
    ),
    create_webhook.name: WritePlan(
        decides_destination=True,
        observe=observe_facts(_describe_new_webhook),
        question=build_question(
            "¿Mandar {events}, con datos de compradores, a {address}?",
            "Send {events}, with buyers' data, to {address}?",
        ),
        verifier=verify_new_row(
            list_webhooks,
            NewRow(tool=create_webhook),
            create_lookup(list_webhooks),
            row_lookup=lambda _, row: format_call(get_webhook, webhook_id=str(row.get("id"))),
        ),
        expect_answer=expect_answer(create_webhook),
    ),
    update_webhook.name: WritePlan(
        decides_destination=True,
        subject="webhook_id",
        read=READ_WEBHOOK,
        observe=observe_facts(_describe_changes),
        question=build_question(
            "¿Cambiar el webhook {webhook_id}, que hoy va a {now}: {changes}?",
            "Change the webhook {webhook_id}, which goes to {now} today: {changes}?",
        ),
        verifier=verify_field_change(READ_WEBHOOK, expect_body(update_webhook), WEBHOOK_LOOKUP),
        expect_answer=expect_answer(update_webhook),
    ),
    delete_webhook.name: WritePlan(
        is_reversible=False,
        kind=EffectKind.REMOVAL,
        subject="webhook_id",
        read=READ_WEBHOOK,
        observe=observe_facts(_describe_webhook),
        question=build_question(
            "¿Borrar para siempre el webhook {webhook_id}, y que {now} ya no sepa de nada, ni de pagos?",
            "Delete for good the webhook {webhook_id}, so that {now} hears of nothing more, "
            "payments included?",
        ),
        verifier=verify_removal(allow_missing(READ_WEBHOOK), "webhook_id", WEBHOOK_LOOKUP),
        expect_answer=expect_answer(delete_webhook),
    ),
    test_webhook.name: WritePlan(
        kind=EffectKind.MESSAGE,
        is_reversible=False,
        subject="webhook_id",
        read=READ_WEBHOOK,
        content=lambda webhook: webhook.get("url"),
        observe=observe_facts(_describe_webhook),
        question=build_question(
            "¿Mandar un evento de prueba a {now} (webhook {webhook_id})?",
            "Send a trial event to {now} (webhook {webhook_id})?",
        ),
        verifier=verify_new_row(
            list_events,
            NewRow(tool=test_webhook, derive=lambda _: {"type": PING}),
            create_lookup(list_events),
            read_full=lambda api, arguments, _: READ_WEBHOOK(api, arguments),
            row_lookup=lambda _, row: format_call(get_event, event_id=str(row.get("id"))),
            # Orders and customers cause events of other types.
            is_candidate=lambda row: row.get("type") in (None, PING),
        ),
        expect_answer=expect_answer(test_webhook),
    ),
    create_webhook_key.name: WritePlan(
        kind=EffectKind.SECRET,
        observe=observe_facts(_describe_key_state),
        question=build_question("¿Crear una llave de webhooks {state}?", "Create an {state} webhook key?"),
        verifier=verify_new_row(
            list_webhook_keys,
            NewRow(
                tool=create_webhook_key, derive=lambda arguments: {"active": arguments.active is not False}
            ),
            create_lookup(list_webhook_keys),
            row_lookup=lambda _, row: format_call(get_webhook_key, webhook_key_id=str(row.get("id"))),
        ),
        expect_answer=expect_answer(create_webhook_key),
    ),
    update_webhook_key.name: WritePlan(
        kind=EffectKind.SECRET,
        decides_destination=True,
        subject="webhook_key_id",
        read=READ_WEBHOOK_KEY,
        observe=observe_facts(_describe_key_state),
        question=build_question(
            "¿Dejar {state} la llave de webhooks {webhook_key_id}?",
            "Make the webhook key {webhook_key_id} {state}?",
        ),
        verifier=verify_field_change(READ_WEBHOOK_KEY, expect_body(update_webhook_key), WEBHOOK_KEY_LOOKUP),
        expect_answer=expect_answer(update_webhook_key),
    ),
    delete_webhook_key.name: WritePlan(
        is_reversible=False,
        kind=EffectKind.REMOVAL,
        subject="webhook_key_id",
        read=READ_WEBHOOK_KEY,
        question=build_question(
            "¿Borrar para siempre la llave de webhooks {webhook_key_id}? Quien verifique con ella los "
            "rechazará.",
            "Delete for good the webhook key {webhook_key_id}? Who verifies with it will refuse webhooks.",
        ),
        verifier=verify_removal(allow_missing(READ_WEBHOOK_KEY), "webhook_key_id", WEBHOOK_KEY_LOOKUP),
        expect_answer=expect_answer(delete_webhook_key),
    ),
    **EVENT_WRITE_PLANS,
}
