"""The texts of the approvers command, in both languages."""

WORDS = {
    "memory": {
        "es": (
            "--store: aquí los aprobadores se olvidarían al terminar este comando; nombra el archivo o el "
            "Redis del servidor, o un archivo con --approvers"
        ),
        "en": (
            "--store: here approvers would be forgotten when this command ends; name the server's file or "
            "Redis, or a file with --approvers"
        ),
    },
    "name": {
        "es": "NAME: se esperaba un nombre de letras y cifras, como ana o ana@tienda.mx",
        "en": "NAME: expected a name of letters and digits, such as ana or ana@shop.mx",
    },
    "fingerprint": {
        "es": "--key-of: se esperaba la huella de una llave, 16 cifras hexadecimales, como la muestra doctor",
        "en": "--key-of: expected the fingerprint of a key, 16 hexadecimal digits, as doctor shows it",
    },
    "known": {"es": "{name} ya es aprobador", "en": "{name} is an approver already"},
    "unknown": {"es": "no hay ningún aprobador {name}", "en": "there is no approver {name}"},
    "changed": {
        "es": "{name} cambió mientras tanto; repite el comando",
        "en": "{name} has changed meanwhile; run the command again",
    },
    "added": {
        "es": "{name} ya puede entrar a /approvals y aprobar",
        "en": "{name} can now sign in to /approvals and approve",
    },
    "remove_done": {
        "es": "{name} ya no puede entrar; sus sesiones terminaron",
        "en": "{name} can no longer sign in; their sessions have ended",
    },
    "disable_done": {
        "es": "{name} no puede entrar hasta que lo habilites",
        "en": "{name} cannot sign in until enabled again",
    },
    "enable_done": {"es": "{name} puede entrar de nuevo", "en": "{name} can sign in again"},
    "passphrase_done": {
        "es": "{name} tiene una frase nueva; sus sesiones terminaron",
        "en": "{name} has a new passphrase; their sessions have ended",
    },
    "generated": {
        "es": "frase de acceso, no se muestra otra vez: {passphrase}",
        "en": "passphrase, not shown again: {passphrase}",
    },
    "none": {
        "es": "no hay aprobadores: nadie puede aprobar en /approvals",
        "en": "there are no approvers: nobody can approve at /approvals",
    },
    "keys": {"es": "  llaves {keys}", "en": "  keys {keys}"},
    "disabled_mark": {"es": "  deshabilitado", "en": "  disabled"},
    "ask": {
        "es": "Frase de acceso ({least} caracteres o más): ",
        "en": "Passphrase ({least} characters or more): ",
    },
    "ask_again": {"es": "Otra vez: ", "en": "Again: "},
    "length": {
        "es": "la frase de acceso debe tener de {least} a {most} caracteres",
        "en": "a passphrase has {least} to {most} characters",
    },
    "different": {
        "es": "las dos frases no son iguales; no se cambió nada",
        "en": "the two passphrases differ; nothing was changed",
    },
    "no_terminal": {
        "es": "la frase se pide en una terminal, y aquí no hay ninguna; --generate da una al azar",
        "en": "the passphrase is asked for on a terminal, and here is none; --generate gives a random one",
    },
}
