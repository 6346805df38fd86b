"""Checks of serve and call before the start: foreign files, and contradicting settings."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conekta_mcp.cli.starting.left_out_tools import find_left_out
from conekta_mcp.cli.words.shared import speak
from conekta_mcp.errors import ConfigurationError, StoreUnavailable
from conekta_mcp.settings.approvals import AUTO, SIGNED_IN_CHANNELS
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.reading import list_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conekta_mcp.app import App
    from conekta_mcp.settings import Settings

IGNORED = {
    "es": "{flags}: no se usa {why}",
    "en": "{flags}: not used {why}",
}
REASONS = {
    "stdio": {"es": "por stdio", "en": "over stdio"},
    "sandbox": {"es": "con --sandbox", "en": "with --sandbox"},
    "remote": {
        "es": "fuera de este equipo: cada petición trae su llave",
        "en": "beyond this machine: each request brings its key",
    },
    "read_only": {"es": "con --read-only", "en": "with --read-only"},
    "exclude": {"es": "con este --exclude", "en": "with this --exclude"},
    "profile": {
        "es": "con estos --profile: ninguno es default",
        "en": "with these --profile: none is default",
    },
}

UNTIL_THEN = {
    "es": "Hasta entonces se rechaza cada escritura y no se envía.",
    "en": "Until then every write is refused and not sent.",
}
"""What follows on the reason why the store does not answer."""

USED = frozenset({("stdio", "webhooks")})
"""Settings that are used although their group is not, such as --webhooks over stdio."""

NOT_CREATED = "it cannot be opened or created: let this user read and write it, and its folder"
DATABASE_REASONS = {
    "SQLITE_CANTOPEN": NOT_CREATED,
    "NotADirectoryError": NOT_CREATED,
    "FileExistsError": NOT_CREATED,
    "FileNotFoundError": NOT_CREATED,
    "EROFS": NOT_CREATED,
    "SQLITE_READONLY": "it cannot be written: let this user write it, and its folder",
    "SQLITE_READONLY_DIRECTORY": "its folder cannot be written: let this user write there",
    "SQLITE_NOTADB": "it is no database; name one that conekta-mcp made, or a new file",
    "SQLITE_BUSY": "another process has held it for too long",
    "PermissionError": "it cannot be opened: let this user read and write it, and its folder",
}


def refuse_contradictions(settings: Settings) -> None:
    """Raise ConfigurationError for settings that contradict each other."""
    if settings.state and not settings.sandbox:
        raise ConfigurationError(
            "--state: it keeps the sandbox's data; add --sandbox, or leave it out to act for a real account"
        )
    chosen = set(settings.approval_channels)
    if settings.four_eyes and AUTO not in chosen and not chosen <= SIGNED_IN_CHANNELS:
        raise ConfigurationError(
            "--four-eyes: --approval-channels may then name inbox and terminal only; elsewhere nobody knows "
            "who answers, and it may be who called"
        )


def list_ignored(settings: Settings) -> Iterator[str]:
    """Yield a line for settings that are given and not used, in the language of the settings."""
    for why, names in (*_find_ignored(settings), *find_left_out(settings)):
        flags = ", ".join(names)
        yield IGNORED[settings.language].format(flags=flags, why=REASONS[why][settings.language])


def check_files(settings: Settings) -> None:
    """Open the sandbox's file, the store and the audit file; raise ConfigurationError where that fails."""
    if settings.sandbox and settings.state:
        from conekta_mcp.storage.opening import STORE_SUFFIX

        check_state(settings.state)
        if not settings.store and Path(settings.state + STORE_SUFFIX).exists():
            check_store(settings.state + STORE_SUFFIX)
    if settings.store and settings.store != "memory" and "://" not in settings.store:
        check_store(settings.store)
    if settings.audit not in {"store", "off"}:
        check_audit(settings.audit)


def check_audit(path: str) -> None:
    from conekta_mcp.audit.file import AuditFile, ForeignFile

    try:
        AuditFile(path).check()
    except TimeoutError:
        return  # other processes write to it
    except ForeignFile:
        advice = "it is no audit log; name one that conekta-mcp made, or a new file"
        raise ConfigurationError(f"--audit: {path}: {advice}") from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise ConfigurationError(f"--audit: {path}: it cannot be written ({reason})") from None


def check_state(path: str) -> None:
    from conekta_mcp.sandbox import Ledger
    from conekta_mcp.sandbox.core.ledger import ForeignFile

    with explain_database("--state", path):
        try:
            Ledger(path).close()
        except ForeignFile:
            advice = "another program's database; name a file that the sandbox made, or a new one"
            raise ConfigurationError(f"--state: {path}: {advice}") from None


def check_store(path: str) -> None:
    from conekta_mcp.storage.sqlite_file import open_database

    with explain_database("--store", path):
        open_database(path).close()


@contextmanager
def explain_database(flag: str, path: str) -> Iterator[None]:
    """Raise ConfigurationError with flag and file for a database that cannot be opened."""
    import sqlite3

    try:
        yield
    except StoreUnavailable as problem:
        raise ConfigurationError(f"{flag}: {path}: {problem}") from None
    except (sqlite3.Error, OSError) as problem:
        from conekta_mcp.storage.serialization import get_error_name

        name = get_error_name(problem)
        reason = DATABASE_REASONS.get(name, f"it cannot be opened ({name})")
        raise ConfigurationError(f"{flag}: {path}: {reason}") from None


async def tell_unreachable_store(app: App) -> None:
    """Print a warning if the store does not answer; writes are refused until it does."""
    from conekta_mcp.storage.opening import describe_store

    settings = app.settings
    try:
        await app.store.read_time()
    except StoreUnavailable as problem:
        place = describe_store(settings)
        told = f"{speak(problem, settings.language)} {UNTIL_THEN[settings.language]}"
        print(f"conekta-mcp: --store {place}: {told}", file=sys.stderr)


def _find_ignored(settings: Settings) -> Iterator[tuple[str, list[str]]]:
    if settings.transport == ("stdio",):
        yield from _list_given(settings, "stdio", Group.HTTP)
    if settings.sandbox:
        yield from _list_given(settings, "sandbox", Group.CONEKTA)
    if settings.api_key and not settings.sandbox:
        if settings.transport != ("stdio",) and not settings.is_loopback:
            if not settings.webhooks:  # its webhook keys are read with it
                yield "remote", ["CONEKTA_API_KEY"]
        elif settings.profiles and "default" not in settings.profiles:
            yield "profile", ["CONEKTA_API_KEY"]


def _list_given(settings: Settings, why: str, group: Group) -> Iterator[tuple[str, list[str]]]:
    """Yield the flags of a group whose values are not the defaults."""
    given = [
        str(one.metadata["flag"])
        for one in list_settings()
        if one.metadata["group"] is group
        and getattr(settings, one.name) != one.default
        and (why, one.name) not in USED
    ]
    if given:
        yield why, given
