"""Messages for invalid arguments, in English and Spanish: what was expected, never what was sent."""

from typing import Any

from pydantic_core import ErrorDetails

from conekta_mcp.consent.asking.waiting_words import PENDING

MONEY_ARGUMENTS = {"amount", "unit_price"}

ENGLISH = {
    "missing": "is required",
    "extra_forbidden": "is not an argument of this tool",
    "misspelt_argument": "is not an argument of this tool; did you mean {near}?",
    "int_type": "expected a whole number",
    "centavos": "expected a whole number of centavos, such as 50000 for MXN 500.00",
    "bool_type": "expected true or false",
    "string_type": "expected a text",
    "list_type": "expected a list",
    "dict_type": "expected an object",
    "model_type": "expected an object",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
    "string_too_short": "expected at least {min_length} characters",
    "string_too_long": "expected at most {max_length} characters",
    "too_short": "expected at least {min_length}",
    "too_long": "expected at most {max_length}",
    "literal_error": "expected {expected}",
    "string_pattern_mismatch": "expected a text that matches {pattern}",
    "scalar": "expected a text up to 249 characters, a number, true or false",
    "id_start_shape": "expected an id that starts with {expected}",
    "intent_mark": "expected a value of yours, not a mark of this server",
    "unix_seconds": "expected unix seconds, not milliseconds",
    "unix_time": "expected a whole number of unix seconds, such as 1798696800",
    "payer_missing": "customer_id, or name, email and phone, are needed; missing: {absent}",
    "card_missing": "token_id or payment_source_id is needed",
    "owner_missing": "payment_source_id needs the customer_id that it belongs to",
    "contradiction": "{one} cannot go together with {others}",
    "nothing_to_pay": "reference or order_id is needed",
    "change_missing": "say what to change",
    "token_missing": "a card needs its token_id",
    "event_name": "expected an event name such as order.paid",
    "file_missing": "path, or base64 and name, are needed",
    "same_evidence": "one file for each evidence type",
    "clue_missing": "say at least one thing about the payment",
    "one_customer": "one of customer_id, email and phone is needed",
    "subscription_missing": "customer_id or subscription_id is needed",
}

SPANISH = {
    "missing": "es obligatorio",
    "extra_forbidden": "no es un argumento de esta herramienta",
    "misspelt_argument": "no es un argumento de esta herramienta; ¿quisiste decir {near}?",
    "int_type": "se esperaba un número entero",
    "centavos": "se esperaba un número entero de centavos, por ejemplo 50000 para MXN 500.00",
    "bool_type": "se esperaba true o false",
    "string_type": "se esperaba un texto",
    "list_type": "se esperaba una lista",
    "dict_type": "se esperaba un objeto",
    "model_type": "se esperaba un objeto",
    "greater_than_equal": "se esperaba {ge} o más",
    "less_than_equal": "se esperaba {le} o menos",
    "string_too_short": "se esperaban al menos {min_length} caracteres",
    "string_too_long": "se esperaban como máximo {max_length} caracteres",
    "too_short": "se esperaba al menos {min_length}",
    "too_long": "se esperaban como máximo {max_length}",
    "literal_error": "se esperaba {expected}",
    "string_pattern_mismatch": "se esperaba un texto con la forma {pattern}",
    "id_start_shape": "se esperaba un id que empieza con {expected}",
    "hexadecimal_shape": "se esperaba un id de 24 dígitos hexadecimales",
    "uuid_shape": "se esperaba un id que es un UUID",
    "plan_id_shape": "se esperaba el id de un plan: letras, dígitos, - y _",
    "rule_id_shape": "se esperaba un id de 17 o 24 letras y dígitos",
    "name_shape": "se esperaba un nombre, no espacios",
    "email_shape": "se esperaba un correo como ana@example.com",
    "phone_shape": "se esperaba un teléfono como +525555555555",
    "date_shape": "se esperaba DD/MM/AAAA",
    "date_impossible": "ese día no existe; se esperaba DD/MM/AAAA",
    "country_shape": "se esperaban dos letras como MX",
    "cursor_shape": "se esperaba un cursor de una respuesta anterior",
    "letters_shape": "se esperaban dos letras de la A a la Z seguidas",
    "scalar": "se esperaba un texto de hasta 249 caracteres, un número, true o false",
    "intent_mark": "se esperaba un valor tuyo, no una marca de este servidor",
    "unix_seconds": "se esperaban segundos unix, no milisegundos",
    "unix_time": "se esperaba un número entero de segundos unix, como 1798696800",
    "payer_missing": "hace falta customer_id, o name, email y phone; falta: {absent}",
    "card_missing": "hace falta token_id o payment_source_id",
    "owner_missing": "payment_source_id necesita el customer_id de su dueño",
    "contradiction": "{one} no va junto con {others}",
    "nothing_to_pay": "hace falta reference u order_id",
    "change_missing": "di qué cambiar",
    "token_missing": "una tarjeta necesita su token_id",
    "event_name": "se esperaba el nombre de un evento como order.paid",
    "whole_value_shape": (
        "se esperaba completo un correo, un teléfono de 10 dígitos o más, un id, o una referencia de letras "
        "y dígitos"
    ),
    "webhook_url_shape": "se esperaba una dirección http(s) completa y sin máscara",
    "file_missing": "hace falta path, o base64 y name",
    "file_name_shape": "se esperaba un nombre de archivo como id.pdf",
    "mcc_shape": "se esperaban cuatro dígitos",
    "key_shape": "se esperaban de 1 a 64 caracteres ASCII visibles, sin espacios",
    "approval_shape": "se esperaba el código de una vista previa",
    "clabe_shape": "se esperaban los 18 dígitos de una CLABE",
    "clabe_digit": "un dígito está mal: el dígito de control no corresponde",
    "web_shape": "se esperaba una dirección http(s)",
    "word_shape": "se esperaba una palabra como capture",
    "currency_shape": "se esperaba MXN o USD",
    "url_shape": "se esperaba una dirección que empiece con https://",
    "same_evidence": "un archivo por cada tipo de evidencia",
    "clue_missing": "di al menos un dato del pago",
    "any_id_shape": "se esperaba el id de una orden (ord_), un cliente (cus_), un cargo o un link",
    "payment_id_shape": "se esperaba el id de una orden (ord_), un cargo o un link",
    "payable_id_shape": "se esperaba el id de una orden (ord_) o un link",
    "one_customer": "hace falta uno de customer_id, email y phone",
    "subscription_missing": "hace falta customer_id o subscription_id",
    "day_shape": "se esperaba un día como 2026-11-27 o ayer, días como la semana pasada, o segundos unix",
}

