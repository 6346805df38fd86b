"""Looks up texts of commands in one language, and explains logs that cannot be read."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conekta_mcp.errors import StoreUnavailable

Tell = Callable[..., str]
"""Returns a text, such as `tell("api_well", place=...)`."""


def bind_words(find: Callable[[str], str]) -> Tell:
    """Return a function that fills in the text that `find` returns for a name."""

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
"""The message of commands that read what another process stored."""


def speak(problem: object, language: str) -> str:
    """Return the text of an exception, which is raised in English, in the language of a command."""
    if language != "es":
        return str(problem)
    from conekta_mcp.cli.spanish.refusals import translate_refusal  # only where something is wrong

    return translate_refusal(str(problem))


def describe_unreadable(problem: StoreUnavailable | OSError, language: str) -> str:
    """Return one line on why a file or store cannot be read, without exception names."""
    told = str(problem)
    if isinstance(problem, OSError):
        # A lock that is waited for too long has no words of the system.
        is_locked = isinstance(problem, TimeoutError)
        reason = "other processes keep it locked" if is_locked else problem.strerror or told
        told = f"{problem.filename}: {reason}" if problem.filename and not is_locked else reason
    return speak(told, language)


def require_file(path: str) -> None:
    """Raise FileNotFoundError for a missing file, which is not an empty log."""
    if not Path(path).exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
