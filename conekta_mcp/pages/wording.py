"""The texts of the pages, in Spanish and English, and the choice of the reader's language."""

from collections.abc import Callable, Mapping
from functools import partial

from starlette.requests import Request

from conekta_mcp.settings.table import LANGUAGES

Words = Mapping[str, str]
APPROVAL_WORDS: dict[str, Words] = {
    "title": {"es": "¿Lo apruebas?", "en": "Do you approve this?"},
    "live": {"es": "EN VIVO", "en": "LIVE"},
    "test": {"es": "PRUEBA", "en": "TEST"},
    "approve": {"es": "Sí, hazlo una vez", "en": "Yes, do it once"},
    "decline": {"es": "No", "en": "No"},
    "expires_in": {"es": "Puedes responder todavía:", "en": "Time left to answer:"},
    "changes": {"es": "Qué cambia", "en": "What changes"},
    "field": {"es": "Dato", "en": "Field"},
    "before": {"es": "Antes", "en": "Before"},
    "after": {"es": "Después", "en": "After"},
    "recurrence": {"es": "Se repite", "en": "Repeats"},
    "unknown_amount": {"es": "un importe desconocido", "en": "an unknown sum"},
    "every": {"es": "cada", "en": "every"},
    "whenever": {"es": "cada vez que alguien quiera", "en": "whenever somebody wants"},
    "endless": {"es": "sin fin", "en": "without end"},
    "once": {"es": "vez", "en": "time"},
    "times": {"es": "veces", "en": "times"},
    "tool": {"es": "Operación", "en": "Operation"},
    "result": {"es": "Cómo terminó", "en": "How it ended"},
    "result_applied": {"es": "Se hizo, una vez", "en": "It was done, once"},
    "result_not_applied": {"es": "No se hizo nada", "en": "Nothing was done"},
    "result_unknown": {
        "es": "No se sabe si se hizo: búscalo en Conekta antes de repetirlo",
        "en": "It is not known whether it was done: look for it at Conekta before you repeat it",
    },
    "result_id": {"es": "Número en Conekta", "en": "Id at Conekta"},
    "result_message": {"es": "Qué se respondió", "en": "What was answered"},
    "ended_by_server": {"es": "La llamada ya terminó", "en": "The call has ended"},
    "ended_by_server_next": {
        "es": "Dijiste que sí, y este servidor siguió con ella. Abajo dice cómo terminó.",
        "en": "You said yes, and this server went on with it. Below it says how it ended.",
    },
    "changed_amount": {"es": "Importe", "en": "Amount"},
    "changed_recurrence": {"es": "Repetición", "en": "Recurrence"},
    "changed_payer": {"es": "Quien paga", "en": "Who pays"},
    "changed_plan": {"es": "Plan", "en": "Plan"},
    "reversible": {"es": "¿Se puede deshacer?", "en": "Can it be undone?"},
    "is_reversible": {"es": "Sí, con otra operación", "en": "Yes, by another operation"},
    "is_final": {"es": "No", "en": "No"},
    "ended": {
        "es": "El programa que hizo esta pregunta ya terminó: aquí ya no puedes responder. Vuelve al chat.",
        "en": "The program that asked this has ended: you can no longer answer here. Go back to the chat.",
    },
    "ended_after": {
        "es": "El programa que hizo esta pregunta ya terminó: esta página ya no se actualiza.",
        "en": "The program that asked this has ended: this page is no longer updated.",
    },
    "approved": {"es": "Dijiste que sí", "en": "You said yes"},
    "approved_next": {
        "es": (
            "Si el chat sigue esperando, continúa solo y lo hace una vez. Si ya no espera, pídele que repita "
            "la misma llamada antes de que se acabe el tiempo. Puedes cerrar esta página."
        ),
        "en": (
            "If the chat still waits, it goes on by itself and does it once. If it no longer waits, ask it "
            "to make the same call again before the time is over. You can close this page."
        ),
    },
    "spent": {"es": "Tu sí ya se usó", "en": "Your yes was used"},
    "spent_next": {
        "es": "La llamada siguió con tu sí, una vez. El chat dice cómo terminó. Puedes cerrar esta página.",
        "en": "The call went on with your yes, once. The chat tells how it ended. You can close this page.",
    },
    "declined": {"es": "Dijiste que no", "en": "You said no"},
    "declined_next": {
        "es": "No se hace nada. El chat se entera. Puedes cerrar esta página.",
        "en": "Nothing is done. The chat is told. You can close this page.",
    },
    "elsewhere_approved": {"es": "Ya se aprobó", "en": "Already approved"},
    "elsewhere_declined": {"es": "Ya se rechazó", "en": "Already declined"},
    "decided_by": {"es": "Respondió", "en": "Answered by"},
    "decided_where": {"es": "Dónde", "en": "Where"},
    "elsewhere_next": {
        "es": "La primera respuesta es la que cuenta: aquí ya no cambia nada.",
        "en": "The first answer counts: nothing changes here any more.",
    },
    "at_client": {"es": "En el chat", "en": "In the chat"},
    "at_card": {"es": "En la tarjeta del chat", "en": "On the card in the chat"},
    "at_browser": {"es": "En una página de esta computadora", "en": "On a page of this computer"},
    "at_inbox": {"es": "En la bandeja de aprobaciones", "en": "In the approvals inbox"},
    "at_terminal": {"es": "En una terminal", "en": "On a terminal"},
    "at_preview": {"es": "En una vista previa del chat", "en": "In a preview in the chat"},
    "expired": {"es": "Ya no se puede responder", "en": "This can no longer be answered"},
    "expired_next": {
        "es": "Se acabó el tiempo, o cambió lo que se preguntaba. Con esta pregunta no se hizo nada.",
        "en": "Its time is over, or what it asked about has changed. Nothing was done through this question.",
    },
    "opening": {"es": "Abriendo la pregunta…", "en": "Opening the question…"},
    "needs_script": {
        "es": "Esta página necesita JavaScript para abrir la pregunta.",
        "en": "This page needs JavaScript to open the question.",
    },
    "used_address": {"es": "Esta dirección ya se usó", "en": "This address was used already"},
    "used_address_next": {
        "es": (
            "Cada dirección sirve una vez: responde en la página que se abrió con ella. Si no la abriste tú, "
            "la abrió antes otra persona u otro programa: avisa a quien administra este servidor."
        ),
        "en": (
            "Each address works once: answer on the page that was opened with it. If you did not open it, "
            "another person or program did so before: tell whoever runs this server."
        ),
    },
    "unknown_address": {"es": "Aquí no hay ninguna pregunta", "en": "There is no question here"},
    "unknown_address_next": {
        "es": "La dirección no es de este programa, o su pregunta ya se olvidó. Vuelve al chat.",
        "en": "The address is not of this program, or its question is forgotten. Go back to the chat.",
    },
    "unrecorded": {"es": "Tu respuesta se tomó", "en": "Your answer was taken"},
    "unrecorded_next": {
        "es": (
            "Cuenta, pero no se pudo escribir en el registro de auditoría, y mientras no se pueda no se "
            "hace nada. Avisa a quien administra este servidor."
        ),
        "en": (
            "It counts, but it could not be written to the audit log, and as long as that is so nothing is "
            "done. Tell whoever runs this server."
        ),
    },
    "refused": {"es": "Esta respuesta no se aceptó", "en": "This answer was not accepted"},
    "refused_next": {
        "es": "No vino de la página de la pregunta, así que no cuenta. Abre la página y responde ahí.",
        "en": "It did not come from the page of the question, so it does not count. Answer on that page.",
    },
}
WORDS: dict[str, Words] = {**APPROVAL_WORDS}


def bind_page_texts(language: str) -> Callable[[str], str]:
    """Return the function that returns a text by its name in `language`."""
    return partial(_find_words, language)


def _find_words(language: str, name: str) -> str:
    return WORDS[name][language]


def choose_language(request: Request, operator_language: str) -> str:
    """Return the operator's language, unless the browser prefers the other one."""
    weights = parse_accept_language(request.headers.get("accept-language", ""))
    other = next(one for one in LANGUAGES if one != operator_language)
    return other if weights.get(other, 0.0) > weights.get(operator_language, 0.0) else operator_language


def parse_accept_language(header: str) -> dict[str, float]:
    """Return the weight of each language, by its first letters; unreadable parts are ignored."""
    weights: dict[str, float] = {}
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().split("-")[0]
        try:
            value = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        weights[language] = max(value, weights.get(language, 0.0))
    return weights
