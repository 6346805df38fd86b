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


IN_MEMORY = {
    "es": "--store: memory es de un solo proceso; nombra un archivo o redis://",
    "en": "--store: memory is one process's own; name a file or redis://",
}
NO_AUDIT = {
    "es": "--audit: off, así que nada se registra; nombra el archivo, o store",
    "en": "--audit: off, so nothing is recorded; name the file, or store",
}
"""What commands say that read what another process stored."""
