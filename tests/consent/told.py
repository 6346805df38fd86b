"""The complete errors of calls that nobody approved."""

from typing import Any

AGAIN = "If the person still wants it, make the call anew: they are asked again."


def refusal(kind: str, code: str, spanish: str, english: str, hint: str = AGAIN) -> dict[str, Any]:
    return {
        "error": {
            "type": kind,
            "code": f"conekta_mcp.errors.{code}",
            "message": spanish,
            "debug_message": english,
            "retryable": False,
            "outcome": "not_applied",
            "hint": hint,
        }
    }


DECLINED = refusal(
    "consent_declined",
    "consent_declined",
    "La persona no lo aprobó. No se envió nada.",
    "The person did not approve it. Nothing was sent.",
    "Do not repeat the call unless the person asks for it again.",
)
CLOSED = refusal(
    "consent_declined",
    "consent_declined",
    "La persona no lo aprobó. No se envió nada.",
    "The person did not approve it. Nothing was sent.",
    "Do not repeat the call unless the person asks for it again. The client answered its form at once, as "
    "programs without a person do. If the person saw no form, nobody can approve here: the user needs a "
    "client that shows forms, or the operator another place to answer (--store, --approvers, "
    "--approval-channels).",
)
UNCLEAR = refusal(
    "consent_invalid",
    "consent_unclear",
    "La respuesta a la pregunta no fue ni sí ni no. No se envió nada.",
    "The answer to the question was neither yes nor no. Nothing was sent.",
)
INVALID = refusal(
    "consent_invalid",
    "consent_invalid",
    "Esta aprobación no es de esta llamada, o fue alterada. No se envió nada.",
    "This approval does not belong to this call, or was altered. Nothing was sent.",
)
CHANGED = refusal(
    "consent_invalid",
    "consent_changed",
    "Lo que pasaría cambió después de preguntar a la persona. No se envió nada.",
    "What would happen changed after the person was asked. Nothing was sent.",
)
USED = refusal(
    "consent_invalid",
    "consent_used",
    "Esta aprobación ya se usó; sirve una vez. No se envió nada por esta llamada.",
    "This approval was used before; it works once. Nothing was sent for this call.",
    f"Look whether the first call was applied before anything else. {AGAIN}",
)
EXPIRED = refusal(
    "consent_expired",
    "consent_expired",
    "La aprobación no llegó a tiempo. No se envió nada.",
    "The approval did not come in time. Nothing was sent.",
)
UNASKED = refusal(
    "consent_unavailable",
    "consent_unasked",
    "El cliente no logró preguntar a la persona. No se envió nada.",
    "The client failed to ask the person. Nothing was sent.",
)
CANNOT = {
    "code": "conekta_mcp.errors.consent_unavailable",
    "message": "Una persona tiene que aprobar esto y este cliente no puede preguntarle. No se envió nada.",
    "debug_message": "A person has to approve this, and this client cannot ask. Nothing was sent.",
}
USER_CHOICES = {
    "code": "conekta_mcp.errors.consent_user_choices",
    "message": (
        "Usuario: usa un cliente que pueda preguntar (elicitation de MCP), o hazlo en el panel de Conekta."
    ),
    "debug_message": "User: use a client that can ask (MCP elicitation), or do it in Conekta's panel.",
}
OPERATOR_CHOICES = {
    "code": "conekta_mcp.errors.consent_operator_choices",
    "message": (
        "Operador: --confirm dice qué necesita un sí; --approval-channels, --store y --approvers dicen dónde "
        "puede responder una persona; --allow-preview deja que el modelo muestre una vista previa y repita "
        "la llamada con su código, lo que es más débil: nada prueba que una persona la vio."
    ),
    "debug_message": (
        "Operator: --confirm says what needs a yes; --approval-channels, --store and --approvers say "
        "where a person can answer; --allow-preview lets the model show a preview and repeat the call "
        "with its token, which is weaker: nothing proves that a person saw it."
    ),
    "param": "confirm",
}
CANNOT_ASK = {
    "error": {
        "type": "consent_unavailable",
        **CANNOT,
        "details": [CANNOT, USER_CHOICES, OPERATOR_CHOICES],
        "retryable": False,
        "outcome": "not_applied",
        "hint": "Do not repeat the call here. Tell the person the choices in details.",
    }
}
PREVIEWED = "AÚN NO se hizo: es una vista previa que una persona tiene que ver y aprobar. No se envió nada."
