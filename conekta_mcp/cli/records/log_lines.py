"""Formats each audit record as one readable line, in both languages."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.cli.records.audited_calls import format_record_time
from conekta_mcp.cli.tables import paint
from conekta_mcp.privacy.untrusted_text import clean_line
from conekta_mcp.results.text import format_pesos

MAX_WIDTH = 400
COLOURS = {
    "applied": "green",
    "sent": "yellow",
    "unknown": "yellow",
    "not_applied": "red",
    "refused": "red",
    "locked_out": "red",
}
ENDS: Mapping[str, Mapping[str, str]] = {
    "sent": {"en": "is sent", "es": "se envía"},
    "applied": {"en": "applied", "es": "aplicada"},
    "not_applied": {"en": "NOT applied", "es": "NO aplicada"},
    "unknown": {"en": "outcome UNKNOWN", "es": "NO SE SABE si se aplicó"},
    "refused": {"en": "refused", "es": "rechazada"},
    "signed_in": {"en": "somebody signed in", "es": "alguien inició sesión"},
    "signed_out": {"en": "somebody signed out", "es": "alguien cerró sesión"},
    "locked_out": {"en": "LOCKED OUT after wrong passphrases", "es": "BLOQUEO tras frases equivocadas"},
    "approved": {"en": "a person said yes", "es": "una persona dijo que sí"},
    "declined": {"en": "a person said no", "es": "una persona dijo que no"},
}
CONSENTS: Mapping[str, Mapping[str, str]] = {
    "approved": {"en": "a person said yes", "es": "una persona dijo que sí"},
    "declined": {"en": "a person said no", "es": "una persona dijo que no"},
    "unavailable": {"en": "nobody could be asked", "es": "no había a quién preguntar"},
    "expired": {"en": "nobody answered in time", "es": "nadie respondió a tiempo"},
    "invalid": {"en": "the approval was not valid", "es": "la aprobación no valía"},
    "preview": {"en": "shown first", "es": "se mostró antes"},
    "pending": {"en": "waits for a person", "es": "espera a una persona"},
}
CHANNELS = frozenset({"card", "browser", "inbox", "terminal"})
"""Where a person approved, as in a record: "terminal: ana", or only the channel."""
SETTLED: Mapping[str, Mapping[str, str]] = {
    "reading": {"en": "found out by reading", "es": "averiguado leyendo"},
    "resending": {"en": "found out by sending again", "es": "averiguado al enviar otra vez"},
    "person": {"en": "a person said so", "es": "lo dijo una persona"},
}
UNKNOWN_NAME = {"en": "unknown name", "es": "nombre desconocido"}
FROM = {"en": "{person} from {address}", "es": "{person} desde {address}"}
ERRORS = frozenset({"not_applied", "unknown", "refused", "locked_out"})


def find_end(record: Mapping[str, Any]) -> str:
    """Return the outcome in a record: sent, or how the call ended."""
    by_event = {"intent": "sent", "refusal": "refused"}
    found = record.get("outcome") or by_event.get(str(record.get("event")), "unknown")
    return str(found)


def format_line(record: Mapping[str, Any], language: str) -> str:
    end = find_end(record)
    told = ENDS.get(end, {}).get(language, end)
    code = [f"HTTP {record['http_status']}"] if "http_status" in record else []
    code += [str(record[name]) for name in ("code", "rule") if name in record]
    account = "/".join(str(record[name]) for name in ("profile", "mode") if name in record)
    visitor = record.get("person", UNKNOWN_NAME[language])
    where = {"person": visitor, "address": record["address"]} if "address" in record else None
    settled = SETTLED.get(str(record.get("settled_by")), {}).get(language)
    parts = [
        format_pesos(record.get("amount"), record.get("currency")),
        " ".join(map(str, record.get("ids", ()))),
        account,
        _describe_consent(record, language),
        FROM[language].format(**where) if where else None,
        settled,
        " ".join(code),
        record.get("client"),
    ]
    shown = ", ".join(clean_line(str(part), MAX_WIDTH) for part in parts if part)
    tool = clean_line(str(record.get("tool", "-")), MAX_WIDTH)
    start = f"{format_record_time(record.get('at'), language)}  {tool}"
    return f"{start}: {paint(clean_line(told, MAX_WIDTH), COLOURS.get(end))}" + (
        f"; {shown}" if shown else ""
    )


def _describe_consent(record: Mapping[str, Any], language: str) -> str | None:
    """Write "a person said yes (who, where)"; of a decision only who and where, since the rest is its end."""
    consent = str(record.get("consent", ""))
    channel, _, person = consent.partition(": ")
    if channel in CHANNELS:
        consent = f"approved ({person}, {channel})" if person else f"approved ({channel})"
    word, mark, more = consent.partition(" (")
    told = CONSENTS.get(word, {}).get(language)
    if record.get("event") == "decision":
        return more.removesuffix(")") or None
    return f"{told}{mark}{more}" if told else None
