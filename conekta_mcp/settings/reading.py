"""Reads environment variables and flags into Settings, and lists what there is to set."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields
from typing import Any

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.table import Settings

VENDOR_PREFIX = "CONEKTA_"
PREFIX = "CONEKTA_MCP_"
"""Every variable with it is a setting."""
PROFILE_PREFIX = "CONEKTA_API_KEY_"
TYPING_ERROR = 0.937
"""How alike two names are of which one is a typing error of the other (difflib's ratio)."""


def list_settings() -> list[Field[Any]]:
    """Return all settings, by group and then as they are declared: the order of help and documents."""
    order = list(Group)
    return sorted(fields(Settings), key=lambda one: order.index(one.metadata["group"]))


def select_settings(*chosen: Group | str, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the settings that have a flag of the groups and names `chosen`: those that a command takes."""
    return tuple(
        one.name
        for one in list_settings()
        if one.metadata["flag"] is not None
        and (one.metadata["group"] in chosen or one.name in chosen)
        and one.name not in without
    )


def read_settings(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings: a flag wins over its variable, an empty variable counts as not set.

    Raises:
        ConfigurationError: naming the variable or flag and what was expected, never the value.
    """
    environment = os.environ if environment is None else environment
    _refuse_misspelt_variables(environment)
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    values: dict[str, Any] = {}
    for one in fields(Settings):
        if one.name in given:
            values[one.name] = _parse_text(one.metadata["read"], given[one.name], one.metadata["flag"])
        elif environment.get(one.metadata["env"], "").strip():
            values[one.name] = _parse_text(
                one.metadata["read"], environment[one.metadata["env"]], one.metadata["env"]
            )
    return Settings(**values)


def _refuse_misspelt_variables(environment: Mapping[str, str]) -> None:
    """Refuse a variable that looks like a setting and is none: the limit that it means would not hold."""
    known = {one.metadata["env"] for one in fields(Settings)}
    for name, text in environment.items():
        if name in known or not text.strip():
            continue
        spelt = name.upper()
        # A bare PORT or HOST is that of the platform that it runs on.
        is_vendors = spelt.startswith(VENDOR_PREFIX)
        without_prefix = PREFIX + spelt.removeprefix(VENDOR_PREFIX) if is_vendors else spelt
        is_ours = spelt.startswith(PREFIX) or spelt in known or without_prefix in known
        if not is_ours and not _is_typing_error(spelt, known):
            continue  # somebody else's, or the key of a profile
        import difflib  # only where something is wrong

        near = difflib.get_close_matches(without_prefix if without_prefix in known else spelt, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigurationError(f"{name}: there is no such setting{hint}")


def _parse_text(read: Callable[[str], Any], text: Any, source: str) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return read(text)
    except ValueError as problem:
        reason = str(problem) if str(problem).startswith("expected") else "expected a number"
        raise ConfigurationError(f"{source}: {reason}") from None


def _is_typing_error(name: str, known: Iterable[str]) -> bool:
    """Return whether a variable with another prefix is a setting but for a letter or two."""
    # The keys of profiles resemble CONEKTA_API_KEY.
    if "CONEKTA" not in name or name.startswith(PROFILE_PREFIX):
        return False
    import difflib  # only for a name that is none of ours

    return bool(difflib.get_close_matches(name, known, n=1, cutoff=TYPING_ERROR))
