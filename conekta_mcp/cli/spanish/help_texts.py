"""The help of each command in Spanish; the English text is in the module of the command."""

MAIN = {
    "description": "Conekta para agentes de IA: un servidor MCP y un sandbox sin red.",
    "command": "COMANDO",
    "commands": "comandos",
    "options": "opciones",
    "arguments": "argumentos",
    "help": "muestra esta ayuda y termina",
    "version": "muestra la versión y termina",
    "variables": "Cada opción tiene una variable de entorno, entre corchetes.",
    "epilog": (
        "conekta-mcp COMANDO --help dice más. Cada opción tiene una variable de entorno, entre corchetes."
    ),
}
PURPOSES = {
    "serve": "sirve MCP por stdio (por omisión), SSE o streamable HTTP",
    "listen": "recibe los webhooks de Conekta para servidores por stdio que comparten el almacén",
    "demo": "recorre un cobro por CLABE en el sandbox e imprime cada paso",
    "tour": "un cuarto de hora en el sandbox: cobrar, decir que sí, pagar, devolver, la bitácora",
    "install": "prepara un cliente MCP, como Claude Desktop o VS Code, para arrancar este servidor",
    "uninstall": "quita este servidor de un cliente MCP",
    "login": "revisa una llave privada y la guarda en el llavero del sistema",
    "logout": "quita la llave que guardó login",
    "whoami": "dice de quién son las llaves que hay, y si son reales",
    "tools": "lista las herramientas con riesgo, ruta y tamaño",
    "call": "llama a una herramienta e imprime su respuesta",
    "doctor": "revisa llave, conexión, versiones y protecciones, y dice qué corregir",
    "sandbox": "corre el Conekta sin red como servidor HTTP para cualquier SDK, o hace que algo pase en él",
    "approvals": "muestra las preguntas que esperan a una persona, y las responde en una terminal",
    "audit": "lee el registro de escrituras y rechazos, con filtros",
    "logs": "imprime escrituras, rechazos y errores, una línea cada uno, y al llegar con --follow",
    "settle": "averigua, solo leyendo, qué pasó con escrituras cuya respuesta se perdió",
    "approvers": "dice quién puede iniciar sesión en la bandeja de un servidor HTTP y aprobar ahí",
    "policy": "muestra las reglas del operador, o explica qué deciden sobre una llamada",
    "completion": "imprime un script que completa comandos, opciones y valores en bash, zsh o fish",
}
GROUPS = {
    "account": "cuenta y llaves",
    "conekta": "API de Conekta",
    "sandbox": "sandbox",
    "tools": "herramientas",
    "http": "HTTP",
    "approval": "aprobación de una persona",
    "policy": "reglas",
    "limits": "límites",
    "storage": "almacén y bitácora",
    "output": "salida",
}
DESCRIPTIONS = {
    "serve": (
        "Sirve MCP. Por stdio la llave es CONEKTA_API_KEY; por HTTP viene con cada petición como "
        "Authorization: Bearer key_..., y CONEKTA_API_KEY la suple solo si escucha en este equipo."
    ),
    "listen": (
        "Recibe los webhooks de Conekta en /webhooks/conekta y anota en el almacén qué eventos llegaron, "
        "para que servidores por stdio con el mismo --store los noten. La llave es CONEKTA_API_KEY: con "
        "ella se leen una vez las llaves que firman los webhooks."
    ),
    "demo": (
        "Arranca el servidor sobre el sandbox, conecta un cliente MCP real por stdio y recorre un cobro por "
        "CLABE. Sale con 0 si cada paso fue como debía."
    ),
    "tour": "Recorre una tienda del sandbox. Sale con 0 al final o al salir; con 1 si --unattended se atora.",
    "install": (
        "Escribe este servidor en el archivo de un cliente MCP, con la ruta completa de este comando. Lo "
        "demás del archivo se queda igual, y se guarda una copia al lado. No se escribe ninguna llave: el "
        "servidor la encuentra donde login la guardó; sin login, VS Code la pide. Los límites que das, o que "
        "ponen tus variables, van en el archivo. Sale con 1 si un archivo se dejó como estaba."
    ),
    "uninstall": (
        "Quita este servidor del archivo de un cliente MCP. Lo demás se queda igual, y se guarda una copia "
        "al lado; la llave sigue donde login la guardó. Sale con 1 si un archivo se dejó como estaba."
    ),
    "login": (
        "Pide una llave privada de Conekta sin mostrarla, la revisa con lecturas sin efecto y la guarda en "
        "el llavero del sistema para un perfil. Todos los comandos la encuentran ahí donde ninguna variable "
        "tiene llave. Sale con 1 si no se guardó nada."
    ),
    "logout": (
        "Quita la llave que login guardó para un perfil, del llavero del sistema o de su archivo. Conekta la "
        "sigue aceptando; revócala en el panel. Sale con 1 si no se quitó nada."
    ),
    "whoami": (
        "Pregunta a Conekta, leyendo, de quién es cada llave con la que actuarían los comandos: las de login "
        "y la de CONEKTA_API_KEY; con --profile solo las de esos perfiles. No muestra llaves, solo su "
        "huella. Sale con 1 si falta una llave o no se pudo revisar."
    ),
    "tools": "Lista las herramientas con riesgo, ruta y tamaño.",
    "call": (
        "Llama a una herramienta e imprime su respuesta. La llave es CONEKTA_API_KEY; la de un perfil como "
        "store-b es CONEKTA_API_KEY_STORE_B, o está donde dice --profiles-file; --sandbox no necesita. Sale "
        "con 1 si contestó con un error, con 2 si no se llamó a nada. Donde hace falta el sí de una persona "
        "pregunta en la terminal; sin ella espera los otros canales, y contesta consent_pending si nadie "
        "dice que sí ahí."
    ),
    "doctor": (
        "Revisa llave, conexión, versiones, almacén, bitácora y reglas, y dice qué corregir (FIX) y qué "
        "considerar (WARN). La llave es CONEKTA_API_KEY; la de un perfil como store-b es "
        "CONEKTA_API_KEY_STORE_B, o está donde dice --profiles-file. Envía lecturas sin efecto; no muestra "
        "ninguna llave, solo su huella. Sale con 1 si hay algo que corregir."
    ),
    "sandbox": (
        "Corre el Conekta sin red como servidor HTTP: apunta ahí cualquier SDK de Conekta, con cualquier "
        "llave que empiece con key_; cada llave es una cuenta aparte. POST /_sandbox/payments hace de "
        "pagador, /_sandbox/clock mueve el tiempo, /_sandbox/faults rompe respuestas. sandbox trigger "
        "EVENTO hace que algo de eso pase en un sandbox que corre."
    ),
    "approvals": (
        "Muestra las preguntas que esperan el sí de una persona, y las responde. Lee el almacén del servidor "
        "(--store), así que dale los mismos ajustes. approve, decline y watch necesitan una terminal real, "
        "en la que se muestra la pregunta completa y se escribe sí o no; donde hay aprobadores, uno inicia "
        "sesión. Sale con 0: hecho; 1: no hay tal pregunta, o no se respondió aquí; 2: uso incorrecto, o sin "
        "terminal."
    ),
    "audit": "Lee el registro de escrituras y rechazos, con filtros.",
    "logs": (
        "Imprime lo que se escribió, se rechazó y se perdió, una línea cada uno, de la bitácora de los "
        "servidores que usan el mismo almacén o archivo. Las lecturas no se registran. Con --follow sigue "
        "con lo que llegue."
    ),
    "settle": (
        "Averigua qué pasó con escrituras cuya respuesta se perdió o cuyo proceso terminó. A Conekta solo se "
        "le pregunta leyendo: nada se envía otra vez. Lo que se aplicó queda anotado, y repetir la llamada "
        "recibe su respuesta; lo que no se aplicó puede hacerse de nuevo, y deja de contar en los límites. "
        "Lo que ninguna lectura dice, lo puede decir una persona: --as con --key y --why anotan su palabra y "
        "no leen nada. Las llaves vienen de donde doctor las encuentra; con --profile solo se resuelven las "
        "de esos perfiles. Sale con 0: no queda nada; 1: algo aún no se sabe; 2: uso incorrecto."
    ),
    "approvers": (
        "Dice quién puede iniciar sesión en /approvals de un servidor HTTP y aprobar ahí. La frase de "
        "acceso se pide en una terminal, o --generate imprime una al azar, una sola vez; nunca es un "
        "argumento. Un servidor que ya corre nota cada cambio. Sale con 1 si nada cambió."
    ),
    "policy": (
        "Muestra las reglas del operador, o revisa una llamada contra ellas; no se envía nada. check sale "
        "con 0 si la llamada se permite, 3 si se pregunta a una persona, 4 si se niega, 2 si no es llamada."
    ),
    "completion": (
        "Imprime un script que completa comandos, opciones y valores en bash, zsh o fish. No lee ninguna "
        "cuenta ni llave."
    ),
}
JSON_LINES = "imprime JSON, un objeto por línea"
CLIENT_FILES = {
    "client": "qué cliente: %(choices)s",
    "all": "todos los clientes que hay en este equipo",
    "scope": "para ti en todas partes (user), o para el proyecto de esta carpeta (por omisión: user)",
    "dry": "dice qué se escribiría",
    "json": "imprime un objeto JSON por archivo",
}
ARGUMENTS = {
    "demo": {
        "approve": "muestra cómo dice que sí una persona: cobra en el sandbox y responde ahí o aquí",
        "json": f"{JSON_LINES}: cada paso, y cómo terminó",
    },
    "tour": {
        "chapter": "empieza en este capítulo",
        "unattended": "se recorre solo, con lo que sugiere",
        "json": f"con --unattended: {JSON_LINES}: capítulos, llamadas, respuestas, y cómo terminó",
    },
    "install": {**CLIENT_FILES, "prints": "imprime lo que va en el archivo, sin escribir nada"},
    "uninstall": CLIENT_FILES,
    "login": {
        "key_stdin": "lee la llave de la entrada estándar",
        "key_file": "guarda la llave sin cifrar en un archivo que solo tú lees (0600), no en el llavero",
        "json": "imprime un objeto JSON en lugar de líneas",
    },
    "logout": {"json": "imprime un objeto JSON en lugar de líneas"},
    "whoami": {"json": JSON_LINES},
    "tools": {"json": "imprime un arreglo JSON en lugar de una tabla", "all": "todas, también las secretas"},
    "call": {
        "tool": "como list_customers; conekta-mcp tools las nombra todas",
        "json": "argumentos, o - para leer stdin",
        "as_json": "imprime la respuesta en una línea",
    },
    "doctor": {"json": "imprime un arreglo JSON en lugar de líneas"},
    "listen": {"json": "imprime la dirección que recibe como un objeto JSON, en cuanto escucha"},
    "sandbox": {
        "latency": "espera antes de atender cada petición: 200ms, 1.5s, lognormal (como Conekta, unos 250 "
        "ms) o lognormal:7 con semilla; por omisión no espera",
        "action": "hace que algo pase en un sandbox que corre",
        "event": "qué pasa, como order.paid o clock.advanced",
        "target": "la orden, CLABE, liga, contracargo, pago o reembolso; con clock.advanced un tiempo: 30d",
        "amount": "order.paid: lo que se paga, en centavos, si no es lo que se debe",
        "reason": "card.declined y charge.chargeback.created: por qué",
        "method": "link.paid: cómo (por omisión: card)",
        "url": "el sandbox que corre; por omisión: --host y --port",
        "key": "de qué cuenta: la llave inventada que envía tu SDK (por omisión: key_sandbox)",
        "json": "imprime su dirección como un objeto JSON, en cuanto escucha; con trigger, la respuesta",
    },
    "approvals": {
        "action": "por omisión: list; watch pregunta una tras otra",
        "id": "el id de una aprobación, o un comienzo que solo ella tiene",
        "all": "lista también las decididas de los últimos días",
        "json": f"list y show: {JSON_LINES}",
    },
    "audit": {
        "since": "desde entonces: 2026-11-01, 2026-11-01T09:30, o hace 30m, 12h, 7d; fechas de tu zona",
        "tool": "llamadas de esta herramienta",
        "outcome": "llamadas que terminaron así; open: anotada antes de enviarse, y nunca después",
        "account": "huella de una llave, su comienzo, o un perfil",
        "id": "llamadas que nombran este id, como ord_... o el de la llamada",
        "limit": "las últimas N llamadas (por omisión: 50)",
        "json": f"{JSON_LINES}; con --verify lo que encontró",
        "verify": "dice si la bitácora entera está como se escribió; sale con 1 si algo cambió o falta",
        "head": "imprime el hash del último registro, para guardarlo en otro lugar",
        "since_head": "con --verify: un hash que --head imprimió antes; su registro debe seguir ahí",
    },
    "logs": {
        "follow": "sigue con lo que llegue, hasta Ctrl+C",
        "errors": "solo lo rechazado, lo no aplicado y lo que no se sabe",
        "since": "desde entonces: 2026-11-01, 2026-11-01T09:30, o hace 30m, 12h, 7d; fechas de tu zona",
        "tool": "llamadas de esta herramienta",
        "outcome": "lo que terminó así; open: lo que se envía",
        "account": "huella de una llave, su comienzo, o un perfil",
        "id": "llamadas que nombran este id, como ord_... o el de la llamada",
        "limit": "las últimas N líneas (por omisión: 50)",
        "json": JSON_LINES,
    },
    "settle": {
        "json": JSON_LINES,
        "outcome": "anota lo que una persona averiguó de la escritura de --key; queda como su palabra",
        "key": "la idempotency_key de la escritura de la que trata --as",
        "why": "cómo lo sabe la persona; necesario con --as",
    },
    "approvers": {
        "action": "qué hacer; passphrase pone una nueva",
        "name": "de quien aprueba, como ana o ana@tienda.mx",
        "keys": "con add: la huella, como la muestra doctor, de una llave suya, para --four-eyes",
        "generate": "con add y passphrase: imprime una frase al azar, una sola vez",
        "as_json": f"con list: {JSON_LINES}",
    },
    "policy": {
        "action": "revisar una llamada, o mostrar las reglas",
        "tool": "como refund_order",
        "json": "argumentos, o - para leer stdin",
        "mode": "modo de la llave; si no se sabe cuenta como real",
        "amount": "supone este monto, donde los argumentos no lo dicen",
        "kind": "supone esta clase de escritura, en lugar de la nuestra",
        "as_json": "imprime un objeto JSON",
    },
    "completion": {
        "shell": "para qué shell",
        "json": "en su lugar imprime los comandos, sus opciones y valores como un arreglo JSON",
    },
}
