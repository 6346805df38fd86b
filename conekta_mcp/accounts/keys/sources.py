"""Reads the API key of a profile from a variable, a private file or the system keyring."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.parsing import parse_key as shaped
from conekta_mcp.settings.reading import is_given

MAX_BYTES = 4096
OTHERS_ACCESS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
POSIX = os.name == "posix"
EXPECTED_KEY = "expected a private key of Conekta (key_ and letters and digits) alone on one line"


class KeySource(Protocol):
    """A place that may have an API key."""

    @property
    def label(self) -> str:
        """The name of the place for messages; never the key."""
        ...

    @property
    def is_present(self) -> bool:
        """Tell whether there may be a key; must be fast and must not prompt."""
        ...

    def read(self) -> str | None:
        """Return the key, or None; raise ConfigurationError if what is there cannot be used."""
        ...


@dataclass(frozen=True)
class VariableKey:
    variable: str
    environment: Mapping[str, str] = field(repr=False)

    @property
    def label(self) -> str:
        return self.variable

    @property
    def is_present(self) -> bool:
        return is_given(self.environment.get(self.variable, ""))

    def read(self) -> str | None:
        return check_key_text(self.environment[self.variable], self.variable) if self.is_present else None


@dataclass(frozen=True)
class FileKey:
    """A key in a file that no other user may read or write."""

    place: str
    """The entry of the profiles file that names this file, for messages."""
    path: Path
    posix: bool = POSIX

    @property
    def label(self) -> str:
        # Windows has no permission bits to check; doctor shows this.
        return f"the file of {self.place}" + ("" if self.posix else " (its permissions are not checked here)")

    @property
    def is_present(self) -> bool:
        return self.path.exists()

    def read(self) -> str | None:
        try:
            # Permissions are checked on the open file, not on its name: between two looks at a name the file
            # may be swapped. O_NONBLOCK: opening a named pipe would wait for a writer.
            opened = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:
            return None
        except OSError:
            raise ConfigurationError(f"{self.place}: the file cannot be read by this user") from None
        with os.fdopen(opened, "rb") as file:
            self._check_permissions(os.fstat(file.fileno()))
            text = file.read(MAX_BYTES).decode(errors="replace")
        return check_key_text(text, self.place)

    def _check_permissions(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigurationError(f"{self.place}: expected a regular file")
        if not self.posix:
            return
        if found.st_uid != os.geteuid():
            raise ConfigurationError(f"{self.place}: the file belongs to another user; chown it to this one")
        if found.st_mode & OTHERS_ACCESS:
            raise ConfigurationError(
                f"{self.place}: others may read or write the file; chmod 600 it, and replace the key"
            )


@dataclass(frozen=True)
class KeyringKey:
    place: str
    service: str
    user: str

    @property
    def label(self) -> str:
        return f"the system keyring, {self.service}/{self.user}"

    @property
    def is_present(self) -> bool:
        """Assume that there is a key: asking the keyring could open a dialog."""
        return True

    def read(self) -> str | None:
        from conekta_mcp.accounts.keys.system_keyring import NoKeyring, read_secret

        try:
            found = read_secret(self.service, self.user)
        except NoKeyring as problem:
            raise ConfigurationError(f"{self.place}: {problem}") from None
        return check_key_text(found, self.place) if found else None


@dataclass(frozen=True)
class GivenKey:
    """A key that was read elsewhere, or None."""

    label: str
    key: str | None = field(repr=False)

    @property
    def is_present(self) -> bool:
        return self.key is not None

    def read(self) -> str | None:
        return self.key


def check_key_text(text: str, place: str) -> str:
    """Return `text` without surrounding white space; raise ConfigurationError that names only the place."""
    try:
        return shaped(text.removeprefix("\ufeff"))  # the mark that editors of Windows add
    except ValueError:
        raise ConfigurationError(f"{place}: {EXPECTED_KEY}") from None
