"""The texts of install and uninstall, in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from conekta_mcp.cli.installing.setup import Change
from conekta_mcp.cli.words.shared import speak

WORDS: Mapping[str, Mapping[str, str]] = {
    "added": {"en": "{title}: added {server} to {file}.", "es": "{title}: se agregó {server} a {file}."},
    "updated": {
        "en": "{title}: updated {server} in {file}.",
        "es": "{title}: se actualizó {server} en {file}.",
    },
    "unchanged": {
        "en": "{title}: {server} is in {file} as it should be; nothing was written.",
        "es": "{title}: {server} ya está en {file} como debe; no se escribió nada.",
    },
    "removed": {
        "en": "{title}: removed {server} from {file}.",
        "es": "{title}: se quitó {server} de {file}.",
    },
    "absent": {
        "en": "{title}: {server} is not in {file}; nothing was written.",
        "es": "{title}: {server} no está en {file}; no se escribió nada.",
    },
    "would_added": {
        "en": "{title}: would add {server} to {file}.",
        "es": "{title}: se agregaría {server} a {file}.",
    },
    "would_updated": {
        "en": "{title}: would update {server} in {file}.",
        "es": "{title}: se actualizaría {server} en {file}.",
    },
    "would_removed": {
        "en": "{title}: would remove {server} from {file}.",
        "es": "{title}: se quitaría {server} de {file}.",
    },
    "refused": {
        "en": "{title}: nothing was written to {file}: {why}",
        "es": "{title}: no se escribió nada en {file}: {why}",
    },
    "cannot_read": {"en": "{problem}.", "es": "no se puede leer ({problem})."},
    "cannot_edit": {"en": "{problem}.", "es": "no se puede cambiar ({problem})."},
    "not_ours": {
        "en": "it has another server of the name {server}; rename or remove that one, or use --print.",
        "es": "tiene otro servidor con el nombre {server}; renómbralo o quítalo, o usa --print.",
    },
    "conflict": {
        "en": "{name} of {server} decides in place of what would be written; remove it, or uninstall first.",
        "es": "{name} de {server} decide en lugar de lo que se escribiría; quítalo, o desinstala antes.",
    },
    "no_project": {
        "en": "it has no file of its own in a project; leave out --scope project.",
        "es": "no tiene archivo propio en un proyecto; quita --scope project.",
    },
    "no_key": {
        "en": "no key is kept for profile {profile}; run {login} first, or add --sandbox.",
        "es": "no hay llave del perfil {profile}; corre antes {login}, o agrega --sandbox.",
    },
    "backup": {"en": "    What was there is in {backup}", "es": "    Lo que había está en {backup}"},
    "had_key": {
        "en": "    The entry held a key in clear, and so does that copy: delete it when you need it no more.",
        "es": "    La entrada tenía una llave sin cifrar, y esa copia también: bórrala si ya no la usas.",
    },
    "not_found": {
        "en": "    {title} was not found on this machine; it reads this file once it is installed.",
        "es": "    No se encontró {title} en este equipo; lee este archivo cuando se instale.",
    },
    "starts": {"en": "    It starts: {words}", "es": "    Arranca: {words}"},
    "asks_key": {
        "en": "    {title} asks for the key when it starts the server, and keeps it encrypted.",
        "es": "    {title} pide la llave al arrancar el servidor, y la guarda cifrada.",
    },
    "restart_desktop": {
        "en": "Next: quit {title} and open it again.",
        "es": "Sigue: cierra {title} por completo y ábrelo de nuevo.",
    },
    "restart_shell": {
        "en": "Next: start {title} anew; a session that runs does not notice.",
        "es": "Sigue: arranca {title} de nuevo; una sesión abierta no lo nota.",
    },
    "none_found": {
        "en": "None of the clients was found on this machine: {names}.",
        "es": "No se encontró ninguno de los clientes en este equipo: {names}.",
    },
    "choose": {
        "en": "expected one client, or --all: {names}",
        "es": "se esperaba un cliente, o --all: {names}",
    },
    "print": {"en": "{title} reads {files}:", "es": "{title} lee {files}:"},
    "needs_login": {
        "en": "The key is not in it: run {login} first.",
        "es": "La llave no está ahí: corre antes {login}.",
    },
}


def tell(name: str, language: str, /, **facts: Any) -> str:
    return WORDS[name][language].format(**facts)


def describe_change(change: Change, server: str, language: str, *, dry: bool) -> Iterator[str]:
    """Yield the lines about one file."""
    client = change.client
    facts = {"title": client.title, "server": server, "file": change.file}
    if change.done == "refused":
        given = {name: speak(fact, language) for name, fact in (change.facts or {}).items()}
        why = tell(change.reason or "", language, **given)
        yield tell("refused", language, **facts, why=why)
        return
    would = dry and change.done in {"added", "updated", "removed"}
    yield tell(f"would_{change.done}" if would else change.done, language, **facts)
    if change.done in {"added", "updated"} and change.entry:
        words = [change.entry[client.command], *change.entry["args"]]
        yield tell("starts", language, words=" ".join(map(quote_word, words)))
        if "${input:" in str(change.entry.get(client.env)):
            yield tell("asks_key", language, title=client.title)
    if change.is_new_place:
        yield tell("not_found", language, title=client.title)
    if change.backup:
        yield tell("backup", language, backup=change.backup)
    if change.had_key and change.backup:
        yield tell("had_key", language)


def quote_word(word: str) -> str:
    return f'"{word}"' if " " in word else word
