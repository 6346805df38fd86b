"""Plans of the writes on API keys."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import EffectKind
from conekta_mcp.domains.api_keys.tools import (
    create_api_key,
    delete_api_key,
    get_api_key,
    list_api_keys,
    update_api_key,
)
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.question_text import BilingualText, Facts, build_question, format_both
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
from conekta_mcp.privacy.untrusted_text import quote_text

READ_API_KEY = create_reader(get_api_key, "api_key_id")


API_KEY_LOOKUP = create_lookup(get_api_key, "api_key_id")


ROLE_TEXTS: Mapping[str, BilingualText] = {
    "private": ("privada, que puede hacerlo todo", "private one, which can do everything"),
    "public": ("pública", "public one"),
}


def _format_purpose(description: object) -> str | BilingualText:
    return format_both(" {text}", " {text}", text=quote_text(str(description))) if description else ""


def _describe_new_key(arguments: Any, _: Raw) -> Facts:
    return {"role": ROLE_TEXTS[arguments.role], "purpose": _format_purpose(arguments.description)}


def _describe_key(_: Any, key: Raw) -> Facts:
    prefix = key.get("prefix")
    start = (
        format_both(" (empieza con {text})", " (it starts with {text})", text=quote_text(str(prefix)))
        if prefix
        else ""
    )
    return {"purpose": _format_purpose(key.get("description")), "start": start}


def _describe_changes(arguments: Any, key: Raw) -> Facts:
    parts: list[BilingualText] = []
    if arguments.active is not None:
        parts.append(
            ("activa", "active")
            if arguments.active
            else ("inactiva, rechazada ya", "inactive, refused at once")
        )
    if arguments.description is not None:
        text = quote_text(arguments.description)
        parts.append(format_both("descrita como {text}", "described as {text}", text=text))
    spanish, english = (", ".join(one[place] for one in parts) for place in (0, 1))
    return {**_describe_key(arguments, key), "changes": (spanish, english)}


WRITE_PLANS: Mapping[str, WritePlan] = {
    list_api_keys.name: WritePlan(
        kind=EffectKind.SECRET, question=build_question("¿Mostrar las llaves de API?", "Show the API keys?")
    ),
    get_api_key.name: WritePlan(
        kind=EffectKind.SECRET,
        subject="api_key_id",
        question=build_question("¿Mostrar la llave de API {api_key_id}?", "Show the API key {api_key_id}?"),
    ),
    create_api_key.name: WritePlan(
        kind=EffectKind.SECRET,
        is_reversible=False,
        observe=observe_facts(_describe_new_key),
        question=build_question(
            "¿Crear una llave de API{purpose}, {role}?", "Create an API key{purpose}, a {role}?"
        ),
        verifier=verify_new_row(
            list_api_keys,
            NewRow(tool=create_api_key),
            create_lookup(list_api_keys),
            row_lookup=lambda _, row: format_call(get_api_key, api_key_id=str(row.get("id"))),
        ),
        expect_answer=expect_answer(create_api_key),
    ),
    update_api_key.name: WritePlan(
        kind=EffectKind.SECRET,
        subject="api_key_id",
        read=READ_API_KEY,
        observe=observe_facts(_describe_changes),
        question=build_question(
            "¿Dejar la llave de API{purpose} {api_key_id}{start} {changes}?",
            "Make the API key{purpose} {api_key_id}{start} {changes}?",
        ),
        verifier=verify_field_change(READ_API_KEY, expect_body(update_api_key), API_KEY_LOOKUP),
        expect_answer=expect_answer(update_api_key),
    ),
    delete_api_key.name: WritePlan(
        is_reversible=False,
        kind=EffectKind.REMOVAL,
        subject="api_key_id",
        read=READ_API_KEY,
        observe=observe_facts(_describe_key),
        question=build_question(
            "¿Borrar para siempre la llave de API{purpose} {api_key_id}{start}? Quien la use se queda fuera.",
            "Delete for good the API key{purpose} {api_key_id}{start}? Whoever uses it is locked out.",
        ),
        verifier=verify_removal(allow_missing(READ_API_KEY), "api_key_id", API_KEY_LOOKUP),
        expect_answer=expect_answer(delete_api_key),
    ),
}
