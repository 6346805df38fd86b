"""The texts of login, logout and whoami, in both languages."""

from collections.abc import Mapping

from conekta_mcp.cli.words.shared import Tell, bind_words

WORDS: Mapping[str, Mapping[str, str]] = {
    "ask": {
        "en": "Private key of Conekta for profile {profile} (it does not show): ",
        "es": "Llave privada de Conekta para el perfil {profile} (no se muestra): ",
    },
    "no_terminal": {
        "en": "there is no terminal to ask for the key; give it on standard input with --key-stdin",
        "es": "no hay terminal para pedir la llave; dala por la entrada estándar con --key-stdin",
    },
    "no_key": {"en": "no key was given", "es": "no se dio ninguna llave"},
    "one_profile": {
        "en": "--profile: expected one profile, since a login has one key",
        "es": "--profile: se esperaba un solo perfil, porque cada llave es de uno",
    },
    "checking": {"en": "Asking {place} whose key this is...", "es": "Preguntando a {place} de quién es..."},
    "key_refused": {
        "en": "Conekta refuses the key (HTTP {status}); copy the private key again from Conekta's panel.",
        "es": "Conekta rechaza la llave (HTTP {status}); copia otra vez la llave privada del panel.",
    },
    "key_failing": {
        "en": "Conekta did not say whose the key is (HTTP {status}: {failure}). Try again later.",
        "es": "Conekta no dijo de quién es la llave (HTTP {status}: {failure}). Intenta más tarde.",
    },
    "too_slow": {
        "en": "No answer of {place} within {seconds:g} s. Check the network, or raise --timeout.",
        "es": "{place} no respondió en {seconds:g} s. Revisa la red, o sube --timeout.",
    },
    "nothing_kept": {"en": "Nothing was kept.", "es": "No se guardó nada."},
    "wrong_mode": {
        "en": "Profile {profile} is for {expected} keys, and this one is {mode}.",
        "es": "El perfil {profile} es para llaves de modo {expected}, y esta es de modo {mode}.",
    },
    "no_keyring": {
        "en": "The key cannot be kept in the system keyring: {problem}.",
        "es": "La llave no se puede guardar en el llavero del sistema: {problem}.",
    },
    "offer_file": {
        "en": "Keep it in clear in a file that only you may read ({file})? [y/N] ",
        "es": "¿Guardarla sin cifrar en un archivo que solo tú puedes leer ({file})? [s/N] ",
    },
    "file_flag": {
        "en": "To keep it in clear in a file that only you may read, add --key-file.",
        "es": "Para guardarla sin cifrar en un archivo que solo tú puedes leer, agrega --key-file.",
    },
    "kept_keyring": {
        "en": "The key of profile {profile} is in the system keyring.",
        "es": "La llave del perfil {profile} está en el llavero del sistema.",
    },
    "kept_file": {
        "en": "The key of profile {profile} is in {file}, in clear, for this user only.",
        "es": "La llave del perfil {profile} está en {file}, sin cifrar, solo para este usuario.",
    },
    "replaced": {
        "en": "It replaces the key that was there (of {company}).",
        "es": "Reemplaza la llave que había (de {company}).",
    },
    "company": {"en": "Company: {company}. Mode: {mode}.", "es": "Empresa: {company}. Modo: {mode}."},
    "company_unreadable": {
        "en": "unknown, the key may not read it",
        "es": "no se sabe, la llave no puede leerla",
    },
    "mode_live": {"en": "live, it moves real money", "es": "real, mueve dinero de verdad"},
    "mode_test": {"en": "test", "es": "prueba"},
    "mode_unknown": {
        "en": "unknown yet, so it counts as live",
        "es": "aún no se sabe, así que cuenta como real",
    },
    "variable_wins": {
        "en": "Note: {variable} is set here, and it wins over this key wherever it is set.",
        "es": "Nota: {variable} está definida aquí, y gana a esta llave donde esté definida.",
    },
    "file_wins": {
        "en": "Note: {file} names the place of this profile's key, and wins over this one.",
        "es": "Nota: {file} dice dónde está la llave de este perfil, y gana a esta.",
    },
    "next": {
        "en": "Next: conekta-mcp install CLIENT{profile}, such as claude-desktop.",
        "es": "Sigue: conekta-mcp install CLIENTE{profile}, como claude-desktop.",
    },
    "rehearsed": {
        "en": "The sandbox needs no key: it was checked there, and nothing was kept.",
        "es": "El sandbox no necesita llave: se revisó ahí, y no se guardó nada.",
    },
    "no_login": {
        "en": "There is no login of profile {profile}.",
        "es": "No hay sesión del perfil {profile}.",
    },
    "logged_out": {
        "en": "The key of profile {profile} is no longer in the {place}.",
        "es": "La llave del perfil {profile} ya no está en el {place}.",
    },
    "key_was_gone": {
        "en": "The key of profile {profile} was no longer in the {place}; its login was removed.",
        "es": "La llave del perfil {profile} ya no estaba en el {place}; se quitó su sesión.",
    },
    "logout_failed": {
        "en": "{problem}; the key may still be there, and the login stays.",
        "es": "{problem}; la llave puede seguir ahí, y la sesión se queda.",
    },
    "still_valid": {
        "en": "Conekta still accepts it: revoke it in Conekta's panel if nobody may use it any more.",
        "es": "Conekta la sigue aceptando: revócala en el panel si ya nadie debe usarla.",
    },
    "place_keyring": {"en": "system keyring", "es": "llavero del sistema"},
    "place_file": {"en": "key file", "es": "archivo de llave"},
    "nobody": {
        "en": "No key is at hand: run conekta-mcp login.",
        "es": "No hay ninguna llave: corre conekta-mcp login.",
    },
    "key_from": {
        "en": "key from {place}, fingerprint {fingerprint}",
        "es": "llave en {place}, huella {fingerprint}",
    },
    "key_of_sandbox": {
        "en": "key of the sandbox, fingerprint {fingerprint}",
        "es": "llave del sandbox, huella {fingerprint}",
    },
    "at_login": {
        "en": "when it was kept, on {time}: {company}, mode {mode}",
        "es": "cuando se guardó, el {time}: {company}, modo {mode}",
    },
    "no_key_of": {"en": "no key", "es": "sin llave"},
}


def choose_words(language: str) -> Tell:
    return bind_words(lambda name: WORDS[name][language])


def describe_company(name: str | None, company: str | None, tell: Tell) -> str:
    if company is None:
        return tell("company_unreadable")
    return f"{name} ({company})" if name else company
