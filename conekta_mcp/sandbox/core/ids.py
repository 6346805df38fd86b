"""Ids in Conekta's forms (conekta-api.md 1.5): time first, then a number never repeated, then chance."""

from random import Random

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def make_base58_id(moment: int, number: int, chance: Random) -> str:
    """Return 17 base58 characters that sort by `moment` (unix seconds), then by `number`."""
    return _encode_base58(moment, 6) + _encode_base58(number, 5) + "".join(chance.choices(ALPHABET, k=6))


def make_object_id(moment: int, number: int, chance: Random) -> str:
    """Return 24 hexadecimal characters that sort by `moment` (unix seconds), then by `number`."""
    return f"{moment % 2**32:08x}{number % 2**32:08x}{chance.getrandbits(32):08x}"


def _encode_base58(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, remainder = divmod(number, len(ALPHABET))
        digits = ALPHABET[remainder] + digits
    return digits
