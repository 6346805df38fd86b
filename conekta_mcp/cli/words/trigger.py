"""The texts of sandbox trigger, in both languages."""

WORDS = {
    "needs": {"en": "{event} needs {what}", "es": "{event} necesita {what}"},
    "loopback": {
        "en": "--url: a sandbox on this machine, such as http://127.0.0.1:8200",
        "es": "--url: un sandbox de este equipo, como http://127.0.0.1:8200",
    },
    "unreached": {
        "en": "no sandbox answers at {url}; start one with conekta-mcp sandbox --port {port}",
        "es": "ningún sandbox responde en {url}; arranca uno con conekta-mcp sandbox --port {port}",
    },
    "refused": {"en": "the sandbox refused it: {why}", "es": "el sandbox lo rechazó: {why}"},
    "no_sandbox": {
        "en": "what answers at {url} is no sandbox of ours",
        "es": "lo que responde en {url} no es nuestro sandbox",
    },
    "no_expiry": {
        "en": "order {target} has nothing that expires",
        "es": "la orden {target} no tiene nada que venza",
    },
    "returned": {"en": "returned to the payer ({reason})", "es": "devuelto al pagador ({reason})"},
    "done": {"en": "done", "es": "hecho"},
    "order": {
        "en": "an order or a reference (ord_..., CLABE)",
        "es": "una orden o referencia (ord_..., CLABE)",
    },
    "id": {"en": "an id", "es": "un id"},
    "duration": {"en": "a time such as 90m, 12h or 30d", "es": "un tiempo como 90m, 12h o 30d"},
    "only": {
        "en": "{flags}: only with sandbox trigger",
        "es": "{flags}: solo con sandbox trigger",
    },
    "other": {"en": "{flag}: only with {events}", "es": "{flag}: solo con {events}"},
    "reason": {
        "en": "--reason: expected one of {names}",
        "es": "--reason: se esperaba uno de {names}",
    },
}
