"""How each kind of personal text is masked."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from conekta_mcp.privacy.field_lookup import find_plain_rule
from conekta_mcp.privacy.field_rules import FieldRule, Personal

FieldMask = Callable[[str], str]
HIDDEN = "***"


def mask_name(text: str) -> str:
    """Return the initial of each word."""
    return " ".join(f"{word[0]}**" for word in text.split()) or HIDDEN


def mask_email(text: str) -> str:
    """Return the first character and the host."""
    box, at, host = text.rpartition("@")
    return f"{box[:1]}**@{host}" if at and host else HIDDEN


def mask_number(text: str) -> str:
    """Return the last four characters of a phone, a CLABE or a cash reference."""
    return _keep_end(text, 4)


def mask_tax_id(text: str) -> str:
    """Return the last three characters."""
    return _keep_end(text, 3)


def hide_text(_: str) -> str:
    """Return the mask alone."""
    return HIDDEN


def _keep_end(text: str, count: int) -> str:
    return HIDDEN + text.strip()[-count:] if len(text.strip()) >= 2 * count else HIDDEN


MASKS: Mapping[Personal, FieldMask] = MappingProxyType(
    {
        Personal.NAME: mask_name,
        Personal.EMAIL: mask_email,
        Personal.NUMBER: mask_number,
        Personal.TAX_ID: mask_tax_id,
        Personal.HIDDEN: hide_text,
    }
)
"""The masks of fields that are always personal; others depend on their value."""
PAYABLE = re.compile(r"\d{10,18}")
"""A cash reference or a CLABE; other references are a shop's ids."""


def find_mask(rule: FieldRule, name: str, holder: Mapping[str, Any]) -> FieldMask | None:
    """Return the mask of field `name` of `holder` with row `rule`; None if it is not personal."""
    personal = rule.personal
    if personal is Personal.PAYABLE:
        personal = Personal.NUMBER if PAYABLE.fullmatch(str(holder[name])) else Personal.NO
    elif personal is Personal.AS_FIELD:  # a rule against fraud names what its value is
        personal = find_plain_rule(str(holder.get("field"))).personal
    return MASKS.get(personal)
