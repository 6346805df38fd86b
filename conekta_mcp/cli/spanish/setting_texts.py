"""The purpose of each setting in Spanish; `Settings` has the English text, and both for limits."""

from dataclasses import fields

from conekta_mcp.settings.limits import Limits
from conekta_mcp.settings.terms import ACCEPTABLE_LOSSES

SETTINGS: dict[str, str] = {
    "api_key": "llave privada de tu cuenta de Conekta; el sandbox no la necesita",
    "child_company_id": "actúa por esta empresa hija de un grupo",
    "profiles": "perfiles que las llamadas pueden usar; el primero se usa si no nombran ninguno",
    "profiles_file": "archivo TOML que nombra perfiles y dice dónde está cada llave",
    "base_url": "dirección de la API de Conekta",
    "api_version": "versión de la API de Conekta",
    "timeout": "cuánto esperar a Conekta, en segundos",
    "proxy": "proxy para las peticiones a Conekta; HTTP_PROXY y variables parecidas no se usan",
    "ca_file": (
        "archivo PEM con más autoridades de certificados en las que confiar, como la de tu empresa tras un "
        "proxy que inspecciona TLS; SSL_CERT_FILE no se usa"
    ),
    "root_path": "prefijo con el que un proxy sirve este servidor, como /conekta",
    "sandbox": "usa el Conekta sin red que viene incluido, en lugar del real",
    "state": "archivo que guarda los datos del sandbox; sin él se pierden al salir",
    "toolsets": "lista y permite solo estos grupos de herramientas; all: todos; none: ninguno",
    "tools": "lista y permite también estas herramientas; con --toolsets none, solo estas",
    "exclude": "no lista ni permite estas herramientas y grupos",
    "read_only": "permite solo herramientas que no cambian nada",
    "files_folder": "carpeta con archivos que las herramientas pueden subir; solo stdio y este equipo",
    "max_sessions": "máximo de sesiones abiertas a la vez por HTTP",
    "max_sessions_per_key": "máximo de estas sesiones por llave",
    "max_sessions_per_address": "máximo de estas sesiones por dirección de clientes",
    "max_unproven_sessions": "máximo de estas sesiones con llaves que Conekta aún no acepta",
    "session_idle": "termina una sesión tras tantos minutos sin mensajes",
    "max_connections": "máximo de conexiones de clientes abiertas a la vez",
    "request_timeout": (
        "cierra una conexión cuya petición no llega completa en tantos segundos, encabezado y cuerpo cada uno"
    ),
    "webhooks": ("recibe los eventos de Conekta en /webhooks/conekta, para notar los pagos en cuanto llegan"),
    "webhook_keys": (
        "archivo PEM con las llaves públicas que firman los webhooks, si la API de Conekta no las muestra; "
        "sin él se leen ahí una vez"
    ),
    "webhook_days": "por cuántos días se guarda qué eventos se recibieron",
    "webhook_events": "máximo de eventos recibidos que se guardan; los más viejos se van primero",
    "transport": "stdio, sse, streamable-http, o sse,streamable-http",
    "host": "dirección en la que escucha por HTTP",
    "port": "puerto en el que escucha por HTTP",
    "allowed_hosts": "más encabezados Host que se aceptan, separados por comas",
    "allowed_origins": "más encabezados Origin que se aceptan, separados por comas",
    "approval_seconds": (
        "por cuántos segundos se puede responder una pregunta y usar una aprobación, de 30 a 3600"
    ),
    "allow_preview": (
        "si un cliente no puede preguntar, muestra al modelo una vista previa y acepta la llamada de nuevo "
        "con su token; esto prueba menos que una aprobación"
    ),
    "approval_secrets": (
        "secretos que protegen las aprobaciones, los mismos en todas las réplicas; las nuevas usan el "
        "primero, todos se aceptan"
    ),
    "approval_channels": (
        "dónde puede responder una persona: auto (todo lo que hay aquí), o algunos de client, card, browser, "
        "inbox, terminal, preview; omite lo que un agente con terminal o un cliente débil podría alcanzar"
    ),
    "approval_wait": (
        "por cuántos segundos una llamada espera a una persona antes de contestar consent_pending: auto (45 "
        "con clientes que esperan, si no 4), o segundos"
    ),
    "approval_executes": (
        "realiza una llamada aprobada en cuanto una persona la aprueba en una página, aunque su cliente ya "
        "no espere; sin esto hay que repetir la llamada"
    ),
    "approvers": "dónde se guardan las personas que pueden aprobar por HTTP: store, o un archivo",
    "four_eyes": "rechaza el sí de quien aprueba llamadas hechas con una llave anotada como suya",
    "approval_webhook": (
        "dirección a la que se envían, firmadas, las aprobaciones pendientes, como el webhook de un chat"
    ),
    "approval_webhook_secret": "secreto que firma lo que se envía a --approval-webhook",
    "confirm": (
        "cuándo preguntar a una persona: never (nunca), destructive, money (incluye destructive) o writes; "
        "por omisión: never en modo de prueba, money en modo real"
    ),
    "policy": "archivo TOML de reglas: permitir, negar, confirmar, límites",
    "intent_mark": (
        "si lo que se crea lleva una marca en su metadata o reference_id, con la que se encuentra una "
        "escritura cuya respuesta se perdió; 0, o la opción, la omite"
    ),
    "key_days": (
        "por cuántos días una idempotency_key repetida recibe la primera respuesta; después se rechaza"
    ),
    "duplicate_window": (
        "por cuántos segundos una llamada igual sin llave puede ser la misma otra vez, máximo 86400; 0 lo "
        "apaga"
    ),
    "accept_losing_safety": (
        f"de qué puede prescindir el dinero real: algunos de {', '.join(ACCEPTABLE_LOSSES)}"
    ),
    "store": (
        "dónde se guardan intentos, límites y aprobaciones: un archivo, redis://host:puerto/0 para varias "
        "réplicas, o memory; por omisión: un archivo en tu carpeta de estado"
    ),
    "audit": "dónde se escribe la bitácora: store, off, o un archivo",
    "language": "idioma de los mensajes para personas: es o en",
    "timezone": (
        "zona horaria del comercio: la de cada hora que se muestra, y la de los días que cuentan los límites"
    ),
    "log_level": "cuánto se registra en stderr",
    "pii": "cómo se muestran los datos de personas: full (completos), masked (ocultos) o minimal (omitidos)",
    **{one.name: one.metadata["spanish_help"] for one in fields(Limits)},
}


def describe_in_spanish(setting: str) -> str:
    """Return the purpose of a setting.

    Raises:
        LookupError: the text is missing; the message names the file.
    """
    if setting not in SETTINGS:
        raise LookupError(f"conekta_mcp/cli/spanish/setting_texts.py: SETTINGS lacks {setting}")
    return SETTINGS[setting]
