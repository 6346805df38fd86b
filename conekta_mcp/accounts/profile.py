"""A named profile: where its key is, and the mode, child company and title that the operator declares."""

import re
from dataclasses import dataclass
from typing import Literal

from conekta_mcp.accounts.keys import KeySource
from conekta_mcp.accounts.keys.logins import format_login_command
from conekta_mcp.errors import ConfigurationError

PROFILE_NAME = re.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
DEFAULT_PROFILE = "default"
REQUEST_PROFILE = "key"
"""The profile name for the key of an HTTP request; no operator's profile may have it."""
KEY_VARIABLE = "CONEKTA_API_KEY"

ExpectedMode = Literal["test", "live"]
MODE_BY_NAME: dict[str, ExpectedMode] = {"test": "test", "live": "live"}
"""Profile names that imply the mode."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """An account that the operator allows calls to act for."""

    name: str
    source: KeySource
    mode: ExpectedMode | None = None
    """The mode that the operator declares; writes are refused if Conekta shows another one."""
    child_company_id: str | None = None
    title: str | None = None

    @property
    def label(self) -> str:
        more = [text for text in (self.title, self.mode if self.mode != self.name else None) if text]
        return f"{self.name} ({', '.join(more)})" if more else self.name

    @property
    def login_command(self) -> str:
        return format_login_command(self.name)


def get_key_variable(name: str) -> str:
    """Return the variable with the profile's key: CONEKTA_API_KEY_STORE_B for store-b."""
    return KEY_VARIABLE if name == DEFAULT_PROFILE else f"{KEY_VARIABLE}_{name.upper().replace('-', '_')}"


def infer_mode(name: str) -> ExpectedMode | None:
    return MODE_BY_NAME.get(name)


def check_profile_name(name: str, place: str) -> str:
    if not PROFILE_NAME.fullmatch(name) or name == REQUEST_PROFILE:
        # The name is not quoted: it could be a key put into the wrong place.
        raise ConfigurationError(
            f"{place}: expected names of profiles: up to 32 small letters, digits and hyphens, "
            f"none of them {REQUEST_PROFILE}"
        )
    return name
