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
        file = PolicyFile.model_validate(given, context=context)
    except ValidationError as problems:
        found = problems.errors(include_url=False, include_input=False)[:MAX_PROBLEMS]
        text = "; ".join(f"{_format_place(one['loc'], given)}{_format_expected(one)}" for one in found)
        raise ConfigurationError(f"--policy {path}: {text}") from None
    if not _says_something(given):
        # A file that was cut short while it was written has lost its rules.
        raise ConfigurationError(
            f'--policy {path}: it says nothing; write default = "allow" if no rule is meant'
        )
    idle = (_describe_idle_rule(number, rule, list_tools) for number, rule in enumerate(file.rule, 1))
    if found_idle := "; ".join(one for one in idle if one):
        raise ConfigurationError(f"--policy {path}: {found_idle}")
    return file


def _describe_idle_rule(number: int, rule: Rule, list_tools: Callable[[], Iterable[Tool[Any]]]) -> str | None:
    """Say why no call can meet a rule, so that it would be lost silently; None if one can."""
    is_about_money = rule.kinds is not None or rule.amount_over is not None
    # The tools, which take time to load, are not loaded for a rule with one condition about them.
    if rule.tools is None and (rule.toolsets is None or rule.risks is None):
        return None
    met = [
        tool
        for tool in list_tools()
        if (rule.tools is None or tool.name in rule.tools)
        and (rule.toolsets is None or tool.toolset in rule.toolsets)
        and (rule.risks is None or tool.risk in rule.risks)
    ]
    place = f'[[rule]] {number} "{to_error_text(rule.name)}": '
    if not met:
        return f"{place}no tool meets its tools, toolsets and risks together, so it never applies"
    if is_about_money and all(tool.risk.read_only for tool in met):
        return f"{place}its tools only read, and a read has neither kind nor amount, so it never applies"
    return None


def _says_something(value: object) -> bool:
    """Tell whether a value, or a table anywhere in it, has an entry."""
    if isinstance(value, Mapping):
        return any(map(_says_something, value.values()))
    return value != []


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
