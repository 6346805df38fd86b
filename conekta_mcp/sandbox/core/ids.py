"""Ids as Conekta makes them (conekta-api.md 1.5): time first, then a number never repeated, then chance."""

from random import Random

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(moment: int, number: int, chance: Random) -> str:
    """17 base58 characters that sort by `moment` (unix seconds), then by `number`."""
    return _digits(moment, 6) + _digits(number, 5) + "".join(chance.choices(ALPHABET, k=6))


def object_id(moment: int, number: int, chance: Random) -> str:
    """24 hexadecimal characters that sort by `moment` (unix seconds), then by `number`."""
    return f"{moment % 2**32:08x}{number % 2**32:08x}{chance.getrandbits(32):08x}"


def _digits(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, remainder = divmod(number, len(ALPHABET))
        digits = ALPHABET[remainder] + digits
    return digits
