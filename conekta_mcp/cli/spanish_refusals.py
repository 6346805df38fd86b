"""What settings, files and starts are refused with, in Spanish; where they are raised they are in English."""

import re
from functools import cache

NAME = re.compile(r"\{(\w+)\}")
TEMPLATES = {
    # settings
    "expected 1 or 0": "se esperaba 1 o 0",
    "expected a number": "se esperaba un número",
    "expected {low}-{high}": "se esperaba {low}-{high}",
    "expected a private key of Conekta: key_ and then letters and digits, on one line": (
        "se esperaba una llave privada de Conekta: key_ y luego letras y dígitos, en una línea"
    ),
    "expected a private key of Conekta (key_ and letters and digits) alone on one line": (
        "se esperaba una llave privada de Conekta (key_ y letras y dígitos) sola en una línea"
    ),
    "expected https://, or http:// on localhost only": "se esperaba https://, o http:// solo en localhost",
    "expected scheme, host and port only": "se esperaban solo esquema, host y puerto",
    "expected http:// or https://, a host and a port": "se esperaba http:// o https://, un host y un puerto",
    "expected an address": "se esperaba una dirección",
    "expected 24 hexadecimal digits": "se esperaban 24 dígitos hexadecimales",
    "expected seconds, more than 0 and at most {most}": (
        "se esperaban segundos, más de 0 y como máximo {most}"
    ),
    "expected minutes, more than 0 and at most {most}": "se esperaban minutos, más de 0 y como máximo {most}",
    "expected a file in a folder that exists": "se esperaba un archivo en una carpeta que exista",
    "expected a file that can be read": "se esperaba un archivo que se pueda leer",
    "expected a file that the sandbox made, or a name that is free": (
        "se esperaba un archivo que hizo el sandbox, o un nombre libre"
    ),
    "expected a folder that exists": "se esperaba una carpeta que exista",
    "expected one name or more, separated by commas": "se esperaba un nombre o más, separados por comas",
    "expected stdio, or sse and streamable-http separated by a comma": (
        "se esperaba stdio, o sse y streamable-http separados por una coma"
    ),
    "expected an amount of MXN such as {one} or {other}": "se esperaba un monto en MXN como {one} o {other}",
    "expected a file, redis://host:port/number, or memory": (
        "se esperaba un archivo, redis://host:puerto/número, o memory"
    ),
    "expected store, off, or a file in a folder that exists": (
        "se esperaba store, off, o un archivo en una carpeta que exista"
    ),
    "expected secrets of at least 32 characters, separated by commas": (
        "se esperaban secretos de al menos 32 caracteres, separados por comas"
    ),
    "expected one of {names}, not several": "se esperaba una de {names}, no varias",
    "expected one of {names}": "se esperaba una de estas opciones: {names}",
    "expected some of {names}": "se esperaban algunas de estas opciones: {names}",
    "expected {word}, or some of {names}": "se esperaba {word}, o algunos de {names}",
    "expected {word}, or {low}-{high}": "se esperaba {word}, o {low}-{high}",
    "expected a path such as {path}": "se esperaba una ruta como {path}",
    "expected hosts such as {one} or {other}, separated by commas": (
        "se esperaban hosts como {one} o {other}, separados por comas"
    ),
    "expected origins such as {one}, separated by commas": (
        "se esperaban orígenes como {one}, separados por comas"
    ),
    "expected a file of certificates in PEM ({begin})": (
        "se esperaba un archivo de certificados en PEM ({begin})"
    ),
    "expected a time zone such as {one} or {other}": "se esperaba una zona horaria como {one} o {other}",
    "did you mean {name}?": "¿quisiste decir {name}?",
    "it is also in {variable}": "también está en {variable}",
    "set one of the two": "define solo una de las dos",
    "the file cannot be read: {reason}": "no se puede leer el archivo: {reason}",
    "it is no text": "no es texto",
    "expected a file with the value alone in it": "se esperaba un archivo con solo el valor",
    "there is no such setting": "no existe ese ajuste",
    "set CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET, which signs what is posted": (
        "define CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET, que firma lo que se envía"
    ),
    # starts
    "it keeps the sandbox's data": "guarda los datos del sandbox",
    "add --sandbox, or leave it out to act for a real account": (
        "agrega --sandbox, o quítalo para actuar por una cuenta real"
    ),
    "it cannot be written ({reason})": "no se puede escribir ({reason})",
    "it cannot be opened ({reason})": "no se puede abrir ({reason})",
    "it cannot be opened or created": "no se puede abrir ni crear",
    "it cannot be opened": "no se puede abrir",
    "let this user read and write it, and its folder": (
        "deja que este usuario lo lea y escriba, y también su carpeta"
    ),
    "it cannot be written": "no se puede escribir",
    "let this user write it, and its folder": "deja que este usuario lo escriba, y también su carpeta",
    "its folder cannot be written": "no se puede escribir en su carpeta",
    "let this user write there": "deja que este usuario escriba ahí",
    "it is no database": "no es una base de datos",
    "name one that conekta-mcp made, or a new file": "nombra una que hizo conekta-mcp, o un archivo nuevo",
    "another process has held it for too long": "otro proceso la tuvo ocupada demasiado tiempo",
    "another program's database": "es la base de datos de otro programa",
    "name a file that the sandbox made, or a new one": "nombra un archivo que hizo el sandbox, o uno nuevo",
    "{flag} serves stdio and loopback only, not --host {host}": (
        "{flag} solo sirve por stdio y en este equipo, no con --host {host}"
    ),
    "{flag} together leave no tool": "{flag} juntos no dejan ninguna herramienta",
    "there is no {name}": "no existe {name}",
    "there are {names}": "hay {names}",
    "conekta-mcp tools --all names all": "conekta-mcp tools --all las nombra todas",
    "name a shell ({names}), or give --json": "nombra un shell ({names}), o usa --json",
    "this runs in a temporary environment of uvx": "esto corre en un entorno temporal de uvx",
    "install conekta-mcp first, such as with uv tool install or pipx install": (
        "primero instala conekta-mcp, por ejemplo con uv tool install o pipx install"
    ),
    "no address of that name": "ese nombre no tiene ninguna dirección",
    "cannot listen on {place}: {reason}": "no se puede escuchar en {place}: {reason}",
    "it is in use": "está ocupado",
    "choose another one, or 0 for one that is free": "elige otro, o 0 para uno que esté libre",
    "this user may not listen on it": "este usuario no puede escuchar en él",
    "choose one above 1023, or 0 for one that is free": (
        "elige uno mayor que 1023, o 0 para uno que esté libre"
    ),
    "this machine does not have that address": "este equipo no tiene esa dirección",
    # replicas and live money
    "CONEKTA_MCP_APPROVAL_SECRETS are for replicas, and replicas need one store, or a yes could be used at "
    "each of them: {store}": (
        "CONEKTA_MCP_APPROVAL_SECRETS es para réplicas, y las réplicas necesitan un solo almacén, o un sí "
        "serviría en cada una: {store}"
    ),
    "--store redis://..., or one file that all of them open": (
        "--store redis://..., o un archivo que todas abran"
    ),
    "{flag} {risk} does without": "{flag} {risk} lo permite",
    "profile {name} is live: {risk}": "el perfil {name} es live: {risk}",
    "--store memory forgets intents, limits and approvals at exit: name a file or redis://": (
        "--store memory olvida intentos, límites y aprobaciones al salir: usa un archivo o redis://"
    ),
    "this Redis does not write each change to its disk, or does not say so: switch appendonly on": (
        "este Redis no escribe cada cambio en su disco, o no lo dice: activa appendonly"
    ),
    "--audit off records nothing: --audit store, or a file, records every write": (
        "--audit off no registra nada: --audit store, o un archivo, registra cada escritura"
    ),
    "other replicas kept their notes locked": "otras réplicas tuvieron ocupadas sus notas",
    "start again": "inicia de nuevo",
    "another server on this store runs with other secrets": (
        "otro servidor con este almacén corre con otros secretos"
    ),
    "give all replicas the same, and to rotate, add the new one to all of them before the old one is taken "
    "away": (
        "da los mismos a todas las réplicas; para rotarlos, agrega el nuevo en todas antes de quitar el viejo"
    ),
    # webhooks
    "the file does not say of which --profile they are": "el archivo no dice de qué --profile son",
    "name one": "nombra uno",
    "set CONEKTA_API_KEY, the key of the account whose webhooks are received": (
        "define CONEKTA_API_KEY, la llave de la cuenta cuyos webhooks se reciben"
    ),
    "{path} cannot be read as a PEM file": "{path} no se puede leer como archivo PEM",
    "expected RSA public keys of 2048 bits or more in {path}": (
        "se esperaban llaves públicas RSA de 2048 bits o más en {path}"
    ),
    # profiles, keys and approvers
    "--profiles-file and {variable} are both set: say which profiles to act with, such as {one} or {other}": (
        "--profiles-file y {variable} están definidos: di con qué perfiles actuar, como {one} o {other}"
    ),
    "expected names of profiles: up to 32 small letters, digits and hyphens, none of them {name}": (
        "se esperaban nombres de perfiles: hasta 32 letras minúsculas, dígitos y guiones, y ninguno {name}"
    ),
    "login of profile {name}": "sesión del perfil {name}",
    "this user cannot read it": "este usuario no lo puede leer",
    "not as conekta-mcp login writes it": "no está como conekta-mcp login lo escribe",
    "remove it and log in again": "bórralo y corre conekta-mcp login otra vez",
    "the file cannot be read by this user": "este usuario no puede leer el archivo",
    "the file cannot be written by this user": "este usuario no puede escribir el archivo",
    "expected a regular file": "se esperaba un archivo regular",
    "the file belongs to another user": "el archivo es de otro usuario",
    "chown it to this one": "cámbialo a este con chown",
    "others may read or write the file": "otros pueden leer o escribir el archivo",
    "chmod 600 it, and replace the key": "hazle chmod 600 y reemplaza la llave",
    "chmod 600 it": "hazle chmod 600",
    "{file} is open to other users": "{file} está abierto a otros usuarios",
    "the file is not one of approvers": "el archivo no es de aprobadores",
    "its key was checked at {one} and is not sent to {other}": (
        "su llave se revisó en {one} y no se envía a {other}"
    ),
    "log in again for that address, or set the key in the environment": (
        "corre login otra vez para esa dirección, o pon la llave en el entorno"
    ),
    "its key is no longer where it was kept": "su llave ya no está donde se guardó",
    "run {command}": "corre {command}",
    "the keyring library is missing": "falta la biblioteca keyring",
    "no system keyring that protects a key is at hand (the keyring library has {name})": (
        "no hay un llavero del sistema que proteja una llave (la biblioteca keyring tiene {name})"
    ),
    "the system keyring did not keep the key": "el llavero del sistema no guardó la llave",
    "the system keyring cannot be asked ({name})": "no se puede consultar el llavero del sistema ({name})",
    "it names no profile": "no nombra ningún perfil",
    "begin one with {table}": "empieza uno con {table}",
    "it cannot be read": "no se puede leer",
    "expected TOML {where}": "se esperaba TOML {where}",
    "expected TOML": "se esperaba TOML",
    "expected tables only, such as {table}": "se esperaban solo tablas, como {table}",
    "a key is never written into this file": "una llave nunca se escribe en este archivo",
    "name its place with key_env, key_file or keyring": "nombra su lugar con key_env, key_file o keyring",
    "expected only {names}": "se esperaban solo {names}",
    "expected a text": "se esperaba un texto",
    "expected a text of at most {most} characters": "se esperaba un texto de {most} caracteres como máximo",
    "expected the name of a variable, such as {name}": "se esperaba el nombre de una variable, como {name}",
    "expected service/user": "se esperaba servicio/usuario",
    # policy files
    "not TOML {where}": "no es TOML {where}",
    "not TOML": "no es TOML",
    "is required": "es obligatorio",
    "expected a text that is not empty": "se esperaba un texto que no esté vacío",
    "expected at most {most} characters": "se esperaban como máximo {most} caracteres",
    "expected one line of visible characters": "se esperaba una línea de caracteres visibles",
    "expected a list, such as {list}": "se esperaba una lista, como {list}",
    "expected a list that is not empty": "se esperaba una lista que no esté vacía",
    "leave it out to mean any": "quítala si quieres decir cualquiera",
    "expected a whole number": "se esperaba un número entero",
    "expected a table": "se esperaba una tabla",
    "there is no such key here": "aquí no existe esa clave",
    'expected an amount of MXN as text or whole number, such as "5000.50" or 5000, never a float': (
        'se esperaba un monto en MXN como texto o número entero, por ejemplo "5000.50" o 5000, nunca un float'
    ),
    "see conekta-mcp tools --all": "mira conekta-mcp tools --all",
    "amount_over goes with deny or confirm": "amount_over va con deny o confirm",
    "to allow small amounts, deny those over": "para permitir montos chicos, niega los mayores",
    "{name} changes nothing and is never asked about": "{name} no cambia nada y nunca se pregunta",
    "expected allow or deny": "se esperaba allow o deny",
    "a read has neither kind nor amount": "una lectura no tiene tipo ni monto",
    "expected risks that write": "se esperaban riesgos que escriben",
    "two rules have the name {name}": "dos reglas se llaman {name}",
    "expected a name of its own for each": "se esperaba un nombre propio para cada una",
    "expected {choice}": "se esperaba {choice}",
    # the system
    "No such file or directory": "no existe el archivo o la carpeta",
    "Permission denied": "sin permiso",
    "Is a directory": "es una carpeta",
    "Not a directory": "no es una carpeta",
    "No space left on device": "no hay espacio en el disco",
    "Read-only file system": "el sistema de archivos es de solo lectura",
    "Bad file descriptor": "la salida está cerrada",
    "Address already in use": "otro proceso ya escucha ahí",
    "Cannot assign requested address": "este equipo no tiene esa dirección",
    "its folder does not exist": "su carpeta no existe",
    "other processes keep it locked": "otros procesos lo tienen ocupado",
}
"""Pieces of messages, whole: between them stand colons and semicolons. Names in braces are kept."""


