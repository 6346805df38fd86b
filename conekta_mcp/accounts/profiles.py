"""Named profiles: the accounts that one server may act for, and where the key of each is.

`CONEKTA_API_KEY` is the key of "default", `CONEKTA_API_KEY_STORE_B` that of "store-b". A TOML file
(`--profiles-file`) can name other places:

    [store-b]
    title = "Store B"
    key_file = "store-b.key"        # or key_env = "STORE_B_KEY", or keyring = "conekta/store-b"
    mode = "test"                   # writes are refused when Conekta says otherwise
    child_company_id = "5f0000000000000000000001"
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Self

from conekta_mcp.accounts.keys import AtHand, InVariable
from conekta_mcp.accounts.profile import (
    DEFAULT,
    VARIABLE,
    Profile,
    checked_name,
    expected_mode,
    variable_of,
)
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.table import SANDBOX_KEY, Settings


class Profiles:
    """The profiles that calls may name; the first is the one of a call that names none."""

    def __init__(self, allowed: Sequence[Profile]) -> None:
        self._allowed = {profile.name: profile for profile in allowed}
        self._keys: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Profiles({', '.join(self.names)})"

    @classmethod
    def of(cls, settings: Settings, environment: Mapping[str, str] | None = None) -> Self:
        """Give the profiles that the operator allows; no key is read yet.

        With `--profile` they are those it names, in its order. Without it there is one: "default", or the
        first of the profiles file.

        Raises:
            ConfigurationError: a name or the file is wrong, or it is not clear which one to act with.
        """
        environment = os.environ if environment is None else environment
        filed = _filed(settings.profiles_file, environment) if settings.profiles_file else {}
        names = [checked_name(name, "--profile") for name in settings.profiles] or [_only(filed, settings)]
        allowed = [filed.get(name) or _unfiled(name, settings, environment) for name in dict.fromkeys(names)]
        return cls([_offline(one) for one in allowed] if settings.sandbox else allowed)

    @classmethod
    def alone(cls, key: str | None) -> Self:
        """Give the one profile of `key`."""
        return cls([Profile(name=DEFAULT, source=AtHand(VARIABLE, key))])

    @property
    def names(self) -> tuple[str, ...]:
        """Those that a call may name."""
        return tuple(self._allowed)

    @property
    def default(self) -> str:
        """The one of a call that names none."""
        return self.names[0]

    @property
    def configured(self) -> bool:
        """Whether there may be a key to act with."""
        return self._allowed[self.default].source.present

    def said(self) -> str:
        """Name those that a call may name, with titles and modes, for an agent."""
        return ", ".join(profile.said for profile in self._allowed.values())

    def named(self, name: str) -> Profile | None:
        """Give the profile of that name, if it is allowed."""
        return self._allowed.get(name)

    def key(self, name: str) -> str | None:
        """Give the key of an allowed profile, read once; None where there is none.

        Raises:
            ConfigurationError: what is there cannot be used; the text never shows it.
        """
        if name not in self._keys:
            found = self._allowed[name].source.read()
            if found is None:
                return None
            self._keys[name] = found
        return self._keys[name]


def _filed(path: str, environment: Mapping[str, str]) -> dict[str, Profile]:
    from conekta_mcp.accounts.profiles_file import read_profiles

    return read_profiles(path, environment)


def _only(filed: Mapping[str, Profile], settings: Settings) -> str:
    """Choose where `--profile` is not given; two answers to "whose money" are none."""
    if not filed or DEFAULT in filed:
        return DEFAULT
    if settings.api_key and not settings.sandbox:
        raise ConfigurationError(
            f"--profiles-file and {VARIABLE} are both set: say which profiles to act with, such as "
            f"--profile {next(iter(filed))} or --profile {DEFAULT}"
        )
    return next(iter(filed))


def _unfiled(name: str, settings: Settings, environment: Mapping[str, str]) -> Profile:
    if name == DEFAULT:
        return Profile(name=name, source=AtHand(VARIABLE, settings.api_key))
    return Profile(name=name, source=InVariable(variable_of(name), environment), mode=expected_mode(name))


def _offline(profile: Profile) -> Profile:
    """Give the profile an account of its own in the sandbox, where all is test."""
    key = SANDBOX_KEY if profile.name == DEFAULT else f"{SANDBOX_KEY}_{profile.name}"
    return replace(profile, source=AtHand("the sandbox", key), mode=None)
