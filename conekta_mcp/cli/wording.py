"""Texts of a command by name, in one language."""

from collections.abc import Callable
from typing import Any

Tell = Callable[..., str]
"""Gives a text, such as `tell("api_well", place=...)`."""


def bind_words(find: Callable[[str], str]) -> Tell:
    """Return what fills the text that `find` gives for a name with its facts."""

    def tell(name: str, /, **facts: Any) -> str:
        return find(name).format(**facts)

    return tell
