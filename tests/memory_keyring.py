"""A backend of the keyring library that keeps secrets in this process, in place of the system's."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from conekta_mcp.accounts.keys import system_keyring


class MemoryKeyring(KeyringBackend):
    priority = -1.0  # type: ignore[assignment]  # below the backend that fails: never chosen by the library

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None
        self.forgets = False

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        if not self.forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _fail(self) -> None:
        if self.failure:
            raise self.failure


@pytest.fixture(scope="session")
def keyring_of_the_system() -> KeyringBackend:
    """What keyring finds on this machine; some backends start a program when they are first imported."""
    return keyring.get_keyring()


@pytest.fixture
def memory_keyring(
    monkeypatch: pytest.MonkeyPatch, keyring_of_the_system: KeyringBackend
) -> Iterator[MemoryKeyring]:
    """The system keyring of a test; it counts as one that protects what it keeps."""
    backend = MemoryKeyring()
    trusted = system_keyring.TRUSTED_BACKENDS | {__name__}
    monkeypatch.setattr(system_keyring, "TRUSTED_BACKENDS", trusted)
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(keyring_of_the_system)
