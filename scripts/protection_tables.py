"""The tables of docs/policy.md, docs/how-a-write-works.md and docs/safety.md in both languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path

from promises import load_promises

from conekta_mcp.cli.spanish.setting_texts import describe_in_spanish
from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.effects.question_text import to_language
from conekta_mcp.effects.write_plan import Unasked
from conekta_mcp.settings.limits import Limits
from conekta_mcp.settings.reading import list_settings

SPANISH_PROMISES = Path(__file__).parent / "promises_es.toml"
HEADS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "limits": {
        "en": ("in the file", "flag", "variable", "limits"),
        "es": ("en el archivo", "opción", "variable", "limita"),
    },
    "unasked": {
        "en": ("not asked about by default", "why"),
        "es": ("por esto no se pregunta", "por qué"),
    },
    "terms": {
        "en": ("term", "length", "where it is set"),
        "es": ("plazo", "duración", "dónde se define"),
    },
    "proof": {"en": ("promise", "tests"), "es": ("promesa", "pruebas")},
}
SET_TERMS = {"key_days": "days", "duplicate_window": "s", "approval_seconds": "s"}
"""The terms that are settings, with the unit of each."""
FIXED_TERMS = {
    "storage/serialization.py: TOMBSTONE_SECONDS": {
        "en": "a key that is too old for its answer is refused",
        "es": "se rechaza una llave demasiado vieja para su respuesta",
    },
    "writes/equal_calls.py: LOST_SECONDS": {
        "en": "a lost write that is not settled holds equal ones back",
        "es": "una escritura perdida sin aclarar detiene a las iguales",
    },
    "writes/intents.py: WAIT_SECONDS": {
        "en": "a call waits for another with the same key, or on the same object",
        "es": "una llamada espera a otra con la misma llave, o sobre el mismo objeto",
    },
    "writes/intent_sender.py: FENCE_SECONDS": {
        "en": "a confirmation of the fence holds",
        "es": "vale una confirmación de la valla",
    },
    "writes/intent_sender.py: MAX_WAIT_SECONDS": {
        "en": "a call may be held up before its request leaves",
        "es": "una llamada puede estar detenida antes de que salga su petición",
    },
    "writes/settling.py: QUIET_SECONDS": {
        "en": "absence: from the last attempt to the first reading that counts",
        "es": "ausencia: de la última tentativa a la primera lectura que cuenta",
    },
    "writes/settling.py: ABSENCE_SECONDS": {
        "en": "absence: from that reading to the second one",
        "es": "ausencia: de esa lectura a la segunda",
    },
    "writes/settling.py: EARLY_SECONDS": {
        "en": "a row may be a lost write's from so long before its first attempt",
        "es": "una fila puede ser de una escritura perdida desde tanto antes de su primera tentativa",
    },
    "writes/settling.py: LATE_SECONDS": {
        "en": "a row may be a lost write's until so long after its last attempt",
        "es": "una fila puede ser de una escritura perdida hasta tanto después de su última tentativa",
    },
    "writes/settling.py: KEY_SECONDS": {
        "en": "Conekta is trusted to remember an `Idempotency-Key`",
        "es": "se confía en que Conekta recuerda una `Idempotency-Key`",
    },
    "consent/pauses.py: PAUSE_SECONDS": {
        "en": "after five refusals or silences, nobody is asked",
        "es": "después de cinco rechazos o silencios, no se le pregunta a nadie",
    },
}
"""The terms that nobody sets, with what each is."""
UNLESS = {"en": "unless it changes", "es": "salvo que cambie"}
DAYS = {"en": ("day", "days"), "es": ("día", "días")}


def render_limits_table(language: str = "en") -> str:
    """Return the table of limits of docs/policy.md."""
    rows = [
        f"| `{one.name}` | `{one.metadata['flag']}` | `{one.metadata['env']}` "
        f"| {describe_in_spanish(one.name) if language == 'es' else one.metadata['help']} |"
        for one in fields(Limits)
    ]
    return "\n".join([*_render_head("limits", language), *rows])


def render_unasked_table(language: str = "en") -> str:
    """Return the table of docs/policy.md of the writes that nobody is asked about by default, by reason."""
    tools: dict[tuple[Unasked, tuple[str, ...]], list[str]] = {}
    for name, plan in WRITE_PLANS.items():
        if plan.unasked:
            tools.setdefault((plan.unasked, plan.asked_about), []).append(f"`{name}`")
    rows = [
        f"| {', '.join(names)}{_render_exception(asked_about, language)} "
        f"| {to_language(why.value, language)} |"
        for why in Unasked
        for (reason, asked_about), names in tools.items()
        if reason is why
    ]
    return "\n".join([*_render_head("unasked", language), *rows])


def _render_exception(arguments: tuple[str, ...], language: str) -> str:
    named = ", ".join(f"`{argument}`" for argument in arguments)
    return f" {UNLESS[language]} {named}" if named else ""


def render_terms_table(language: str = "en") -> str:
    """Return the table of terms of docs/how-a-write-works.md."""
    settings = {one.name: one for one in list_settings()}
    units = {"days": DAYS[language][1], "s": "s"}
    rows = [
        f"| {describe_in_spanish(name) if language == 'es' else (one := settings[name]).metadata['help']} "
        f"| {(one := settings[name]).default} {units[unit]} | `{one.metadata['flag']}` |"
        for name, unit in SET_TERMS.items()
    ]
    rows += [
        f"| {what[language]} | {_read_seconds(where, language)} | `{where}` |"
        for where, what in FIXED_TERMS.items()
    ]
    return "\n".join([*_render_head("terms", language), *rows])


def _read_seconds(where: str, language: str) -> str:
    file, name = where.split(": ")
    module = import_module(f"conekta_mcp.{file.removesuffix('.py').replace('/', '.')}")
    seconds = getattr(module, name)
    days = seconds / 86_400
    return f"{days:g} {DAYS[language][days != 1]}" if days >= 1 and days.is_integer() else f"{seconds:g} s"


def render_promises_list(language: str = "en") -> str:
    """Give the promises of docs/safety.md, by group."""
    lines: list[str] = []
    for promise in load_promises():
        group = translate_promise("groups", promise.group, language)
        if f"**{group}**" not in lines:
            lines += ["", f"**{group}**", ""]
        lines.append(f"- **{promise.id}** {translate_promise('says', promise.says, language)}")
    return "\n".join(lines[1:])


def translate_promise(kind: str, text: str, language: str) -> str:
    """Return the words of a promise in a language.

    Raises:
        LookupError: the English words changed, and the Spanish ones did not.
    """
    if language == "en":
        return text
    if text not in (known := load_translations()[kind]):
        raise LookupError(f"{SPANISH_PROMISES.name} [{kind}] lacks: {text}")
    return known[text]


@cache
def load_translations() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(SPANISH_PROMISES.read_text(encoding="utf-8"))


def render_proof_table(language: str = "en") -> str:
    """Give the tests that each promise is held by."""
    rows = [f"| {one.id} | {'<br>'.join(f'`{test}`' for test in one.tests)} |" for one in load_promises()]
    return "\n".join([*_render_head("proof", language), *rows])


def _render_head(table: str, language: str) -> list[str]:
    cells = HEADS[table][language]
    return [f"| {' | '.join(cells)} |", "|---" * len(cells) + "|"]
