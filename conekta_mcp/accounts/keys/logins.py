"""The logins of a user (`conekta-mcp login`): mode, company, and the place of the key of each profile."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.reading import refuse_unusable_folder

FILE = "logins.json"
KEYS_FOLDER = "keys"
VERSION = 1
PLACES = ("keyring", "file")
MODES = ("test", "live", "unknown")
NAME = re.compile("[a-z0-9-]{1,32}")
"""A profile; part of the name of its key's file."""

KeyPlace = Literal["keyring", "file"]
LoginMode = Literal["test", "live", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Login:
    """The login of one profile, without the key."""

    profile: str
    place: KeyPlace
    base_url: str
    """The only address that the key is sent to, because it was checked there."""
    fingerprint: str
    mode: LoginMode
    company: str | None = None
    company_name: str | None = None
    at: float
    """When Conekta was asked, in unix seconds."""


def format_login_command(profile: str) -> str:
    """Return the command that a person runs to log in to this profile."""
    return "conekta-mcp login" if profile == "default" else f"conekta-mcp login --profile {profile}"


class Logins:
    """The logins of one user, in a file of that user."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """The user's configuration folder of this program."""
        if self._folder is None:
            import platformdirs  # only where no variable has the key

            refuse_unusable_folder("XDG_CONFIG_HOME")
            self._folder = platformdirs.user_config_path("conekta-mcp", appauthor=False, roaming=True)
        return self._folder

    def get_key_file(self, profile: str) -> Path:
        return self.folder / KEYS_FOLDER / f"{profile}.key"

    def load(self) -> dict[str, Login]:
        """Return the logins by profile; raise ConfigurationError if the file cannot be used."""
        try:
            text = (self.folder / FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise ConfigurationError(f"{self.folder / FILE}: this user cannot read it") from None
        try:
            return dict(_parse_logins(json.loads(text)))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ConfigurationError(
                f"{self.folder / FILE}: not as conekta-mcp login writes it; remove it and log in again"
            ) from None

    def find(self, profile: str) -> Login | None:
        return self.load().get(profile)

    def save(self, login: Login) -> None:
        self._write({**self.load(), login.profile: login})

    def remove(self, profile: str) -> None:
        self._write({name: one for name, one in self.load().items() if name != profile})

    def _write(self, logins: Mapping[str, Login]) -> None:
        facts = {name: _to_facts(login) for name, login in sorted(logins.items())}
        text = json.dumps({"version": VERSION, "profiles": facts}, ensure_ascii=False, indent=2) + "\n"
        write_private_file(self.folder / FILE, text)


def write_private_file(path: Path, text: str) -> None:
    """Replace a file that only this user may read, atomically; create its folder."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _to_facts(login: Login) -> dict[str, Any]:
    return {name: value for name, value in asdict(login).items() if value is not None and name != "profile"}


def _parse_logins(found: Any) -> list[tuple[str, Login]]:
    if found["version"] != VERSION:
        raise ValueError
    return [(name, _parse_login(name, facts)) for name, facts in found["profiles"].items()]


def _parse_login(name: str, facts: Any) -> Login:
    login = Login(profile=name, **facts)
    texts = [login.base_url, login.fingerprint, login.company or "", login.company_name or ""]
    if not NAME.fullmatch(name) or not all(isinstance(text, str) for text in texts):
        raise ValueError
    if login.place not in PLACES or login.mode not in MODES or not isinstance(login.at, int | float):
        raise ValueError
    return login
