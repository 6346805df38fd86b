"""Where a profile's key is, and reading it there: a variable, a file of one's own, the system keyring."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.parsing import parse_key as shaped

MAX_BYTES = 4096
OTHERS_ACCESS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
POSIX = os.name == "posix"
EXPECTED_KEY = "expected a private key of Conekta (key_ and letters and digits) alone on one line"


class KeySource(Protocol):
    """A place where one key is."""

    @property
    def label(self) -> str:
        """The place, for people."""
        ...

    @property
    def is_present(self) -> bool:
        """Whether a key may be there, told without a slow look."""
        ...

    def read(self) -> str | None:
        """Give the key, None where there is none.

        Raises:
            ConfigurationError: what is there cannot be used.
        """
        ...


@dataclass(frozen=True)
class VariableKey:
    """A key in a variable of the environment."""

    variable: str
    environment: Mapping[str, str] = field(repr=False)

    @property
    def label(self) -> str:
        """The place, for people."""
        return self.variable

    @property
    def is_present(self) -> bool:
        """Whether the variable is set."""
        return bool(self.environment.get(self.variable, "").strip())

    def read(self) -> str | None:
        """Give the key, None if the variable is not set or empty."""
        return check_key_text(self.environment[self.variable], self.variable) if self.is_present else None


@dataclass(frozen=True)
class FileKey:
    """A key in a file that nobody else may read or write."""

    place: str
    """The entry that names the file."""
    path: Path
    posix: bool = POSIX

    @property
    def label(self) -> str:
        """The place, for people; Windows tells no permissions, so they are not checked there."""
        return f"the file of {self.place}" + ("" if self.posix else " (its permissions are not checked here)")

    @property
    def is_present(self) -> bool:
        """Whether there is a file."""
        return self.path.exists()

    def read(self) -> str | None:
        """Give the key; what is checked is the file that is then read, whatever happens to its name."""
        try:
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
    """A key in the system's keyring."""

    place: str
    service: str
    user: str

    @property
    def label(self) -> str:
        """The place, for people."""
        return f"the system keyring, {self.service}/{self.user}"

    @property
    def is_present(self) -> bool:
        """Whether a key may be there: asking could open a dialogue, so it is assumed."""
        return True

    def read(self) -> str | None:
        """Give the key, None if the keyring has none."""
        try:
            import keyring
            import keyring.errors
        except ImportError:
            raise ConfigurationError(
                f"{self.place}: the keyring library is missing; run pip install 'conekta-mcp[keyring]'"
            ) from None
        try:
            found = keyring.get_password(self.service, self.user)
        except keyring.errors.KeyringError as problem:
            raise ConfigurationError(
                f"{self.place}: the system keyring cannot be asked ({type(problem).__name__})"
            ) from None
        return check_key_text(found, self.place) if found else None


@dataclass(frozen=True)
class GivenKey:
    """A key that is known already, or None."""

    label: str
    key: str | None = field(repr=False)

    @property
    def is_present(self) -> bool:
        """Whether there is one."""
        return self.key is not None

    def read(self) -> str | None:
        """Give the key."""
        return self.key


def check_key_text(text: str, place: str) -> str:
    """Give the key that `text` is, without the white space around it.

    Raises:
        ConfigurationError: naming the place, never what is there.
    """
    try:
        return shaped(text)
    except ValueError:
        raise ConfigurationError(f"{place}: {EXPECTED_KEY}") from None
