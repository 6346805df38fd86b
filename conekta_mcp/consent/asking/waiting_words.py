"""The texts of a waiting call, in the operator's language: that it waits, and where to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conekta_mcp.consent.pending.record import Channel

WAITING = {
    "es": "Esperando el sí de una persona…",
    "en": "Waiting for a person's yes…",
}
PENDING = {
    "es": "Una persona tiene que aprobarlo y aún no responde. NO se ha hecho nada.",
    "en": "A person has to approve this and has not answered yet. NOTHING was done.",
}
PLACES: dict[Channel, dict[str, str]] = {
    "client": {
        "es": "En la pregunta que muestra este cliente.",
        "en": "In the question that this client shows.",
    },
    "card": {
        "es": "En la tarjeta de esta conversación.",
        "en": "On the card in this conversation.",
    },
    "browser": {
        "es": "En la página que se abre en el navegador de esta computadora.",
        "en": "On the page that opens in the browser of this computer.",
    },
    "inbox": {
        "es": "En la bandeja de aprobaciones de este servidor ({root}/approvals), con su propia sesión.",
        "en": "In the approvals inbox of this server ({root}/approvals), by somebody who signs in there.",
    },
    "terminal": {
        "es": "En una terminal de la computadora del servidor: conekta-mcp approvals",
        "en": "On a terminal of the server's computer: conekta-mcp approvals",
    },
    "preview": {
        "es": "Aquí: muéstrale preview.question palabra por palabra; si dice que sí, repite con approval.",
        "en": "Here: show preview.question word for word; if they say yes, repeat with approval.",
    },
}
RETRY_SECONDS = 15
"""After how long a call with a pending approval should be repeated."""
HINT = (
    "Tell the person where to answer. After retry_after_s make the very same call again: it joins this "
    "question and acts once it is approved. Do not change its arguments or call another tool for it."
)


def write_unread_hint(places: str) -> str:
    """Return what to do after a form that nobody can have read; `places` say where else to answer."""
    going_on = (
        "the operator can leave client out of --approval-channels, and the person answers elsewhere: "
        if places
        else "nobody can approve here: the user needs a client that shows forms, or the operator another "
        "place to answer (--store, --approvers, --approval-channels)."
    )
    return (
        "Do not repeat the call unless the person asks for it again. The client answered its form at once, "
        f"as programs without a person do. If the person saw no form, {going_on}{places}"
    )


def describe_places(offered: Iterable[Channel], language: str, root_path: str) -> list[tuple[Channel, str]]:
    """Return each channel on which a person can answer with its place in words, never an address.

    `root_path` is the prefix under which a proxy serves this server.
    """
    return [(channel, PLACES[channel][language].format(root=root_path)) for channel in offered]
