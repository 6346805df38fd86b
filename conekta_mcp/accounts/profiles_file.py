"""Reads the TOML file of profiles, which says where each key is and never holds one."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conekta_mcp.accounts.keys import FileKey, KeyringKey, KeySource, VariableKey
from conekta_mcp.accounts.profile import Profile, check_profile_name, get_key_variable, infer_mode
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.redaction import to_error_text
from conekta_mcp.settings.choices import build_choice_parser
from conekta_mcp.settings.parsing import parse_company_id
from conekta_mcp.settings.reading import refuse_unusable_home

SOURCES = ("key_env", "key_file", "keyring")
ENTRIES = (*SOURCES, "mode", "child_company_id", "title")
WRITTEN_KEY = re.compile(r"\bkey_[\w-]+", re.ASCII)
"""A key of Conekta written into the file; in capitals it is the name of a variable."""
VARIABLE_NAME = re.compile("[A-Z_][A-Z0-9_]{0,99}")
MAX_TITLE_LENGTH = 60
NO_KEYS = "a key is never written into this file: name its place with key_env, key_file or keyring"


def read_profiles(path: str, environment: Mapping[str, str]) -> dict[str, Profile]:
    """Return the file's profiles in its order; raise ConfigurationError, which never shows a value."""
    found = {
        check_profile_name(name, "--profiles-file"): _parse_profile(
            name, table, Path(path).parent, environment
        )
        for name, table in _read_tables(path).items()
    }
    if not found:
        raise ConfigurationError("--profiles-file: it names no profile; begin one with [store-b]")
    return found


def _read_tables(path: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError:
        raise ConfigurationError("--profiles-file: it cannot be read") from None
    except ValueError as problem:  # not UTF-8, or not TOML
        # Only the position is quoted: the line itself could hold a key.
        where = re.search(r"\(at [^)]*\)", str(problem))
        place = f" {where.group()}" if where else ""
        raise ConfigurationError(f"--profiles-file: expected TOML{place}") from None


def _parse_profile(name: str, table: Any, folder: Path, environment: Mapping[str, str]) -> Profile:
    if not isinstance(table, dict):
        raise ConfigurationError("--profiles-file: expected tables only, such as [store-b]")
    place = f"--profiles-file [{check_profile_name(name, '--profiles-file')}]"
    texts = {entry: _check_text(entry, value, place) for entry, value in table.items()}
    try:
        mode = build_choice_parser("test", "live")(texts["mode"]) if "mode" in texts else infer_mode(name)
        child = parse_company_id(texts["child_company_id"]) if "child_company_id" in texts else None
    except ValueError as problem:
        entry = "mode" if "one of" in str(problem) else "child_company_id"
        raise ConfigurationError(f"{place} {entry}: {problem}") from None
    source = _build_source(texts, place, folder, environment) or VariableKey(
        get_key_variable(name), environment
    )
    title = to_error_text(texts.get("title"))
    return Profile(name=name, source=source, mode=mode, child_company_id=child, title=title)  # type: ignore[arg-type]  # the parser returns one of its choices


def _check_text(entry: str, value: Any, place: str) -> str:
    # Checked before the entry is: no message may quote a key that was pasted here. The name of a file may
    # contain key_, so there only a value that is a key alone is refused.
    is_key = WRITTEN_KEY.fullmatch if entry == "key_file" else WRITTEN_KEY.search
    if is_key(str(value)):
        raise ConfigurationError(f"{place}: {NO_KEYS}")
    if entry not in ENTRIES:
        raise ConfigurationError(f"{place}: expected only {', '.join(ENTRIES)}; {NO_KEYS}")
    if (
        not isinstance(value, str)
        or not value.strip()
        or (entry == "title" and len(value) > MAX_TITLE_LENGTH)
    ):
        longest = f" of at most {MAX_TITLE_LENGTH} characters" if entry == "title" else ""
        raise ConfigurationError(f"{place} {entry}: expected a text{longest}")
    return value


def _build_source(
    texts: Mapping[str, str], place: str, folder: Path, environment: Mapping[str, str]
) -> KeySource | None:
    named = [entry for entry in SOURCES if entry in texts]
    if len(named) > 1:
        raise ConfigurationError(f"{place}: expected one of {', '.join(SOURCES)}, not several")
    if named == ["key_env"]:
        if not VARIABLE_NAME.fullmatch(texts["key_env"]):
            raise ConfigurationError(f"{place} key_env: expected the name of a variable, such as STORE_B_KEY")
        return VariableKey(texts["key_env"], environment)
    if named == ["key_file"]:
        return FileKey(f"{place} key_file", folder / _expand_home(texts["key_file"], place))
    if named == ["keyring"]:
        service, _, user = texts["keyring"].rpartition("/")
        if not service or not user:
            raise ConfigurationError(f"{place} keyring: expected service/user")
        return KeyringKey(f"{place} keyring", service, user)
    return None


def _expand_home(path: str, place: str) -> Path:
    """Return the path with the home folder in the place of "~"; without one it would be another file."""
    if path.startswith("~"):
        refuse_unusable_home()
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise ConfigurationError(
            f"{place} key_file: expected a path, in which ~ is your own home folder"
        ) from None
