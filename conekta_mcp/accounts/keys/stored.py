"""The key of a profile that somebody logged in with, in the system keyring or a private file."""

from dataclasses import dataclass, field

from conekta_mcp.accounts.keys.logins import Login, Logins, format_login_command, write_private_file
from conekta_mcp.accounts.keys.sources import FileKey, KeySource, check_key_text
from conekta_mcp.accounts.keys.system_keyring import NoKeyring, delete_secret, read_secret, write_secret
from conekta_mcp.errors import ConfigurationError

SERVICE = "conekta-mcp"
"""The service name of the keys in the system keyring; the user name is the profile."""


@dataclass(frozen=True)
class LoginKey:
    """The key that `conekta-mcp login` stored for a profile."""

    profile: str
    base_url: str
    """The address of requests; a key is only sent to the address at which it was checked."""
    logins: Logins = field(default_factory=Logins)

    @property
    def label(self) -> str:
        login = self.logins.find(self.profile)
        place = "key file" if login and login.place == "file" else "system keyring"
        return f"the {place} (conekta-mcp login, profile {self.profile})"

    @property
    def is_present(self) -> bool:
        return self.logins.find(self.profile) is not None

    def read(self) -> str | None:
        login = self.logins.find(self.profile)
        if login is None:
            return None
        place = f"login of profile {self.profile}"
        if login.base_url != self.base_url:
            raise ConfigurationError(
                f"{place}: its key was checked at {login.base_url} and is not sent to {self.base_url}; "
                "log in again for that address, or set the key in the environment"
            )
        found = read_login_key(self.logins, login, place)
        if found is None:
            command = format_login_command(self.profile)
            raise ConfigurationError(f"{place}: its key is no longer where it was kept; run {command}")
        return found


@dataclass(frozen=True)
class FirstKey:
    """The first of several places that has a key."""

    sources: tuple[KeySource, ...]

    @property
    def label(self) -> str:
        """The name of the place that has the key; of the first place if none has."""
        return next((one.label for one in self.sources if one.is_present), self.sources[0].label)

    @property
    def is_present(self) -> bool:
        return any(one.is_present for one in self.sources)

    def read(self) -> str | None:
        return next((one.read() for one in self.sources if one.is_present), None)


def read_login_key(logins: Logins, login: Login, place: str) -> str | None:
    """Return the key of a login, or None; raise ConfigurationError if it cannot be used."""
    if login.place == "file":
        return FileKey(place, logins.get_key_file(login.profile)).read()
    try:
        found = read_secret(SERVICE, login.profile)
    except NoKeyring as problem:
        raise ConfigurationError(f"{place}: {problem}") from None
    return check_key_text(found, place) if found else None


def keep_login(logins: Logins, login: Login, key: str) -> None:
    """Store a key and its login; remove the key of an earlier login of the profile.

    Raises:
        NoKeyring: the key should be in the keyring, which cannot be used.
    """
    before = logins.find(login.profile)
    if login.place == "keyring":
        write_secret(SERVICE, login.profile, key)
    else:
        write_private_file(logins.get_key_file(login.profile), f"{key}\n")
    logins.save(login)
    if before and before.place != login.place:
        remove_key(logins, before)


def remove_login(logins: Logins, login: Login) -> bool:
    """Remove a key and then its login; return whether the key was still there.

    Raises:
        NoKeyring: the keyring cannot be used; the key may still be there, and the login stays.
    """
    was_there = remove_key(logins, login)
    logins.remove(login.profile)
    return was_there


def remove_key(logins: Logins, login: Login) -> bool:
    if login.place == "keyring":
        return delete_secret(SERVICE, login.profile)
    file = logins.get_key_file(login.profile)
    was_there = file.exists()
    file.unlink(missing_ok=True)
    return was_there
