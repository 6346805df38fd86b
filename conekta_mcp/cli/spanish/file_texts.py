"""Texts of refusals in English and Spanish: files of profiles, keys, approvers, policies and clients."""

FILE_TEMPLATES = {
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
    "expected the full path of a folder": "se esperaba la ruta completa de una carpeta",
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
    "expected a path, in which ~ is your own home folder": (
        "se esperaba una ruta, en la que ~ es tu propia carpeta personal"
    ),
    "expected service/user": "se esperaba servicio/usuario",
    # places of keys
    "the key file (conekta-mcp login, profile {name})": (
        "el archivo de llave (conekta-mcp login, perfil {name})"
    ),
    "the system keyring (conekta-mcp login, profile {name})": (
        "el llavero del sistema (conekta-mcp login, perfil {name})"
    ),
    "the system keyring, {name}": "el llavero del sistema, {name}",
    "the file of {place}": "el archivo de {place}",
    "the file of {place} (its permissions are not checked here)": (
        "el archivo de {place} (aquí no se revisan sus permisos)"
    ),
    # policy files
    "others may write the file": "otros pueden escribir el archivo",
    "look it over, and chmod go-w it": "revísalo y ponle chmod go-w",
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
    'it says nothing; write default = "allow" if no rule is meant': (
        'no dice nada; escribe default = "allow" si no quieres ninguna regla'
    ),
    "no tool meets its tools, toolsets and risks together, so it never applies": (
        "ninguna operación cumple a la vez sus tools, toolsets y risks, así que nunca se aplica"
    ),
    "its tools only read, and a read has neither kind nor amount, so it never applies": (
        "sus operaciones solo leen, y una lectura no tiene tipo ni monto, así que nunca se aplica"
    ),
    "expected a name of its own for each": "se esperaba un nombre propio para cada una",
    "expected {choice}": "se esperaba {choice}",
    # files of clients
    "line {line}, column {column} is not JSON": "en la línea {line}, columna {column}, no es JSON",
    "line {line} is not TOML": "en la línea {line} no es TOML",
    "line {line} is not YAML": "en la línea {line} no es YAML",
    "it is not TOML": "no es TOML",
    "it is not YAML": "no es YAML",
    "it is not in UTF-8": "no está en UTF-8",
    "it is no object": "no es un objeto",
    "it is no map": "no es un mapa",
    "it is read-only": "es de solo lectura",
    "it is no regular file": "no es un archivo regular",
    "it is nested too deeply": "está anidado demasiado",
    "an object in it has the same name twice": "un objeto tiene dos veces el mismo nombre",
    "it is written in one line": "está escrito en una sola línea",
    "{name} is written in one line": "{name} está escrito en una sola línea",
    "{name} is no object": "{name} no es un objeto",
    "{name} is no map of servers": "{name} no es un mapa de servidores",
    "{name} is no list": "{name} no es una lista",
    "{name} is no array": "{name} no es una lista",
    "{name} is no table": "{name} no es una tabla",
    "it is written in a way in which nothing can be added or removed safely": (
        "está escrito de una manera en la que nada se puede agregar o quitar con seguridad"
    ),
    "there are too many backups beside it": "hay demasiadas copias a su lado",
    "another program wrote it meanwhile; try again": (
        "otro programa lo escribió mientras tanto; intenta otra vez"
    ),
}
