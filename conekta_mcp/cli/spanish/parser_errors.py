"""Spanish translations of the errors of argparse and of the argument checks."""

import re

PATTERNS = tuple(
    (re.compile(english), spanish)
    for english, spanish in (
        (r"^unrecognized arguments: ", "argumentos que no existen: "),
        (r"^the following arguments are required: ", "faltan: "),
        (r"^one of the arguments (.+) is required", r"falta uno de \1"),
        (r"^argument ([^:]+): ", r"argumento \1: "),
        (r"invalid choice: ('.*?'|\S+) \(choose from (.*?)\)", r"\1 no es ninguna de las opciones (\2)"),
        (r"invalid \w+ value: ", "no es un valor que se acepte: "),
        (r"expected one argument", "le falta su valor"),
        (r"expected at least one argument", "le falta un valor"),
        (r"not allowed with argument (\S+)", r"no va con \1"),
        (r"ignored explicit argument ('.*?')", r"no lleva valor, y se le dio \1"),
        (
            r"expected a date such as 2026-11-01, or 30m, 12h, 7d",
            "se esperaba una fecha como 2026-11-01, o 30m, 12h, 7d",
        ),
        (
            r"expected a time up to (\S+) such as (\S+) or (\S+), (\S+), or (\S+) with a seed",
            r"se esperaba un tiempo de hasta \1, como \2 o \3, \4, o \5 con una semilla",
        ),
        (r"expected an amount of MXN such as (\S+) or (\S+)", r"se esperaba un monto en MXN como \1 o \2"),
        (r"expected (\d+-\d+)", r"se esperaba \1"),
        (r"expected centavos, such as (\S+)", r"se esperaban centavos, como \1"),
        (r"; did you mean (.+?)\?$", r"; ¿quisiste decir \1?"),
        (
            r"; others see what is in a command line: set (\S+)$",
            r"; otros ven lo que hay en una línea de comandos: usa la variable \1",
        ),
    )
)


def translate(message: str) -> str:
    """Return an error of argparse in Spanish; typed words and unknown texts stay as they are."""
    for pattern, spanish in PATTERNS:
        message = pattern.sub(spanish, message, count=1)
    return message