def translate_refusal(text: str) -> str:
    """Return a refusal in Spanish; names, and what is not known here, stay as they are."""
    return _translate(text) or text


def _translate(text: str) -> str | None:
    """Return the Spanish for a text, of which names before a colon stay; None where a piece is not known."""
    for pattern, spanish in _compile_templates():
        if found := pattern.fullmatch(text):
            inner = {name: _translate(part) or part for name, part in found.groupdict().items()}
            return spanish.format_map(inner)
    for place in (found.start() for found in re.finditer("; ", text)):
        before, after = _translate(text[:place]), _translate(text[place + 2 :])
        if before and after:
            return f"{before}; {after}"
    for place in (found.start() for found in re.finditer(": ", text)):
        head, rest = text[:place], _translate(text[place + 2 :])
        if rest:
            return f"{_translate(head) or head}: {rest}"
    return None


@cache
def _compile_templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    from conekta_mcp.server.rendering.argument_messages import SPANISH_BY_CODE
    from conekta_mcp.storage.serialization import MESSAGES

    stored = {text: SPANISH_BY_CODE[code] for code, text in MESSAGES.items() if code in SPANISH_BY_CODE}
    # What has the most words of its own first: "expected {choice}" would fit nearly everything.
    ordered = sorted((TEMPLATES | stored).items(), key=lambda one: -len(NAME.sub("", one[0])))
    return tuple((_compile(english), spanish) for english, spanish in ordered)


def _compile(english: str) -> re.Pattern[str]:
    pieces = NAME.split(english)
    return re.compile(
        "".join(
            f"(?P<{piece}>(?:(?!; ).)+?)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        )
    )
