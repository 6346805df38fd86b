"""The texts of the inbox, in Spanish and English."""

from collections.abc import Callable, Mapping

from conekta_mcp.pages.wording import WORDS

INBOX_WORDS: Mapping[str, Mapping[str, str]] = {
    "inbox": {"es": "Aprobaciones", "en": "Approvals"},
    "inbox_title": {"es": "Bandeja de aprobaciones", "en": "Approvals inbox"},
    "signed_in": {"es": "Entraste como", "en": "Signed in as"},
    "sign_in": {"es": "Entrar", "en": "Sign in"},
    "sign_out": {"es": "Salir", "en": "Sign out"},
    "name": {"es": "Nombre", "en": "Name"},
    "passphrase": {"es": "Frase de acceso", "en": "Passphrase"},
    "wrong": {
        "es": "El nombre o la frase de acceso no es correcto.",
        "en": "The name or the passphrase is not right.",
    },
    "too_many": {
        "es": "Demasiados intentos. Espera {minutes} min y vuelve a intentar.",
        "en": "Too many attempts. Wait {minutes} min and try again.",
    },
    "pending": {"es": "Por responder", "en": "Pending"},
    "no_pending": {"es": "No hay nada por responder.", "en": "Nothing is pending."},
    "decided": {"es": "Respondidas y cerradas", "en": "Decided and closed"},
    "no_decided": {"es": "Todavía no hay ninguna.", "en": "There is none yet."},
    "asked_by": {"es": "La pide la llave", "en": "Asked by key"},
    "time_left": {"es": "Tiempo", "en": "Time left"},
    "state": {"es": "Estado", "en": "State"},
    "record": {"es": "Registro de la aprobación", "en": "Record of the approval"},
    "id": {"es": "Número", "en": "Id"},
    "created_at": {"es": "Se preguntó", "en": "Asked"},
    "shown_at": {"es": "Alguien la vio", "en": "Seen"},
    "decided_at": {"es": "Se respondió", "en": "Answered"},
    "expires_at": {"es": "Vence", "en": "Expires"},
    "state_created": {"es": "nadie la ha visto", "en": "not seen yet"},
    "state_shown": {"es": "vista, sin respuesta", "en": "seen, not answered"},
    "state_approved": {"es": "aprobada, aún sin usar", "en": "approved, not used yet"},
    "state_declined": {"es": "rechazada", "en": "declined"},
    "state_expired": {
        "es": "vencida o retirada: no se hizo nada",
        "en": "expired or withdrawn: nothing was done",
    },
    "state_spent": {"es": "aprobada y usada, una vez", "en": "approved and used, once"},
    "take_back": {"es": "Retirar el sí", "en": "Take the yes back"},
    "take_back_next": {
        "es": "La llamada aún no se hace. Mientras no se haga, puedes retirar el sí.",
        "en": "The call has not been made yet. Until it is, the yes can be taken back.",
    },
    "own_call": {
        "es": "Esta llamada se hizo con una llave tuya: otra persona tiene que aprobarla. Puedes rechazarla.",
        "en": "This call was made with a key of yours: somebody else has to approve it. You can decline it.",
    },
    "four_eyes": {"es": "No puedes aprobar tu propia llamada", "en": "You cannot approve your own call"},
    "four_eyes_next": {
        "es": "Se hizo con una llave anotada como tuya, y aquí aprueba otra persona. No se hizo nada.",
        "en": "It was made with a key noted as yours, and here somebody else approves. Nothing was done.",
    },
    "unrecorded": WORDS["unrecorded"],
    "unrecorded_next": WORDS["unrecorded_next"],
    "forged": {"es": "Este envío no se aceptó", "en": "This was not accepted"},
    "forged_next": {
        "es": "No vino de una página de esta bandeja, o tu sesión terminó. Abre la bandeja y hazlo ahí.",
        "en": "It did not come from a page of this inbox, or your session is over. Try again in the inbox.",
    },
    "opening_inbox": {"es": "Abriendo la bandeja…", "en": "Opening the inbox…"},
    "nothing_here": {"es": "Aquí no hay nada", "en": "There is nothing here"},
    "unavailable": {"es": "La bandeja no responde ahora", "en": "The inbox does not answer now"},
    "unavailable_next": {
        "es": "No se pudieron leer las aprobaciones. No se hizo nada. Vuelve a intentar en un momento.",
        "en": "The approvals could not be read. Nothing was done. Try again in a moment.",
    },
    "opening_inbox_next": {
        "es": "Si no se abre, recarga esta página.",
        "en": "If it does not open, reload this page.",
    },
    "nothing_here_next": {
        "es": "Esa aprobación no existe, o se olvidó hace tiempo.",
        "en": "That approval does not exist, or was forgotten some time ago.",
    },
}


def bind_inbox_texts(language: str) -> Callable[[str], str]:
    """Return the function that returns a text by its name in `language`."""
    return lambda name: INBOX_WORDS[name][language]
