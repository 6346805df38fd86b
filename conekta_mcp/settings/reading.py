"""Reads environment variables and flags into Settings, lists all settings, and checks the user's folders."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.parsing import Group
from conekta_mcp.settings.table import Settings

VENDOR_PREFIX = "CONEKTA_"
PREFIX = "CONEKTA_MCP_"
"""The prefix of the variables of settings."""
PROFILE_PREFIX = "CONEKTA_API_KEY_"
UNFILLED = re.compile(r"\$\{user_config\.\w+\}")
"""The value that Claude Desktop passes for an empty optional field of a bundle (docs/install.md)."""
FILE_SUFFIX = "_FILE"
KEY_FILE = f"{PROFILE_PREFIX}FILE"
KEY_START = "key_"
MAX_BYTES = 65_536
FULL_PATH = "expected the full path of a folder"
TYPING_ERROR = 0.937
"""How similar a name must be to a setting's to count as misspelt (difflib's ratio)."""


def list_settings() -> list[Field[Any]]:
    """Return all settings, by group and then as declared: the order of help and documents."""
    order = list(Group)
    return sorted(fields(Settings), key=lambda one: order.index(one.metadata["group"]))


def select_settings(*chosen: Group | str, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the settings with a flag among the groups and names `chosen`, for a command."""
    return tuple(
        one.name
        for one in list_settings()
        if one.metadata["flag"] is not None
        and (one.metadata["group"] in chosen or one.name in chosen)
        and one.name not in without
    )


def is_given(text: str) -> bool:
    """Tell whether the text of a variable is a value."""
    return bool(text.strip()) and not UNFILLED.fullmatch(text.strip())


def read_settings(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings: a flag wins over its variable, an empty variable counts as not set.

    A secret may stand in a file, which the variable with `_FILE` at its end names.

    Raises:
        ConfigurationError: naming the variable or flag and what was expected, never the value.
    """
    environment = os.environ if environment is None else environment
    _refuse_misspelt_variables(environment)
    _refuse_path_of_a_key(environment)
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    values: dict[str, Any] = {}
    for one in fields(Settings):
        if one.name in given:
            values[one.name] = _parse_text(one.metadata["read"], given[one.name], one.metadata["flag"])
        elif found := _read_given(environment, one.metadata["env"], may_be_in_file=may_be_in_file(one)):
            values[one.name] = _parse_text(one.metadata["read"], *found)
    return Settings(**values)


def _read_given(
    environment: Mapping[str, str], variable: str, *, may_be_in_file: bool = False
) -> tuple[str, str] | None:
    """Return the text of a variable and the name under which it was given, None if it is not set.

    With `may_be_in_file` it may stand in a file that VARIABLE_FILE names, as containers pass secrets.

    Raises:
        ConfigurationError: both are set, or the file cannot be read; never with what is in it.
    """
    text = environment.get(variable, "")
    named = environment.get(variable + FILE_SUFFIX, "") if may_be_in_file else ""
    if not is_given(named):
        return (text, variable) if is_given(text) else None
    if is_given(text):
        raise ConfigurationError(f"{variable}: it is also in {variable}{FILE_SUFFIX}; set one of the two")
    return _read_file(Path(named.strip()), variable + FILE_SUFFIX), variable + FILE_SUFFIX


def _read_file(path: Path, source: str) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode("utf-8-sig")  # with the mark that editors of Windows add
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is no text"
        raise ConfigurationError(f"{source}: the file cannot be read: {reason}") from None
    if not text.strip() or len(text) > MAX_BYTES:
        raise ConfigurationError(f"{source}: expected a file with the value alone in it")
    return text.strip()


def may_be_in_file(setting: Field[Any]) -> bool:
    """Return whether VARIABLE_FILE may name a file: of an API key it would be the key of a profile "file"."""
    return bool(setting.metadata["secret"]) and setting.name != "api_key"


def _refuse_misspelt_variables(environment: Mapping[str, str]) -> None:
    """Refuse an unknown variable that looks like a setting: a misspelt limit would not apply."""
    known = {one.metadata["env"] for one in fields(Settings)}
    known |= {one.metadata["env"] + FILE_SUFFIX for one in fields(Settings) if may_be_in_file(one)}
    for name, text in environment.items():
        if name in known or not is_given(text):
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


def _refuse_path_of_a_key(environment: Mapping[str, str]) -> None:
    """Refuse CONEKTA_API_KEY_FILE, the one `_FILE` variable that is not read."""
    named, key = environment.get(KEY_FILE, "").strip(), environment.get(PROFILE_PREFIX.rstrip("_"), "")
    if is_given(named) and not named.startswith(KEY_START) and not is_given(key):
        raise ConfigurationError(
            f"{KEY_FILE}: it is the key of a profile file, and no path; name the path with key_file in a "
            "--profiles-file"
        )


def _parse_text(read: Callable[[str], Any], text: Any, source: str) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return read(text)
    except ValueError as problem:
        reason = str(problem) if str(problem).startswith("expected") else "expected a number"
        raise ConfigurationError(f"{source}: {reason}") from None


def _is_typing_error(name: str, known: Iterable[str]) -> bool:
    """Tell whether a variable with another prefix differs from a setting by a letter or two."""
    # The keys of profiles resemble CONEKTA_API_KEY.
    if "CONEKTA" not in name or name.startswith(PROFILE_PREFIX):
        return False
    import difflib  # only for a name that is none of ours

    return bool(difflib.get_close_matches(name, known, n=1, cutoff=TYPING_ERROR))


def refuse_unusable_home(environment: Mapping[str, str] = os.environ) -> None:
    """Raise ConfigurationError for an empty HOME, which means the root of the disk, and for a relative one.

    Without the variable the system knows the home; Windows has another variable, which it always sets.
    """
    if sys.platform != "win32" and not Path(environment.get("HOME", "/")).is_absolute():
        raise ConfigurationError(f"HOME: {FULL_PATH}")


def read_folder(variable: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder in a variable, None if it is empty; raise ConfigurationError for a relative one.

    A relative folder, or an unexpanded "~", would be another one in each working folder.
    """
    named = environment.get(variable, "").strip()
    if named and not Path(named).is_absolute():
        raise ConfigurationError(f"{variable}: {FULL_PATH}")
    return Path(named) if named else None


def refuse_unusable_folder(variable: str) -> None:
    """Raise ConfigurationError unless the variable, or the home without it, can be used."""
    if sys.platform != "win32" and read_folder(variable) is None:
        refuse_unusable_home()
