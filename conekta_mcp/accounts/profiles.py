"""Finds the profiles that a server may act for, in the environment and in the profiles file."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Self

from conekta_mcp.accounts.keys import GivenKey, KeySource, VariableKey
from conekta_mcp.accounts.keys.stored import FirstKey, LoginKey
from conekta_mcp.accounts.profile import (
    DEFAULT_PROFILE,
    KEY_VARIABLE,
    Profile,
    check_profile_name,
    get_key_variable,
    infer_mode,
)
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.table import SANDBOX_KEY, Settings

SANDBOX_PLACE = "the sandbox"
"""The place of a sandbox profile's key, for messages."""


class Profiles:
    """The profiles that calls may name; a call that names none gets the first."""

    def __init__(self, allowed: Sequence[Profile]) -> None:
        self._allowed = {profile.name: profile for profile in allowed}
        self._keys: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Profiles({', '.join(self.names)})"

    @classmethod
    def from_settings(cls, settings: Settings, environment: Mapping[str, str] | None = None) -> Self:
        """Return the profiles that the operator allows; no key is read yet.

        With `--profile` these are the named ones, in that order. Without it there is one: "default", or the
        first of the profiles file.

        Raises:
            ConfigurationError: a name or the file is wrong, or it is not clear which account to act for.
        """
        environment = os.environ if environment is None else environment
        filed = _read_profiles_file(settings.profiles_file, environment) if settings.profiles_file else {}
        names = [check_profile_name(name, "--profile") for name in settings.profiles] or [
            _choose_default_name(filed, settings)
        ]
        allowed = [
            filed.get(name) or _build_profile(name, settings, environment) for name in dict.fromkeys(names)
        ]
        return cls([_to_sandbox_profile(one) for one in allowed] if settings.sandbox else allowed)

    @classmethod
    def from_key(cls, key: str | None) -> Self:
        return cls([Profile(name=DEFAULT_PROFILE, source=GivenKey(KEY_VARIABLE, key))])

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._allowed)

    @property
    def default(self) -> str:
        return self.names[0]

    @property
    def is_configured(self) -> bool:
        return self._allowed[self.default].source.is_present

    def list_live_names(self) -> tuple[str, ...]:
        """Return the profiles that the operator marks as live."""
        return tuple(name for name, profile in self._allowed.items() if profile.mode == "live")

    def describe_profiles(self) -> str:
        return ", ".join(profile.label for profile in self._allowed.values())

    def find_profile(self, name: str) -> Profile | None:
        return self._allowed.get(name)

    def read_key(self, name: str) -> str | None:
        """Return a profile's key, None without one; raise ConfigurationError, which never shows it."""
        # Read once and kept: asking the keyring at each call could open a dialog each time.
        if name not in self._keys:
            found = self._allowed[name].source.read()
            if found is None:
                return None
            self._keys[name] = found
        return self._keys[name]


def _read_profiles_file(path: str, environment: Mapping[str, str]) -> dict[str, Profile]:
    from conekta_mcp.accounts.profiles_file import read_profiles

    return read_profiles(path, environment)


def _choose_default_name(filed: Mapping[str, Profile], settings: Settings) -> str:
    """Return the profile without `--profile`; raise an error if there are two keys."""
    if not filed or DEFAULT_PROFILE in filed:
        return DEFAULT_PROFILE
    if settings.api_key and not settings.sandbox:
        raise ConfigurationError(
            f"--profiles-file and {KEY_VARIABLE} are both set: say which profiles to act with, such as "
            f"--profile {next(iter(filed))} or --profile {DEFAULT_PROFILE}"
        )
    return next(iter(filed))


def _build_profile(name: str, settings: Settings, environment: Mapping[str, str]) -> Profile:
    given: KeySource = VariableKey(get_key_variable(name), environment)
    if name == DEFAULT_PROFILE:
        given = GivenKey(KEY_VARIABLE, settings.api_key)
    source = FirstKey((given, LoginKey(name, settings.base_url)))
    return Profile(name=name, source=source, mode=infer_mode(name))


def _to_sandbox_profile(profile: Profile) -> Profile:
    """Return the profile with a separate sandbox account and without a declared mode."""
    key = SANDBOX_KEY if profile.name == DEFAULT_PROFILE else f"{SANDBOX_KEY}_{profile.name}"
    return replace(profile, source=GivenKey(SANDBOX_PLACE, key), mode=None)
