"""The keyring of the operating system; a backend that does not encrypt is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TRUSTED_BACKENDS = frozenset(
    {
        "keyring.backends.macOS",
        "keyring.backends.Windows",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)
"""Modules of backends that encrypt secrets for one user of the machine."""
CHAIN = "keyring.backends.chainer"
"""The module of the backend that tries several others in turn."""


class NoKeyring(Exception):
    """No keyring can be used; the message says why, and never shows a secret."""


def open_keyring() -> Any:
    """Return a backend that encrypts; raise NoKeyring if there is none.

    The library is imported here because it searches for backends, which most servers do not need.
    """
    try:
        import keyring
    except ImportError:
        raise NoKeyring("the keyring library is missing; run pip install 'conekta-mcp[keyring]'") from None
    chosen: Any = keyring.get_keyring()
    if _get_module(chosen) == CHAIN:
        # One of a chain may keep keys in clear, and the chain writes to the first that takes them.
        trusted = [one for one in chosen.backends if _get_module(one) in TRUSTED_BACKENDS]
        if trusted:
            return trusted[0]
    elif _get_module(chosen) in TRUSTED_BACKENDS:
        return chosen
    named = f"{_get_module(chosen)}.{type(chosen).__name__}"
    raise NoKeyring(f"no system keyring that protects a key is at hand (the keyring library has {named})")


def read_secret(service: str, user: str) -> str | None:
    with _hide_errors():
        found = open_keyring().get_password(service, user)
    return found if isinstance(found, str) else None


def write_secret(service: str, user: str, secret: str) -> None:
    """Store a secret; raise NoKeyring also if reading it back does not return it."""
    with _hide_errors():
        backend = open_keyring()
        backend.set_password(service, user, secret)
        if backend.get_password(service, user) != secret:
            raise NoKeyring("the system keyring did not keep the key")


def delete_secret(service: str, user: str) -> bool:
    """Delete a secret and return whether there was one; raise NoKeyring if that is not known."""
    with _hide_errors():
        backend = open_keyring()
        if backend.get_password(service, user) is None:
            return False
        backend.delete_password(service, user)
    return True


@contextmanager
def _hide_errors() -> Iterator[None]:
    """Raise NoKeyring for any error of a backend, whose message could contain the secret."""
    try:
        yield
    except NoKeyring:
        raise
    except Exception as problem:  # noqa: BLE001 - backends let errors of D-Bus and of the system through
        raise NoKeyring(f"the system keyring cannot be asked ({type(problem).__name__})") from None


def _get_module(backend: object) -> str:
    return type(backend).__module__
