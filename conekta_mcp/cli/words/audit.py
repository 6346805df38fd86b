"""The texts of the audit command, in both languages; --json and filter values are not translated."""

from conekta_mcp.cli.words.shared import Tell, bind_words

HEADS = {
    "es": {
        "time": "hora",
        "mode": "modo",
        "profile": "perfil",
        "tool": "herramienta",
        "amount": "importe",
        "outcome": "resultado",
        "consent": "aprobación",
        "ids": "ids",
        "told": "detalle",
        "account": "cuenta",
        "client": "cliente",
    },
    "en": {},
}
"""The column heads in Spanish; in English they are the names of the columns."""
WORDS = {
    "es": {
        "nothing": "Ningún registro pasa los filtros.",
        "no_tool": " No hay herramienta {name}; ¿quisiste decir {near}?",
        "many": "Solo se leyeron los últimos {count:,} registros; acótalos con --since.",
        "unreadable": "no se puede leer la bitácora: {told}",
        "strange": "ninguna de las {count} líneas de {file} es un registro",
        "from": "{person} desde {address}",
        "unknown_name": "nombre desconocido",
        "log": "log {log_id}",
        "whole": "Íntegra: {count} registros.",
        "before": "Registros íntegros antes de él: {count}.",
        "ends": "Primero: {first}, último: {last}, head: {head}",
        "unchained": "Sin cadena: {count} registros de una bitácora anterior, de los que nada se sabe.",
        "torn": "Ilegibles: {count} líneas que no son registro, como una que cortó una caída.",
        "broken": "Rota en el registro {position} (número {number} de la cadena), {kind}: {why}.",
        "changed": "este registro o el anterior no está como se escribió",
        "missing": "faltan uno o más registros antes de este",
        "reordered": "los registros no están en el orden en que se escribieron",
        "truncated_start": "la bitácora no empieza con su primer registro",
        "truncated_end": "falta el registro de --since-head: se cortó el final, o es otra bitácora",
        "unchained_record": "este registro se agregó fuera de la cadena",
    },
    "en": {
        "nothing": "No record fits.",
        "no_tool": " There is no tool {name}; did you mean {near}?",
        "many": "Only the latest {count:,} records were read; narrow them with --since.",
        "unreadable": "the audit cannot be read: {told}",
        "strange": "none of the {count} lines of {file} is a record",
        "from": "{person} from {address}",
        "unknown_name": "unknown name",
        "log": "log {log_id}",
        "whole": "Whole: {count} records.",
        "before": "Before it {count} records are whole.",
        "ends": "First: {first}, last: {last}, head: {head}",
        "unchained": "Unchained: {count} records of an older log before it, of which nothing can be said.",
        "torn": "Unreadable: {count} lines that are no record, such as one that a crash cut off.",
        "broken": "Broken at record {position} of the log (number {number} of the chain), {kind}: {why}.",
        "changed": "this record or the one before it is not as it was written",
        "missing": "one or more records before this one are missing",
        "reordered": "records are not in the order in which they were written",
        "truncated_start": "the log does not begin with its first record",
        "truncated_end": (
            "the record of --since-head is not there: the end was cut off, or the log is another"
        ),
        "unchained_record": "this record was added without the chain",
    },
}


def choose_words(language: str) -> Tell:
    return bind_words(WORDS[language].__getitem__)
