"""Validates how an HTTP request narrows the tools; an unknown narrowing is refused, not ignored."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from conekta_mcp.catalog import Toolset
from conekta_mcp.redaction import name_in_error
from conekta_mcp.server.tools.selection import ALL, TRUE
from conekta_mcp.settings.parsing import split_names

FALSE = {"0", "false", "no", "off"}
OURS = "conekta"
"""A word that only our headers have, so that any other such header is a misspelling."""
TYPING_ERROR = 0.7
"""How similar a header's name must be to one of ours to count as misspelt (difflib's ratio)."""
HEADERS = ("x-conekta-toolsets", "x-conekta-read-only")
PREFIX = re.compile("^(?:x-)?(?:conekta-)?")
CHILD_HEADER = "x-child-company-id"
CHILD_HINT = "the operator names it, with --child-company-id or in a profile"
PARAMETERS = ("toolsets", "read_only")


def find_invalid_selection(
    headers: Sequence[tuple[str, str]], query: Sequence[tuple[str, str]]
) -> str | None:
    """Return what is wrong with how a request narrows the tools; None if nothing is.

    Misspelt, empty and repeated values are refused, because an unknown limit would not apply.
    """
    if any(name.replace("_", "-") == CHILD_HEADER for name, _ in headers):
        return f"header {CHILD_HEADER} is not read, and its company would not be acted for: {CHILD_HINT}"
    named = [name for name, _ in headers if _is_meant_for_us(name)]
    for kind, given, known in (
        ("header", named, HEADERS),
        ("parameter", [name for name, _ in query], PARAMETERS),
    ):
        for place, name in enumerate(given):
            if name not in known:
                return _describe_unknown(kind, name, known)
            if name in given[:place]:
                return f"{kind} {name} is there twice"
    pairs = (*headers, *query)
    return _find_unknown_toolset(
        [text for name, text in pairs if name in (HEADERS[0], PARAMETERS[0])]
    ) or next(
        (
            "read_only: expected 1 or 0"
            for name, text in pairs
            if name in (HEADERS[1], PARAMETERS[1]) and text.strip().lower() not in TRUE | FALSE
        ),
        None,
    )


# Each request of a client has the same headers.
@lru_cache(maxsize=256)
def _is_meant_for_us(header: str) -> bool:
    import difflib  # not at start: a server over stdio has no headers

    return OURS in header or bool(difflib.get_close_matches(header, HEADERS, n=1, cutoff=TYPING_ERROR))


def _find_unknown_toolset(texts: Iterable[str]) -> str | None:
    for text in texts:
        known = (ALL, *(toolset.value for toolset in Toolset))
        names = split_names(text)
        if not names:
            return "toolsets: expected one or more, separated by commas"
        unknown = next((name for name in names if name not in known), None)
        if unknown is not None:
            return _describe_unknown("toolset", unknown, known)
    return None


def _describe_unknown(kind: str, name: str, known: Iterable[str]) -> str:
    # What all of ours begin with makes none of them more likely to be meant.
    names = {PREFIX.sub("", one): one for one in known}
    import difflib  # only where something is wrong

    near = difflib.get_close_matches(PREFIX.sub("", name), names, n=1)
    more = f"did you mean {names[near[0]]}?" if near else f"expected one of {', '.join(names.values())}"
    return f"unknown {kind} {name_in_error(name)}; {more}"
