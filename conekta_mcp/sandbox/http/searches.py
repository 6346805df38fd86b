"""Free-text search, time and amount filters of the lists (conekta-api.md 1.7, 4.1)."""

import unicodedata
from collections.abc import Callable, Mapping

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid

COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {
    "created_at": int.__eq__,
    "created_at.gte": int.__ge__,
    "created_at.lte": int.__le__,
    "updated_at.gte": int.__ge__,
    "updated_at.lte": int.__le__,
}


def has_match(needle: str, haystacks: list[str]) -> bool:
    """Return whether any text contains the needle, ignoring case and accents."""
    return any(_normalize_text(needle) in _normalize_text(text) for text in haystacks)


def make_time_filter(query: Mapping[str, str]) -> Callable[[Json], bool]:
    """Return a test of a row's created_at and updated_at against the query's unix seconds."""
    bounds = {name: _parse_integer(query[name], name) for name in COMPARISONS if name in query}
    return lambda row: all(
        COMPARISONS[name](row[name.partition(".")[0]], moment) for name, moment in bounds.items()
    )


def make_amount_filter(query: Mapping[str, str]) -> Callable[[Json], bool]:
    """Return a test of a row's amount against the query's exact centavos ([UP], conekta-api.md 1.7)."""
    if "amount" not in query:
        return lambda _row: True
    amount = _parse_integer(query["amount"], "amount")
    return lambda row: bool(row["amount"] == amount)


def _parse_integer(sent: str, param: str) -> int:
    if not (sent.isascii() and sent.isdigit() and len(sent) < 20):
        raise Invalid(reasons.invalid_datatype(param))
    return int(sent)


def _normalize_text(text: str) -> str:
    """Return text without case and accents; the server's folding is not imported on purpose."""
    decomposed = unicodedata.normalize("NFKD", text.strip())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
