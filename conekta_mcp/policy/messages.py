"""The messages of policies and limits, for people and agents, in Spanish and in English."""

from collections.abc import Mapping

from conekta_mcp.redaction import to_error_text

Texts = Mapping[str, str]
"""One text by language, "es" and "en"."""


def format_texts(key: str, **facts: object) -> Texts:
    """Return the text named `key` in both languages, with its facts filled in."""
    return {language: text.format(**facts) for language, text in MESSAGES[key].items()}


REASONS: Mapping[str, Texts] = {
    "money": {"en": "moves or asks for money", "es": "mueve o pide dinero"},
    "removal": {"en": "ends or removes something", "es": "termina o quita algo"},
    "secret": {"en": "shows or makes a secret", "es": "muestra o crea un secreto"},
    "irreversible": {"en": "cannot be undone", "es": "no se puede deshacer"},
    "destination": {
        "en": "decides who gets money or data, or who is believed",
        "es": "decide quién recibe dinero o datos, o en quién se confía",
    },
    "write": {"en": "changes something", "es": "cambia algo"},
}
"""Why a person is asked, as the end of a sentence that begins with "this call"."""
MESSAGES: Mapping[str, Texts] = {
    "lost_before": {
        "en": "An earlier try of the same was lost and may still arrive: a person approves another.",
        "es": "Un intento anterior de lo mismo se perdió y aún podría llegar: una persona aprueba otro.",
    },
    "more_than_a_call": {
        "en": "One call may be of {most} at most ({limit}); this one is of {amount}.",
        "es": "Una llamada puede ser de {most} cuando mucho ({limit}); esta es de {amount}.",
    },
    "more_than_a_day": {
        "en": "The day's limit {limit} is {most}; this call alone is of {amount}.",
        "es": "El límite del día {limit} es de {most}; esta sola llamada es de {amount}.",
    },
    "more_than_a_month": {
        "en": "One call may ask for {most} a month at most ({limit}); this one asks for {amount}.",
        "es": "Una llamada puede pedir {most} al mes cuando mucho ({limit}); esta pide {amount}.",
    },
    "endless": {
        "en": (
            "This call asks for money again and again without end, and {limit} limits amounts. "
            "--max-recurring (max_recurring) allows it up to so many MXN a month."
        ),
        "es": (
            "Esta llamada pide dinero una y otra vez sin fin, y {limit} limita los montos. "
            "--max-recurring (max_recurring) lo permite hasta tantos MXN al mes."
        ),
    },
    "endless_unknown": {
        "en": (
            "Nothing tells how much this call may ask for in a month, so that it cannot be compared with "
            "{limit}. A link needs payments_limit_count and no on_demand_enabled."
        ),
        "es": (
            "Nada dice cuánto puede pedir esta llamada en un mes, así que no se puede comparar con {limit}. "
            "Una liga necesita payments_limit_count y no on_demand_enabled."
        ),
    },
    "refundable": {
        "en": "{most} can still be refunded; this call is of {amount}.",
        "es": "Todavía se pueden reembolsar {most}; esta llamada es de {amount}.",
    },
    "nothing_left": {
        "en": "Nothing is left to be charged here; this call is of {amount}.",
        "es": "Aquí no queda nada por cobrar; esta llamada es de {amount}.",
    },
    "ceiling": {
        "en": "{most} can be moved at most; this call is of {amount}.",
        "es": "Se pueden mover {most} cuando mucho; esta llamada es de {amount}.",
    },
    "currency": {
        "en": "{limit} is a limit in MXN and cannot be compared with {currency}.",
        "es": "{limit} es un límite en MXN y no se puede comparar con {currency}.",
    },
    "amount_unknown": {
        "en": "The amount of this call cannot be known before it acts, and {limit} limits amounts.",
        "es": "No se puede conocer el monto de esta llamada antes de hacerla, y {limit} limita los montos.",
    },
    "amount_unreadable": {
        "en": "Conekta does not show the sum that this call depends on, so that it cannot be checked.",
        "es": "Conekta no muestra el monto del que depende esta llamada, así que no se puede comprobar.",
    },
    "amount_negative": {
        "en": "The amount of this call is below zero.",
        "es": "El monto de esta llamada es menor que cero.",
    },
    "amount_zero": {
        "en": "The amount of this call is zero.",
        "es": "El monto de esta llamada es cero.",
    },
    "time_is_over": {
        "en": "{argument}: it was {when}, and it is {now}; expected a time to come, in unix seconds.",
        "es": "{argument}: fue el {when}, y ya es el {now}; se esperaba una hora futura, en segundos unix.",
    },
    "born_later": {
        "en": "{argument}: nobody was born after today, {today}.",
        "es": "{argument}: nadie nació después de hoy, {today}.",
    },
    "daily_amount": {
        "en": (
            "The day's limit {limit} is {most}: {spent} are spent, {left} are left, and this call is of "
            "{amount}. The day ends on {ends}."
        ),
        "es": (
            "El límite del día {limit} es de {most}: van {spent}, quedan {left} y esta llamada es de "
            "{amount}. El día termina el {ends}."
        ),
    },
    "daily_calls": {
        "en": ("The day's limit {limit} is {most} calls, and {spent} were made. The day ends on {ends}."),
        "es": ("El límite del día {limit} es de {most} llamadas y ya van {spent}. El día termina el {ends}."),
    },
    "rule_denies": {
        "en": "A rule of the operator does not allow {tool} here (rule {rule}).",
        "es": "Una regla del operador no permite {tool} aquí (regla {rule}).",
    },
    "no_rule_allows": {
        "en": "The operator allows only what a rule allows, and none allows {tool} here.",
        "es": "El operador solo permite lo que una regla permite, y ninguna permite {tool} aquí.",
    },
    "rule_confirms": {
        "en": "A rule of the operator asks for a person's yes (rule {rule}).",
        "es": "Una regla del operador pide el sí de una persona (regla {rule}).",
    },
    "level_confirms": {
        "en": 'A person has to say yes: consent is set to "{level}" in {mode} mode, and this call {reason}.',
        "es": (
            'Una persona tiene que decir que sí: la confirmación está en "{level}" en modo {mode}, y esta '
            "llamada {reason}."
        ),
    },
    "allowed": {
        "en": "Nothing hinders it.",
        "es": "Nada lo impide.",
    },
}


def format_level_text(mode: str, level: str, reason: str) -> Texts:
    """Return why a person is asked at this level; `reason` is a key of `REASONS`."""
    return {
        language: format_texts("level_confirms", mode=mode, level=level, reason=words)[language]
        for language, words in REASONS[reason].items()
    }


def format_rule_text(key: str, rule: str, reason: str | None, tool: str) -> Texts:
    """Return which rule decides, with the operator's reason as they wrote it."""
    addition = f" {to_error_text(reason)}" if reason else ""
    texts = format_texts(key, rule=to_error_text(rule), tool=tool)
    return {language: f"{text}{addition}" for language, text in texts.items()}
