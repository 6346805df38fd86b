"""Parses values from a fixed set of words; the error suggests the word that was probably meant."""

from collections.abc import Callable, Iterable


def build_choice_parser(*choices: str) -> Callable[[str], str]:
    """Return a parser that accepts one of the words."""

    def parse_choice(text: str) -> str:
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}{suggest_choice([text], choices)}")
        return text

    return parse_choice


def suggest_choice(given: Iterable[str], choices: Iterable[str]) -> str:
    """Return "; did you mean ...?" for the first wrong value that resembles a choice, else nothing."""
    import difflib  # only where something is wrong

    known = list(choices)
    folded = {choice.lower(): choice for choice in known}
    for wrong in (one for one in given if one not in folded.values()):
        if near := difflib.get_close_matches(wrong.strip().lower(), folded, n=1):
            return f"; did you mean {folded[near[0]]}?"
    return ""
