"""Masks personal data in answers: full, masked (initials and last digits) or minimal (left out)."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from conekta_mcp.privacy.field_lookup import find_rule
from conekta_mcp.privacy.field_rules import FieldRule, Personal, TypedBy
from conekta_mcp.privacy.fields import UNKNOWN
from conekta_mcp.privacy.masks import (
    HIDDEN,
    FieldMask,
    find_mask,
    hide_text,
    mask_email,
    mask_name,
    mask_number,
    mask_tax_id,
)
from conekta_mcp.redaction import INVISIBLE

NO_FIELDS: frozenset[str] = frozenset()
PAYER_FIELDS = frozenset({"clabe", "reference", "barcode", "barcode_url", "receiving_account_number"})
"""Fields that a payer needs; the bank and the expiry are never masked."""
PAYER_TOOLS = frozenset(
    {
        "create_order", "create_order_reusing_clabe", "add_spei_recurrent_source",
        "add_cash_recurrent_source", "list_payment_sources", "get_order", "create_charge",
        "create_charges", "simulate_payment", "explain_payment",
        "conekta://orders/",
    }
)  # fmt: skip
"""The tools and kinds of resources whose purpose is to say how to pay."""

EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
TAX_ID = re.compile(  # an RFC or a CURP: letters, a date, the rest
    r"(?<!\w)[A-ZÑ&]{3,4}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[A-Z0-9]{3}|[HMX][A-Z]{5}[A-Z0-9]\d)(?!\w)",
    re.IGNORECASE,
)
CLABE = re.compile(r"(?<![\w-])\d{18}(?![\w-])")
PHONE = re.compile(
    r"(?<![\w.,$+-])(?:\+\d[\d ().-]{7,17}\d"
    r"|(?:52[ -]?1?[ -]?)?\(?(?:[2-9]\d\)?[ .-]?\d{4}|[2-9]\d\d\)?[ .-]?\d{3})[ .-]?\d{4})(?![\w-])(?![.,]\d)"
)
QUERY = re.compile(r"(?<!\w)(search|email|phone|name|receiver)=[^&\s\"]+", re.IGNORECASE)
PATTERNS: tuple[tuple[str, re.Pattern[str], FieldMask], ...] = (
    ("@", EMAIL, mask_email),
    ("", TAX_ID, mask_tax_id),
    ("", CLABE, mask_number),
    ("", PHONE, mask_number),
)
MASKED_TEXT = re.compile(r"(?:^|\s)\w\*\*(?=\s|@|$)|^\*\*\*\w{0,4}$")
QUOTED = re.compile("«([^»]*)»")
CUT_JSON = re.compile(r'\s*[\[{]\s*["{\[\d]')


def list_kept_fields(tool: str) -> frozenset[str]:
    """Return the fields that are not masked in the answers of `tool`, or of a kind of resources."""
    return PAYER_FIELDS if tool in PAYER_TOOLS else NO_FIELDS


def mask_answer(answer: dict[str, Any], level: str, *, keeps: frozenset[str] = NO_FIELDS) -> dict[str, Any]:
    """Return `answer`, curated or raw, masked for `level`; the fields `keeps` are not masked."""
    if level == "full":
        return answer
    if isinstance(answer.get("preview"), dict):
        answer = {**answer, "preview": _mask_preview(answer["preview"], level)}
    if isinstance(answer.get("conekta"), dict):
        return {**answer, "conekta": mask_answer(answer["conekta"], level, keeps=keeps)}
    rows = answer.get("data")
    if not isinstance(rows, list):
        return _AnswerMask(level, keeps, answer).mask_object(answer, "")
    rest = {name: value for name, value in answer.items() if name != "data"}
    seen = _AnswerMask(level, keeps, rest).mask_object(rest, "")
    seen["data"] = [_AnswerMask(level, keeps, row).mask_value("data", row, UNKNOWN, None, "") for row in rows]
    return {name: seen[name] for name in answer if name in seen}


def _mask_preview(preview: dict[str, Any], level: str) -> dict[str, Any]:
    """Mask the names in a preview, which the model reads, but not the address that data goes to."""

    def mask_quote(found: re.Match[str]) -> str:
        inner = found[1]
        if "://" in inner:
            return found.group()
        return f"«{mask_name(inner) if level == 'masked' else HIDDEN}»"

    return {**preview, "question": QUOTED.sub(mask_quote, str(preview.get("question", "")))}


def mask_text(text: str, level: str) -> str:
    """Mask e-mails, phones, tax ids and CLABEs inside a text, such as an error message."""
    return text if level == "full" else _mask_patterns(INVISIBLE.sub("", text), level)


def has_masked_text(value: Any) -> bool:
    """Tell whether `value` contains masked text: writing it back would overwrite the real one."""
    if isinstance(value, str):
        return MASKED_TEXT.search(value) is not None
    if isinstance(value, Mapping):
        return any(has_masked_text(item) for item in value.values())
    return isinstance(value, list | tuple) and any(has_masked_text(item) for item in value)


class _AnswerMask:
    """Masks one answer or one row: personal values are also masked inside its other texts."""

    def __init__(self, level: str, keeps: frozenset[str], whole: Any) -> None:
        self._level, self._keeps = level, keeps
        known = sorted(set(_iter_personal_texts(whole, "", keeps)), key=len, reverse=True)
        spelled = "|".join(map(re.escape, known))
        self._known = re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE) if spelled else None

    def mask_object(self, holder: Mapping[str, Any], parent: str) -> dict[str, Any]:
        """Return an object of field `parent`, masked."""
        free = parent == "metadata"
        seen: dict[str, Any] = {}
        for name, value in holder.items():
            rule = find_rule(name, holder, parent)
            mask = None if name in self._keeps else find_mask(rule, name, holder)
            if self._level == "minimal" and self._is_left_out(rule, value, mask):
                continue
            told = self.mask_value(name, value, rule, mask, parent)
            if told != {} or not value:
                seen[self._mask_text(name) if free else name] = told
        return seen

    def mask_value(self, name: str, value: Any, rule: FieldRule, mask: FieldMask | None, parent: str) -> Any:
        """Return the value of field `name` with row `rule`, masked if it is personal."""
        if isinstance(value, Mapping):
            return self.mask_object(value, "metadata" if parent == "metadata" else name)
        if isinstance(value, list):
            return [self.mask_value(name, item, rule, mask, parent) for item in value]
        if mask and not isinstance(value, bool) and value is not None:
            return mask(str(value)) if value != "" else value
        if not isinstance(value, str) or name in self._keeps:
            return value
        is_word = parent != "metadata" and rule.typed_by is TypedBy.WORD
        return value if is_word else self._mask_text(value)

    def _is_left_out(self, rule: FieldRule, value: Any, mask: FieldMask | None) -> bool:
        if value is None or isinstance(value, bool):
            return False
        leaf = not isinstance(value, Mapping) and not _has_rows(value)
        return rule.personal is Personal.COARSE or (mask is not None and leaf)

    def _mask_text(self, text: str) -> str:
        clean = INVISIBLE.sub("", text)
        if CUT_JSON.match(clean):
            return HIDDEN  # no field can be found in what was cut
        if self._known:
            clean = self._known.sub(HIDDEN, clean)
        return _mask_patterns(clean, self._level)


def _mask_patterns(text: str, level: str) -> str:
    for sign, pattern, mask in PATTERNS:
        if sign in text:
            chosen = mask if level == "masked" else hide_text
            text = pattern.sub(partial(_mask_match, chosen), text)
    return QUERY.sub(rf"\1={HIDDEN}", text) if "=" in text else text


def _mask_match(mask: FieldMask, found: re.Match[str]) -> str:
    return mask(found.group())


def _iter_personal_texts(value: Any, parent: str, keeps: frozenset[str]) -> Iterator[str]:
    """Yield the personal texts in `value` that are long enough to be searched in other texts."""
    if isinstance(value, list):
        for item in value:
            yield from _iter_personal_texts(item, parent, keeps)
    if isinstance(value, Mapping):
        for name, item in value.items():
            if isinstance(item, str):
                personal = name not in keeps and find_mask(find_rule(name, value, parent), name, value)
                if personal and len(item.strip()) >= 4:
                    yield item.strip()
            else:
                yield from _iter_personal_texts(item, "metadata" if parent == "metadata" else name, keeps)


def _has_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
