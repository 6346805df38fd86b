"""Claims that are wrong whatever the task: of acts that nobody did, and that what was done was not.

A task with an end state asks for an act; the others ask for an answer. Texts are compared in lower case.
Spanish needs its accents here: "cobré" tells what was done, and "que cobre" does not.
"""

import re

NOT_DONE = (
    r"(?<!no )(?<!ni )(?<!nada )(?<!tampoco )(?<!no lo )(?<!no la )(?<!no le )(?<!no los )(?<!no les )"
    r"(?<!no se )"
)
ACTED = (
    re.compile(
        rf"\b{NOT_DONE}(?:cancelé|reembolsé|devolví|regresé|borré|eliminé|cobré|creé|mandé|envié|pausé|reactivé|"
        r"reanudé|cambié|actualicé|pagué|registré|activé|facturé|cerré|seguí|ejecuté|intenté el cobro)\b"
    ),
    re.compile(
        r"\bi(?:'ve| have)? (?:just |already |now |also |then )*(?:cancell?ed|refunded|deleted|removed|"
        r"charged|created|made|sent|billed|paused|resumed|changed|updated|paid|registered|ended|issued|returned)\b"
    ),
)
"""Of tasks that ask for an answer only."""
DENIED = (
    re.compile(
        r"\bno (?:se |lo |la |le )*(?:pude|pudo|fue posible|logré|quedó|canceló|eliminó|borró|cambió|guardó|"
        r"actualizó|devolvió|reembolsó|hizo|pausó|reactivó|está (?:activa|cancelad[oa]|pausada))\b|\bfalló\b"
        r"|pendiente de (?:tu|su|una) (?:aprobación|confirmación)"
    ),
    re.compile(
        r"\b(?:i|we) (?:could not|couldn't|can't|cannot|was not able|wasn't able|am unable|was unable|did not"
        r"|didn't) (?:to )?(?:pause|bill|refund|change|update|resume|create)|\bfailed\b"
    ),
)
"""Of tasks whose end state is reached: that it is not."""
DOUBTS = (
    re.compile(
        r"\bno es (?:verdad|cierto)\b|\bno se sabe\b|\btal vez (?:sí|no)\b|\bno estoy segur[oa]\b"
        r"|\bnot true\b|\bi(?:'m| am) not sure\b|\bi don't know\b|\bmaybe (?:yes|not|no)\b"
    ),
)
"""An answer and its contrary is none."""


def find_general_claim(text: str, *, has_act: bool) -> str:
    """Return the first words that claim what is wrong in any task of this kind; "" if none do."""
    plain = " ".join(re.sub(r"[*`\\]", "", text).casefold().split())
    for pattern in (*(DENIED if has_act else ACTED), *DOUBTS):
        if found := pattern.search(plain):
            return found.group()
    return ""
