"""Text without case and accents, the one form in which the server compares what people type.

The sandbox has its own (`sandbox/http/searches.py`), because it shares no code with the server.
"""

import unicodedata


def fold_text(text: str) -> str:
    """Return text in lower case without accents."""
    plain = unicodedata.normalize("NFKD", text)
    if not plain.isascii():
        plain = "".join(one for one in plain if not unicodedata.combining(one))
    return plain.casefold()


def fold_email(email: object) -> str:
    """Return an e-mail, or "" for none, without case and without blanks around it, as two are compared."""
    return str(email or "").strip().casefold()
