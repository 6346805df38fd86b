"""Declares a setting, and parses the text of an environment variable or a flag."""

import re
from collections.abc import Callable
from dataclasses import Field, field
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from conekta_mcp.settings.choices import build_choice_parser

Class = TypeVar("Class", bound=type)

SQLITE = b"SQLite format 3\0"
MEMORY_STORES = ("memory", ":memory:")
"""Both spellings of a store in memory."""
TRANSPORTS = ("stdio", "sse", "streamable-http")
PESOS = re.compile(r"(?:[0-9]{1,11}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,2})?")
"""An amount of MXN; a comma stands before three digits only, so that "5,50" is no 550."""


class Group(Enum):
    """The subject of a setting; commands take settings by group."""

    ACCOUNT = "account"
    CONEKTA = "conekta"
    SANDBOX = "sandbox"
    TOOLS = "tools"
    HTTP = "http"
    APPROVAL = "approval"
    POLICY = "policy"
    LIMITS = "limits"
    STORAGE = "storage"
    OUTPUT = "output"


DERIVED: Any = object()
"""A placeholder for names that `derive_names` derives from the field."""


def declare_setting(
    default: Any,
    read: Callable[[str], Any],
    purpose: str,
    *,
    group: Group,
    env: str = DERIVED,
    flag: str | None = DERIVED,
    secret: bool = False,
    **more: Any,
) -> Any:
    """Declare one setting: `purpose` is its help text, and `read` parses its value.

    Without `env` and `flag` they are CONEKTA_MCP_NAME and --name; `flag=None` means no flag.
    """
    metadata = {"env": env, "read": read, "help": purpose, "group": group, "flag": flag, "secret": secret}
    return field(default=default, metadata=metadata | more)


def derive_names(cls: Class) -> Class:
    """Derive flag and variable of each setting of `cls` from the name of its field, unless given."""
    for name, one in vars(cls).items():
        if isinstance(one, Field):
            names = {"env": f"CONEKTA_MCP_{name.upper()}", "flag": f"--{name.replace('_', '-')}"}
            given = {key: value for key, value in one.metadata.items() if value is not DERIVED}
            one.metadata = MappingProxyType(names | given)
    return cls


def parse_boolean(text: str) -> bool:
    if text.lower() not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError("expected 1 or 0")
    return text.lower() in {"1", "true", "yes", "on"}


def parse_key(text: str) -> str:
    """Read an API key; stray white space at its ends is taken off, anything inside is refused."""
    if not re.fullmatch(r"key_[A-Za-z0-9_-]{1,200}", text.strip()):
        raise ValueError("expected a private key of Conekta: key_ and then letters and digits, on one line")
    return text.strip()


def parse_company_id(text: str) -> str:
    """Read the id of a child company."""
    if not re.fullmatch("[0-9a-f]{24}", text):
        raise ValueError("expected 24 hexadecimal digits")
    return text


def require_plain_number(text: str) -> str:
    """Refuse what int() and float() read besides: 1_000, and digits of other scripts."""
    if not text.isascii() or "_" in text:
        raise ValueError("expected a number")
    return text


def parse_integer(text: str, least: int, most: int) -> int:
    """Parse an integer between two bounds, which are allowed."""
    number = int(require_plain_number(text))
    if not least <= number <= most:
        raise ValueError(f"expected {least}-{most}")
    return number


def parse_seconds(text: str) -> float:
    """Read a time limit."""
    seconds = float(require_plain_number(text))
    if not 0 < seconds <= 300:
        raise ValueError("expected seconds, more than 0 and at most 300")
    return seconds


def parse_minutes(text: str) -> float:
    """Read how long something may stay unused."""
    minutes = float(require_plain_number(text))
    if not 0 < minutes <= 1440:
        raise ValueError("expected minutes, more than 0 and at most 1440")
    return minutes


def parse_port(text: str) -> int:
    return parse_integer(text, 0, 65535)


def parse_file(text: str) -> str:
    """Read the path of a file, which need not be there yet."""
    if Path(text).is_dir() or not Path(text).parent.is_dir():
        raise ValueError("expected a file in a folder that exists")
    return text


def parse_state_file(text: str) -> str:
    """Read the path of the sandbox's file, which need not be there yet; any other one is left alone."""
    path = Path(text)
    if (path.exists() and not path.is_file()) or not path.parent.is_dir():
        raise ValueError("expected a file in a folder that exists")
    try:
        with path.open("rb") as stored:
            start = stored.read(len(SQLITE))
    except FileNotFoundError:
        return text
    except OSError:
        raise ValueError("expected a file that can be read") from None
    if start not in (SQLITE, b""):
        raise ValueError("expected a file that the sandbox made, or a name that is free")
    return text


def parse_folder(text: str) -> str:
    """Read the path of a folder that is there."""
    if not Path(text).is_dir():
        raise ValueError("expected a folder that exists")
    return text


def parse_names(text: str) -> tuple[str, ...]:
    """Read names separated by commas; an empty list is refused, since it would limit nothing."""
    found = split_names(text)
    if not found:
        raise ValueError("expected one name or more, separated by commas")
    return found


def split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def parse_transports(text: str) -> tuple[str, ...]:
    """Read transports separated by commas; stdio stands alone."""
    found = tuple(build_choice_parser(*TRANSPORTS)(name) for name in split_names(text))
    if not found or ("stdio" in found and len(found) > 1):
        raise ValueError("expected stdio, or sse and streamable-http separated by a comma")
    return found


def parse_pesos(text: str) -> int:
    """Read an amount of MXN, such as 5000, 5000.50 or 5,000.50, as centavos."""
    if not PESOS.fullmatch(text.strip()):
        raise ValueError("expected an amount of MXN such as 5000 or 5000.50")
    return int(Decimal(text.strip().replace(",", "")) * 100)


def parse_count(text: str) -> int:
    """Read how many."""
    return parse_integer(text, 0, 1_000_000)


def parse_bound(text: str) -> int:
    """Read how many there may be at most."""
    return parse_integer(text, 1, 1_000_000)


def parse_store(text: str) -> str:
    """Read where the store is: a file, redis://, rediss:// or memory."""
    if "://" in text:
        if urlsplit(text).scheme not in {"redis", "rediss"}:
            raise ValueError("expected a file, redis://host:port/number, or memory")
        return text
    if text.strip().lower() in MEMORY_STORES:
        return MEMORY_STORES[0]
    if text.strip().lower().startswith("file:"):  # SQLite's URIs can mean memory, or a file without locks
        raise ValueError("expected the path of a file, not a file: address")
    return parse_file(text)


def parse_audit(text: str) -> str:
    """Read where the audit is: the store, off, or a file."""
    if text in {"store", "off"}:
        return text
    try:
        return parse_file(text)
    except ValueError:
        raise ValueError("expected store, off, or a file in a folder that exists") from None


def parse_secrets(text: str) -> tuple[str, ...]:
    """Read secrets separated by commas, each of 32 characters or more."""
    found = parse_names(text)
    if any(len(one) < 32 for one in found):
        raise ValueError("expected secrets of at least 32 characters, separated by commas")
    return found
