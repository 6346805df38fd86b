"""Texts of refusals in English and Spanish: settings, starts and the system."""

SETTING_TEMPLATES = {
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
    "expected an address without user and password": ("se esperaba una dirección sin usuario ni contraseña"),
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
    "none stands alone": "none va solo",
    "it is the key of a profile file, and no path": "es la llave de un perfil file, y no una ruta",
    "name the path with key_file in a --profiles-file": "nombra la ruta con key_file en un --profiles-file",
    "set CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET, which signs what is posted": (
        "define CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET, que firma lo que se envía"
    ),
    # starts
    "it keeps the sandbox's data": "guarda los datos del sandbox",
    "add --sandbox, or leave it out to act for a real account": (
        "agrega --sandbox, o quítalo para actuar por una cuenta real"
    ),
    "it cannot be written ({name} is open to other users; chmod 600 it)": (
        "no se puede escribir (otros usuarios pueden usar {name}; hazle chmod 600)"
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
    "it is no audit log": "no es una bitácora",
    "name one that conekta-mcp made, or a new file": "nombra una que hizo conekta-mcp, o un archivo nuevo",
    "another process has held it for too long": "otro proceso la tuvo ocupada demasiado tiempo",
    "another program's database": "es la base de datos de otro programa",
    "name a file that the sandbox made, or a new one": "nombra un archivo que hizo el sandbox, o uno nuevo",
    "{flag} serves stdio and loopback only, not --host {host}": (
        "{flag} solo sirve por stdio y en este equipo, no con --host {host}"
    ),
    "--toolsets, --tools, --exclude and --read-only together leave no tool": (
        "--toolsets, --tools, --exclude y --read-only juntos no dejan ninguna herramienta"
    ),
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
    "--approval-channels may then name inbox and terminal only": (
        "--approval-channels entonces solo puede nombrar inbox y terminal"
    ),
    "elsewhere nobody knows who answers, and it may be who called": (
        "en los demás no se sabe quién responde, y puede ser quien llamó"
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
