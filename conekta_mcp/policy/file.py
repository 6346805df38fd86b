"""Reads the operator's policy file (TOML); a problem names file, table and key, and what was expected."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from conekta_mcp.catalog import Tool
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.policy.rules import (
    ConfirmTable,
    LimitsTable,
    PolicyFile,
    ProfileTable,
    Rule,
)
from conekta_mcp.redaction import to_error_text

MAX_PROBLEMS = 10
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
EXPECTED_TEXTS = {
    "missing": "is required",
    "string_type": "expected a text",
    "string_too_short": "expected a text that is not empty",
    "string_too_long": "expected at most {max_length} characters",
    "string_pattern_mismatch": "expected one line of visible characters",
    "list_type": "expected a list, such as [...]",
    "too_short": "expected a list that is not empty; leave it out to mean any",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "greater_than_equal": "expected 0-1000000",
    "less_than_equal": "expected 0-1000000",
    "literal_error": "expected {expected}",
    "model_type": "expected a table",
    "dict_type": "expected a table",
}


def read_policy(
    path: str, tools: Callable[[], Iterable[Tool[Any]]], profiles: Callable[[], Iterable[str]]
) -> PolicyFile:
    """Read the policy file at `path`; `tools` and `profiles` are called only if the file names some.

    Raises:
        ConfigurationError: names file, table and key, and what was expected.
    """
    given = _read_toml(path)

    @cache
    def list_tools() -> tuple[Tool[Any], ...]:
        return tuple(tools())

    context = {
        "tool": lambda: {tool.name for tool in list_tools()},
        "read": lambda: {tool.name for tool in list_tools() if tool.risk.read_only},
        "profile": lambda: frozenset(profiles()),
    }
    try:
        return PolicyFile.model_validate(given, context=context)
    except ValidationError as problems:
        found = problems.errors(include_url=False, include_input=False)[:MAX_PROBLEMS]
        text = "; ".join(f"{_format_place(one['loc'], given)}{_format_expected(one)}" for one in found)
        raise ConfigurationError(f"--policy {path}: {text}") from None


def _read_toml(path: str) -> dict[str, Any]:
    import tomllib

    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            _refuse_writable_by_others(path, os.fstat(file.fileno()).st_mode)
            return tomllib.loads(file.read())
    except OSError:
        raise ConfigurationError(f"--policy {path}: it cannot be read") from None
    except ValueError as problem:  # not UTF-8, or not TOML
        where = re.search(r"\(at [^)]*\)", str(problem))
        raise ConfigurationError(
            f"--policy {path}: not TOML {where.group() if where else ''}".rstrip()
        ) from None


def _refuse_writable_by_others(path: str, mode: int) -> None:
    """Refuse a file that other users may write: they could allow themselves anything."""
    if os.name == "posix" and mode & OTHERS_WRITE:
        raise ConfigurationError(
            f"--policy {path}: others may write the file; look it over, and chmod go-w it"
        )


def _format_place(steps: tuple[int | str, ...], given: Mapping[str, Any]) -> str:
    """Return the place of a problem in the spelling of the file."""
    match steps:
        case ("rule", int(number), *rest):
            name = given["rule"][number].get("name") if isinstance(given["rule"][number], dict) else None
            named = f' "{to_error_text(name)}"' if isinstance(name, str) and name.strip() else ""
            table = f"[[rule]] {number + 1}{named}"
        case ("profiles", str(profile), "limits", *rest):
            table = f"[profiles.{to_error_text(profile)}.limits]"
        case ("profiles", str(profile), *rest):
            table = f"[profiles.{to_error_text(profile)}]"
        case ("confirm" | "limits" as name, *rest):
            table = f"[{name}]"
        case _:
            table, rest = "", list(steps)
    key = to_error_text(str(rest[0])) if rest and rest[0] != "[key]" else ""
    return f"{' '.join(part for part in (table, key) if part)}: " if table or key else ""


def _format_expected(problem: ErrorDetails) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "extra_forbidden":
        keys = ", ".join(_find_table(problem["loc"]).model_fields)
        return f"there is no such key here; expected one of {keys}"
    template = EXPECTED_TEXTS.get(kind)
    return template.format(**context) if template else problem["msg"]


def _find_table(steps: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the table that an unknown key is in."""
    match steps:
        case ("rule", _, _):
            return Rule
        case ("confirm", _):
            return ConfirmTable
        case ("limits", _) | ("profiles", _, "limits", _):
            return LimitsTable
        case ("profiles", _, _):
            return ProfileTable
        case _:
            return PolicyFile
