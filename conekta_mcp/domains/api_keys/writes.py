"""API keys: shown, created, changed, deleted."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Kind
from conekta_mcp.domains.api_keys.tools import (
    create_api_key,
    delete_api_key,
    get_api_key,
    list_api_keys,
    update_api_key,
)
from conekta_mcp.effects.question_text import Both, Facts, asking, both
from conekta_mcp.effects.state_reading import (
    Raw,
    if_there,
    looking,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import (
    body_of,
    changed_since,
    gone,
)
from conekta_mcp.effects.write_plan import Handling, facts_only
from conekta_mcp.privacy.untrusted_text import quoted

KEY = reading(get_api_key, "api_key_id")


KEY_LOOK = looking(get_api_key, "api_key_id")


ROLES: Mapping[str, Both] = {
    "private": ("privada, que puede hacerlo todo", "private one, which can do everything"),
    "public": ("pública", "public one"),
}


def _named(description: object) -> str | Both:
    return both(" {text}", " {text}", text=quoted(str(description))) if description else ""


def _creating(arguments: Any, _: Raw) -> Facts:
    return {"role": ROLES[arguments.role], "purpose": _named(arguments.description)}


def _of_key(_: Any, key: Raw) -> Facts:
    prefix = key.get("prefix")
    start = (
        both(" (empieza con {text})", " (it starts with {text})", text=quoted(str(prefix))) if prefix else ""
    )
    return {"purpose": _named(key.get("description")), "start": start}


def _changing(arguments: Any, key: Raw) -> Facts:
    parts: list[Both] = []
    if arguments.active is not None:
        parts.append(
            ("activa", "active")
            if arguments.active
            else ("inactiva, rechazada ya", "inactive, refused at once")
        )
    if arguments.description is not None:
        text = quoted(arguments.description)
        parts.append(both("descrita como {text}", "described as {text}", text=text))
    spanish, english = (", ".join(one[place] for one in parts) for place in (0, 1))
    return {**_of_key(arguments, key), "changes": (spanish, english)}


HANDLINGS: Mapping[str, Handling] = {
    list_api_keys.name: Handling(said=asking("¿Mostrar las llaves de API?", "Show the API keys?")),
    get_api_key.name: Handling(
        subject="api_key_id",
        said=asking("¿Mostrar la llave de API {api_key_id}?", "Show the API key {api_key_id}?"),
    ),
    create_api_key.name: Handling(
        see=facts_only(_creating),
        said=asking("¿Crear una llave de API{purpose}, {role}?", "Create an API key{purpose}, a {role}?"),
        proof=new_row(
            list_api_keys,
            body_of(create_api_key),
            looking(list_api_keys),
            named=lambda _, row: written(get_api_key, api_key_id=str(row.get("id"))),
        ),
    ),
    update_api_key.name: Handling(
        subject="api_key_id",
        read=KEY,
        see=facts_only(_changing),
        said=asking(
            "¿Dejar la llave de API{purpose} {api_key_id}{start} {changes}?",
            "Make the API key{purpose} {api_key_id}{start} {changes}?",
        ),
        proof=changed_since(KEY, body_of(update_api_key), KEY_LOOK),
    ),
    delete_api_key.name: Handling(
        kind=Kind.REMOVAL,
        subject="api_key_id",
        read=KEY,
        see=facts_only(_of_key),
        said=asking(
            "¿Borrar para siempre la llave de API{purpose} {api_key_id}{start}? Quien la use se queda fuera.",
            "Delete for good the API key{purpose} {api_key_id}{start}? Whoever uses it is locked out.",
        ),
        proof=gone(if_there(KEY), "api_key_id", KEY_LOOK),
    ),
}
