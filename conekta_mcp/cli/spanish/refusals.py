"""Translates refusals of settings, files and starts, which are raised in English."""

import re
from functools import cache

from conekta_mcp.cli.spanish.file_texts import FILE_TEMPLATES
from conekta_mcp.cli.spanish.refusal_texts import SETTING_TEMPLATES

NAME = re.compile(r"\{(\w+)\}")
TEMPLATES = SETTING_TEMPLATES | FILE_TEMPLATES
"""Complete parts of messages, which are joined by colons and semicolons; names in braces are kept."""


def translate_refusal(text: str) -> str:
    """Return a refusal in Spanish; names and unknown texts stay as they are."""
    return _translate(text) or text


def _translate(text: str) -> str | None:
    """Return a text in Spanish, with names before a colon kept; None if a part is unknown."""
    for pattern, spanish in _compile_templates():
        if found := pattern.fullmatch(text):
            inner = {name: _translate(part) or part for name, part in found.groupdict().items()}
            return spanish.format_map(inner)
    for place in (found.start() for found in re.finditer("; ", text)):
        before, after = _translate(text[:place]), _translate(text[place + 2 :])
        if before and after:
            return f"{before}; {after}"
    for place in (found.start() for found in re.finditer(": ", text)):
        head, rest = text[:place], _translate(text[place + 2 :])
        if rest:
            return f"{_translate(head) or head}: {rest}"
    return None


@cache
def _compile_templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    from conekta_mcp.server.rendering.argument_messages import SPANISH_BY_CODE
    from conekta_mcp.storage.serialization import MESSAGES

    stored = {text: SPANISH_BY_CODE[code] for code, text in MESSAGES.items() if code in SPANISH_BY_CODE}
    # The template with the longest fixed text first: "expected {choice}" would match nearly everything.
    ordered = sorted((TEMPLATES | stored).items(), key=lambda one: -len(NAME.sub("", one[0])))
    return tuple((_compile(english), spanish) for english, spanish in ordered)


def _compile(english: str) -> re.Pattern[str]:
    pieces = NAME.split(english)
    return re.compile(
        "".join(
            f"(?P<{piece}>(?:(?!; ).)+?)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        )
    )
