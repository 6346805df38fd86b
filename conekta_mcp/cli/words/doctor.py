"""The texts of the doctor command, in both languages."""

from conekta_mcp.cli.words.shared import Tell, bind_words

NAMES = {
    "versions": "versiones",
    "key": "llave",
    "API": "API",
    "company": "empresa",
    "mode": "modo",
    "store": "almacén",
    "writes": "escrituras",
    "audit": "bitácora",
    "settings": "ajustes",
    "start": "arranque",
    "live money": "dinero real",
    "policy": "reglas",
    "consent": "consentimiento",
    "limits": "límites",
    "inbox": "bandeja",
    "webhooks": "webhooks",
    "pii": "datos de personas",
}
"""The names of the checks in Spanish; --json always has the English ones."""

WORDS = {
    "en": {
        "checking": "checking, for at most {seconds:g} s",
        "profile": "profile {profile}, {name}",
        "key_other_fix": "Correct it; the others are not affected.",
        "key_none": "none",
        "key_none_fix": "Run {login}, set {place} to a private key, or add --sandbox.",
        "key_per_request": "none here, and none is needed: each request over HTTP brings its own",
        "key_none_in": "none in {place}",
        "key_none_in_fix": "Put a private key there.",
        "key_sandbox": "the sandbox's own; CONEKTA_API_KEY is not used; fingerprint {fingerprint}",
        "key_from": "from {place}; fingerprint {fingerprint}",
        "key_refused": "Conekta refuses it (HTTP {status}): {failure}",
        "key_refused_fix": "Copy the private key again from Conekta's panel.",
        "api_sandbox": "the sandbox in this process",
        "api_well": "{place} answers and accepts the key",
        "api_answers": "{place} answers",
        "api_slow": "no answer within {seconds:g} s",
        "dns_slow": "DNS did not answer within {seconds:g} s for {place}",
        "api_slow_fix": "Check the network and {place}, or allow more time with --timeout.",
        "api_other": "what answers at {place} is not Conekta (HTTP {status})",
        "api_other_fix": (
            "Open {place} in a browser: a captive portal, a proxy or a wrong --base-url answers."
        ),
        "api_failing": "HTTP {status}: {failure}",
        "api_failing_fix": "Try again later.",
        "company_fix": (
            "Nothing is written before Conekta says which company the key belongs to. Try again later."
        ),
        "company_unreadable": "it cannot be read",
        "company_nameless": "without a name",
        "company_account": "{company}; writes are kept for account {account}",
        "company_key_alone": "{company}; writes are kept for account {account}, which is the key alone",
        "company_key_alone_fix": (
            "Let the key read its company before its first write. Otherwise a new key of the same company "
            "knows nothing of the writes and limits of this one."
        ),
        "mode_sandbox": "sandbox: no real money",
        "mode_live": "LIVE: real money",
        "mode_test": "test",
        "mode_unknown": "unknown",
        "mode_why": "{mode}: {why}; it counts as live",
        "mode_fix": "The profile is said to be {mode}: it writes nothing until the key or that is corrected.",
        "store_fix": (
            "Correct it, or name another one with --store; until then nothing is written to Conekta."
        ),
        "store_slow": "it does not answer within {seconds:g} s",
        "store_memory_fix": (
            "Intents, limits and approvals are forgotten when the process ends, and no other shares them: "
            "leave --store away, or name a file."
        ),
        "store_redis_fix": (
            "This Redis does not write each change to its disk: what it noted last is lost if it dies, and a "
            "retry could act twice. Switch appendonly on (appendfsync always loses nothing)."
        ),
        "writes": "{unknown} not known to be applied or not, {others} still at work or dead",
        "writes_fix": "conekta-mcp settle finds out what became of them.",
        "writes_none": "none is unsettled",
        "audit_off": "off: nothing is recorded",
        "audit_off_fix": "--audit store, or a file, records every write and refusal.",
        "audit_store": "in the store",
        "audit_file": "in {place}",
        "audit_unwritable": "{place} cannot be written",
        "audit_unwritable_fix": "Let this user write there; until then nothing is written to Conekta.",
        "start_fix": "Correct it: no server starts with it.",
        "live": "nothing is written to a live account: {risk}",
        "live_fix": "Or accept it with {flag} {name}. Test mode is not refused.",
        "accepted_fix": "Without it, live writes are refused for what the other lines warn of.",
        "policy": "{rules} rules",
        "policy_closed": "{rules} rules, what no rule allows is denied",
        "policy_empty": "valid, no rules",
        "policy_none": "no file",
        "consent": "a person is asked before, {levels}",
        "limits_none": "none",
        "inbox_off": "off: --approval-channels leaves it out",
        "inbox_fix": "Correct it: until then nobody can approve at /approvals.",
        "inbox_store": "the store",
        "inbox": "{count} in {place} can approve at /approvals over HTTP: {names}",
        "inbox_four_eyes": (
            "{count} in {place} can approve at /approvals over HTTP, each of them but the caller's own: "
            "{names}"
        ),
        "inbox_none": "no approvers in {place}: nobody can approve at /approvals over HTTP",
        "inbox_none_fix": "conekta-mcp approvers add NAME",
        "webhooks_last": "the last event, {type}, was received on {moment}",
        "webhooks_silent": "keys are pinned, and no event of the kept days was received",
        "webhooks_silent_fix": "Look at the webhook's address in Conekta, and test it with test_webhook.",
        "webhooks_none": "none are received: payments are noticed by asking Conekta",
        "webhooks_unkeyed_fix": "Start the server, create a webhook key in Conekta, and add a webhook.",
        "settings_fix": "Leave it out: it changes nothing.",
        "pii_full": "full: people's data are shown as Conekta gives them",
        "pii_masked": "masked: e-mails, phones, names, tax ids and CLABEs are masked",
        "pii_minimal": "minimal: people's data are left out",
    },
    "es": {
        "checking": "revisando, {seconds:g} s como máximo",
        "profile": "perfil {profile}, {name}",
        "key_other_fix": "Corrígela; las demás no se ven afectadas.",
        "key_none": "ninguna",
        "key_none_fix": "Corre {login}, pon una llave privada en {place}, o agrega --sandbox.",
        "key_per_request": "aquí ninguna, y no hace falta: cada petición por HTTP trae la suya",
        "key_none_in": "ninguna en {place}",
        "key_none_in_fix": "Pon ahí una llave privada.",
        "key_sandbox": "la del sandbox; CONEKTA_API_KEY no se usa; huella {fingerprint}",
        "key_from": "en {place}; huella {fingerprint}",
        "key_refused": "Conekta la rechaza (HTTP {status}): {failure}",
        "key_refused_fix": "Copia otra vez la llave privada del panel de Conekta.",
        "api_sandbox": "el sandbox de este proceso",
        "api_well": "{place} responde y acepta la llave",
        "api_answers": "{place} responde",
        "api_slow": "sin respuesta en {seconds:g} s",
        "dns_slow": "el DNS no respondió en {seconds:g} s por {place}",
        "api_slow_fix": "Revisa la red y {place}, o da más tiempo con --timeout.",
        "api_other": "lo que responde en {place} no es Conekta (HTTP {status})",
        "api_other_fix": (
            "Abre {place} en un navegador: responde un portal cautivo, un proxy o un --base-url equivocado."
        ),
        "api_failing": "HTTP {status}: {failure}",
        "api_failing_fix": "Intenta más tarde.",
        "company_fix": (
            "No se escribe nada antes de que Conekta diga de qué empresa es la llave. Intenta más tarde."
        ),
        "company_unreadable": "no se puede leer",
        "company_nameless": "sin nombre",
        "company_account": "{company}; las escrituras se guardan para la cuenta {account}",
        "company_key_alone": (
            "{company}; las escrituras se guardan para la cuenta {account}, que es solo la llave"
        ),
        "company_key_alone_fix": (
            "Deja que la llave lea su empresa antes de su primera escritura. Si no, otra llave de la misma "
            "empresa no sabe nada de las escrituras y los límites de esta."
        ),
        "mode_sandbox": "sandbox: sin dinero real",
        "mode_live": "REAL: dinero de verdad",
        "mode_test": "prueba",
        "mode_unknown": "no se sabe",
        "mode_why": "{mode}: {why}; cuenta como real",
        "mode_fix": "El perfil dice ser {mode}: no escribe nada hasta que se corrija la llave o eso.",
        "store_fix": "Corrígelo, o nombra otro con --store; hasta entonces no se escribe nada en Conekta.",
        "store_slow": "no responde en {seconds:g} s",
        "store_memory_fix": (
            "Intentos, límites y aprobaciones se olvidan cuando el proceso termina, y ningún otro los "
            "comparte: quita --store, o nombra un archivo."
        ),
        "store_redis_fix": (
            "Este Redis no escribe cada cambio en su disco: lo último que anotó se pierde si muere, y un "
            "reintento podría actuar dos veces. Activa appendonly (appendfsync always no pierde nada)."
        ),
        "writes": "de {unknown} no se sabe si se aplicaron, {others} siguen en curso o su proceso murió",
        "writes_fix": "conekta-mcp settle averigua qué pasó con ellas.",
        "writes_none": "ninguna pendiente",
        "audit_off": "apagada: no se registra nada",
        "audit_off_fix": "--audit store, o un archivo, registra cada escritura y rechazo.",
        "audit_store": "en el almacén",
        "audit_file": "en {place}",
        "audit_unwritable": "no se puede escribir en {place}",
        "audit_unwritable_fix": (
            "Deja que este usuario escriba ahí; hasta entonces no se escribe nada en Conekta."
        ),
        "start_fix": "Corrígelo: ningún servidor arranca así.",
        "live": "no se escribe nada en una cuenta real: {risk}",
        "live_fix": "O acéptalo con {flag} {name}. El modo de prueba no se rechaza.",
        "accepted_fix": "Sin esto se rechaza con dinero real lo que advierten las otras líneas.",
        "policy": "{rules} reglas",
        "policy_closed": "{rules} reglas, lo que ninguna permite se niega",
        "policy_empty": "válidas, sin reglas",
        "policy_none": "sin archivo",
        "consent": "se pregunta antes a una persona, {levels}",
        "limits_none": "ninguno",
        "inbox_off": "apagada: --approval-channels la omite",
        "inbox_fix": "Corrígelo: hasta entonces nadie puede aprobar en /approvals.",
        "inbox_store": "el almacén",
        "inbox": "{count} en {place} pueden aprobar en /approvals por HTTP: {names}",
        "inbox_four_eyes": (
            "{count} en {place} pueden aprobar en /approvals por HTTP, cada quien menos lo suyo: {names}"
        ),
        "inbox_none": "sin aprobadores en {place}: nadie puede aprobar en /approvals por HTTP",
        "inbox_none_fix": "conekta-mcp approvers add NOMBRE",
        "webhooks_last": "el último evento, {type}, se recibió el {moment}",
        "webhooks_silent": "hay llaves fijadas, y ningún evento recibido en los días que se guardan",
        "webhooks_silent_fix": "Revisa la dirección del webhook en Conekta, y pruébalo con test_webhook.",
        "webhooks_none": "no se reciben: los pagos se notan preguntando a Conekta",
        "webhooks_unkeyed_fix": "Arranca el servidor, crea una llave de webhooks en Conekta y un webhook.",
        "settings_fix": "Quítalo: no cambia nada.",
        "pii_full": "full: los datos de personas se muestran como Conekta los da",
        "pii_masked": "masked: correos, teléfonos, nombres, RFC y CLABE se ocultan",
        "pii_minimal": "minimal: los datos de personas se omiten",
    },
}


def choose_words(language: str) -> Tell:
    return bind_words(WORDS[language].__getitem__)
