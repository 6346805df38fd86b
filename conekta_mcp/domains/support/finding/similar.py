"""Similar words: names misspelt by their sound in Mexican Spanish, and short forms of names."""

from functools import lru_cache

from conekta_mcp.domains.sounds import spell_sound

MIN_SIMILAR = 4
MIN_MISTYPED = 6
"""Shorter words that differ in a letter are different words: Ana and Ada, Luna and Lupe."""
SHORT_FORMS = {
    "beto": "alberto roberto humberto heriberto", "charo": "rosario", "chava": "salvador", "chayo": "rosario",
    "chela": "graciela", "chelo": "consuelo", "chema": "jose", "chuy": "jesus", "concha": "concepcion",
    "cuca": "refugio", "fer": "fernando fernanda", "gabi": "gabriela gabriel", "gaby": "gabriela",
    "gera": "gerardo", "goyo": "gregorio", "guille": "guillermo guillermina", "javi": "javier",
    "kike": "enrique", "lalo": "eduardo", "lety": "leticia", "licha": "alicia", "lucha": "luisa",
    "lupe": "guadalupe", "lupita": "guadalupe", "memo": "guillermo", "meche": "mercedes", "mago": "margarita",
    "nacho": "ignacio", "nando": "fernando", "neto": "ernesto", "paco": "francisco", "pancho": "francisco",
    "paty": "patricia", "pepe": "jose", "pili": "pilar", "poncho": "alfonso", "queta": "enriqueta",
    "quique": "enrique", "rafa": "rafael", "sofi": "sofia", "susi": "susana", "tavo": "gustavo",
    "tere": "teresa", "tono": "antonio", "tona": "antonia", "vicky": "victoria", "yola": "yolanda",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def is_similar(typed: str, written: str) -> bool:
    """Whether a word may have been meant by another; both without accents, in small letters."""
    if written in SHORT_FORMS.get(typed, "").split() or typed in SHORT_FORMS.get(written, "").split():
        return True
    if min(len(typed), len(written)) < MIN_SIMILAR:
        return False
    one, other = spell_sound(typed), spell_sound(written)
    if one == other:
        return True
    shortest = min(len(typed), len(written))
    return shortest >= MIN_MISTYPED and one[:1] == other[:1] and _differs_by_one_letter(one, other)


def is_mistyped(typed: str, written: str) -> bool:
    """Whether an e-mail differs from another by one letter, or by two that were swapped."""
    return len(typed) >= MIN_MISTYPED and typed != written and _differs_by_one_letter(typed, written)


def _differs_by_one_letter(one: str, other: str) -> bool:
    """Tell whether one letter was left out, added or changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, remainder = one[start:], other[start:]
    is_swapped = rest[:2] == remainder[:2][::-1] and rest[2:] == remainder[2:]
    return is_swapped or rest[1:] in (remainder, remainder[1:]) or rest == remainder[1:]