SPANISH_BY_CODE = {
    "unreadable_answer": "Conekta respondió otra cosa que lo que se pidió.",
    "declined": "El cargo fue rechazado y no se cobró nada; created dice qué quedó de él.",
    "no_answer": "Conekta no respondió.",
    "dns_failed": "Conekta no respondió: el DNS no conoce su dirección.",
    "connection_refused": "Conekta no respondió: la conexión fue rechazada.",
    "untrusted_certificate": "Conekta no respondió: su certificado no es de una autoridad de confianza.",
    "tls_failed": "Conekta no respondió: la otra parte no habla TLS como se esperaba.",
    "proxy_failed": "Conekta no respondió: el proxy no dejó pasar la conexión.",
    "html_answer": "Llegó una página web en lugar de la respuesta de Conekta.",
    "circuit_open": "Conekta falló muchas veces seguidas; por un momento no se le envía nada.",
    "not_configured": "Falta la llave de Conekta: corre conekta-mcp login, o prueba con --sandbox.",
    "profile_without_key": "La llave de ese perfil no se puede usar.",
    "unknown_profile": "profile: ese perfil no se puede usar aquí.",
    "profile_mode": "La llave de ese perfil no es del modo que el operador dijo: no escribe nada.",
    "unknown_tool": "No existe esa herramienta.",
    "not_switched_on": "Esa herramienta existe y no está encendida aquí.",
    "wrong_caller": "Esa operación se llama con la otra herramienta.",
    "crashed": "Falló algo en este servidor.",
    "files_folder_not_set": (
        "No hay carpeta de la cual leer archivos: el operador define CONEKTA_MCP_FILES o --files. "
        "O envía base64."
    ),
    "file_outside_folder": "La ruta no está dentro de la carpeta del operador.",
    "file_not_found": "No existe ese archivo en la carpeta del operador, o no se puede leer.",
    "file_not_regular": "La ruta no es un archivo regular.",
    "file_empty": "El archivo está vacío.",
    "file_too_large": "El archivo es más grande de lo que esta herramienta puede enviar.",
    "file_type_not_allowed": "Solo archivos PDF, JPEG y PNG, cuyo contenido sea lo que dice su nombre.",
    "file_not_base64": "El contenido no es base64.",
    "not_known": "Todavía no se sabe si esto se aplicó; no se envió nada otra vez.",
    "in_progress": "La misma intención aún está en curso; no se envió nada otra vez.",
    "idempotency_conflict": "Esta idempotency_key ya se usó, con otros argumentos.",
    "idempotency_expired": "Esta idempotency_key ya se usó; su respuesta ya no se guarda.",
    "possible_duplicate": "Hace un momento se hizo una llamada igual; esta no se envió.",
    "fence_lost": "Otra llamada tomó esta intención mientras esta se detuvo; esta no envió nada.",
    "waited_too_long": "Esta llamada se detuvo antes de salir; se abandonó y no envió nada.",
    "other_answer": "Conekta respondió con éxito, pero su respuesta muestra otra cosa.",
    "equal_lost": "Una llamada igual se perdió y aún no se sabe qué fue de ella; esta no se envió.",
    "busy": "Otras llamadas están trabajando en el mismo objeto; no se envió nada.",
    "audit_unavailable": "No se puede escribir la auditoría; no se envió nada.",
    "empty_range": "El periodo termina antes de empezar.",
    "parameter_validation.fields.invalid": "fields: ninguna fila tiene eso; debug_message nombra lo que hay.",
    "store_unavailable": "No responde el almacén que recuerda intentos y límites.",
    "store_not_opened": (
        "No se puede abrir ni crear el archivo del almacén: deja que lo lea y escriba el usuario que corre "
        "esto, y también su carpeta. conekta-mcp doctor lo nombra."
    ),
    "store_without_home": (
        "HOME o XDG_STATE_HOME no es la ruta completa de una carpeta, así que el almacén no tiene lugar: "
        "corrígela, o nombra un almacén con --store."
    ),
    "store_not_ours": (
        "Lo que nombra el ajuste del almacén no lo hizo conekta-mcp: el operador nombra otro archivo."
    ),
    "store_replaced": (
        "Quitaron o reemplazaron el archivo del almacén, o vaciaron su Redis, mientras corre este servidor: "
        "lo que sabía ya no está. Hay que reiniciar el servidor."
    ),
    "store_open_to_others": "Otros usuarios de esta máquina pueden leer o escribir el archivo del almacén.",
    "store_too_new": "Este almacén lo hizo un conekta-mcp más nuevo: usa esa versión u otro almacén.",
    "store_too_old": "Este almacén lo hizo un conekta-mcp no publicado: usa otro almacén.",
    "store_package_missing": (
        "Un almacén en Redis necesita un paquete más: pip install 'conekta-mcp[redis]', o con pipx: "
        "pipx inject conekta-mcp redis"
    ),
    "store_forgetful": (
        "Este Redis borra llaves cuando se llena su memoria, y con ellas los límites: pon su "
        "maxmemory-policy en noeviction."
    ),
    "consent_unavailable": (
        "Una persona tiene que aprobar esto y este cliente no puede preguntarle. No se envió nada."
    ),
    "consent_user_choices": (
        "Usuario: usa un cliente que pueda preguntar (elicitation de MCP), o hazlo en el panel de Conekta."
    ),
    "consent_operator_choices": (
        "Operador: --confirm dice qué necesita un sí; --approval-channels, --store y --approvers dicen dónde "
        "puede responder una persona; --allow-preview deja que el modelo muestre una vista previa y repita "
        "la llamada con su código, lo que es más débil: nada prueba que una persona la vio."
    ),
    "consent_paused": (
        "Por un rato no se pregunta a nadie: las últimas preguntas se rechazaron o no tuvieron respuesta. "
        "No se envió nada."
    ),
    "consent_pending": PENDING["es"],
    "consent_unasked": "El cliente no logró preguntar a la persona. No se envió nada.",
    "consent_declined": "La persona no lo aprobó. No se envió nada.",
    "consent_unclear": "La respuesta a la pregunta no fue ni sí ni no. No se envió nada.",
    "consent_invalid": "Esta aprobación no es de esta llamada, o fue alterada. No se envió nada.",
    "consent_changed": "Lo que pasaría cambió después de preguntar a la persona. No se envió nada.",
    "consent_used": "Esta aprobación ya se usó; sirve una vez. No se envió nada por esta llamada.",
    "consent_expired": "La aprobación no llegó a tiempo. No se envió nada.",
    "consent_preview": (
        "AÚN NO se hizo: es una vista previa que una persona tiene que ver y aprobar. No se envió nada."
    ),
}
"""The Spanish messages of the codes conekta_mcp.errors.*."""
HTTP_STATUS_PREFIX = "http_"


def find_spanish_message(code: str) -> str | None:
    """Return the Spanish message for one of our codes; None if the message is Spanish already."""
    if code.startswith(HTTP_STATUS_PREFIX):
        return f"Conekta respondió {code.removeprefix(HTTP_STATUS_PREFIX)} sin explicación."
    return SPANISH_BY_CODE.get(code)


def describe_in_english(problem: ErrorDetails) -> str:
    return _format_problem(problem, ENGLISH)


def describe_in_spanish(problem: ErrorDetails) -> str:
    # pydantic joins allowed values with "or".
    return _format_problem(problem, SPANISH).replace(" or ", " o ")


def _format_problem(problem: ErrorDetails, texts: dict[str, str]) -> str:
    context: dict[str, Any] = problem.get("ctx", {})
    # The usual mistake with an amount is to send pesos, so this message names the unit.
    kind = (
        "centavos"
        if problem["type"] == "int_type" and MONEY_ARGUMENTS & set(problem["loc"])
        else problem["type"]
    )
    template = texts.get(kind)
    return template.format(**context) if template else problem["msg"]
