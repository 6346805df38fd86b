"""Texts of a command by name, in one language, and what a log that cannot be read is told by."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conekta_mcp.errors import StoreUnavailable

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


def speak(problem: object, language: str) -> str:
    """Return what an exception says, which is English where it is raised, in the language of a command."""
    if language != "es":
        return str(problem)
    from conekta_mcp.cli.spanish.refusals import translate_refusal  # only where something is wrong

    return translate_refusal(str(problem))


def describe_unreadable(problem: StoreUnavailable | OSError, language: str) -> str:
    """Say in one line why a file or a store cannot be read, never by the name of an exception."""
    told = str(problem)
    if isinstance(problem, OSError):
        # A lock that is waited for too long has no words of the system.
        is_locked = isinstance(problem, TimeoutError)
        reason = "other processes keep it locked" if is_locked else problem.strerror or told
        told = f"{problem.filename}: {reason}" if problem.filename and not is_locked else reason
    return speak(told, language)


def require_file(path: str) -> None:
    """Raise FileNotFoundError, with its words, for a file that is missing: that is no empty log."""
    if not Path(path).exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
