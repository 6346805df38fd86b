"""Treats text of customers and shops as data: cleaned, shortened, marked, and quoted in questions."""

import re
import unicodedata

from conekta_mcp.redaction import INVISIBLE

MAX_QUOTE = 60
MAX_HOST = 300
"""The longest scheme, host and port of an address, which are never cut."""
MAX_MAILBOX = 254
ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/?#\s]*)(\S*)")
FAMILIAR = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
"""Letters beyond ASCII that are shown as they are; any other letter may imitate one."""
MAILBOX = re.compile(r"[^@\s]+@[^@\s]+")
SHORTEST_LIMIT = 120
"""Shorter texts are never cut; the limits are in `conekta_mcp.privacy.fields`."""
LINE_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
LONG_TEXT = re.compile(rb'"[^"]{%d}' % (SHORTEST_LIMIT + 1))
SPANISH = bytes(range(0xC0)) + b"\xc3"
"""The bytes that UTF-8 writes ASCII and U+00C0-U+00FF with."""
GUILLEMETS = re.compile("[«»‹›《》〈〉⟨⟩⟪⟫≪≫<>＜＞﹤﹥❮❯❰❱\u2329\u232a˂˃⋘⋙⧼⧽⦑⦒⪡⪢︽︾︿﹀ᐸᐳ]")
LATIN_NAMES = ("LATIN ", "MODIFIER ", "FEMININE ", "MASCULINE ")
WORD = re.compile(r"[^\W\d_]+(?:['’·-][^\W\d_]+)*")
OVERLAYS = re.compile("[\u0334-\u0338\u20d0-\u20ff\u0488\u0489]|(?<=[\u0300-\u036f]{2})[\u0300-\u036f]+")
"""Combining marks that strike out or enclose a character, and piles of marks over other lines."""
LATIN_TWINS = frozenset(
    "АВЕЅЗІЈКМНОРСТУХаеоѕсрхуіјһԁԛԝѡ"  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικρυχ"  # Greek
    "ՕՍԼհոսօցզ"  # Armenian
    "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ"  # Cherokee
)
"""Letters that look like Latin ones; a word of only these imitates a Latin word."""


def is_suspect(text: bytes) -> bool:
    """Tell, quickly, whether JSON text may contain what `clean_text` changes."""
    if b"\\" in text or b"\x7f" in text or LONG_TEXT.search(text):
        return True
    return bool(text.translate(None, SPANISH))


def quote_text(text: str) -> str:
    """Quote what was typed, for a question to a person: one short line that cannot end its own quotation.

    What identifies is whole: a mailbox, and of an address its host. Other text is cut in the middle, since
    its end can matter as much as its start.
    """
    return f"«{_shorten(clean_text(LINE_BREAKS.sub(' ', GUILLEMETS.sub('', text))).strip())}»"


def cut_middle(text: str, most: int) -> str:
    """Return `text` in at most `most` characters, with an ellipsis in the middle."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[-tail:]}"


def _shorten(text: str) -> str:
    # Addresses first: a path with an @ would be taken for an e-mail, and the host cut.
    address = ADDRESS.fullmatch(text)
    if address:
        host, path = address.groups()
        return f"{spell_unfamiliar(cut_middle(host, MAX_HOST))}{cut_middle(path, MAX_QUOTE)}"
    if MAILBOX.fullmatch(text):
        return spell_unfamiliar(cut_middle(text, MAX_MAILBOX))
    return cut_middle(spell_imitations(text), MAX_QUOTE)


def spell_imitations(text: str) -> str:
    """Return `text` with the letters of a word spelled that make it look like another one.

    They are letters of another script among Latin ones, or twins of Latin ones alone; a name that is wholly
    in its own script stays.
    """
    if text.isascii():
        return text
    return WORD.sub(lambda found: _spell_word(found[0]), OVERLAYS.sub("", _flatten_letters(text)))


def _spell_word(word: str) -> str:
    foreign = [one for one in word if one.isalpha() and not _is_latin(one)]
    if not foreign or (len(foreign) == sum(map(str.isalpha, word)) and not LATIN_TWINS.issuperset(foreign)):
        return word
    return "".join(f"[U+{ord(one):04X}]" if one in foreign else one for one in word)


def _flatten_letters(text: str) -> str:
    """Return `text` with letters and digits of other widths or typefaces, such as 𝐀 or Ａ, as plain ones."""
    return "".join(unicodedata.normalize("NFKC", one) if _is_styled(one) else one for one in text)


def _is_styled(sign: str) -> bool:
    return sign.isalnum() and unicodedata.name(sign, "").startswith(("FULLWIDTH ", "MATHEMATICAL "))


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(LATIN_NAMES)


def spell_unfamiliar(text: str) -> str:
    """Return `text` with each confusable letter as its code point, such as [U+0430]."""
    if text.isascii():
        return text
    return "".join(
        one if one.isascii() or one in FAMILIAR or one == "…" else f"[U+{ord(one):04X}]" for one in text
    )


def clean_line(text: str, most: int) -> str:
    """Return `text` on one line, without invisible characters, in at most `most` characters."""
    shown = clean_text(LINE_BREAKS.sub(" ", text))
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def clean_text(text: str) -> str:
    """Return `text` without invisible characters, in NFC."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))
