"""Environment and flags, read into one frozen Settings; the table here is what help and server.json show."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conekta_mcp.errors import ConfigurationError

API_VERSIONS = ("2.0.0", "2.1.0", "2.2.0", "2.3.0")
LANGUAGES = ("es", "en")
TRANSPORTS = ("stdio", "sse", "streamable-http")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SANDBOX_KEY = "key_sandbox"
SQLITE = b"SQLite format 3\0"


def setting(
    default: Any,
    env: str,
    read: Callable[[str], Any],
    purpose: str,
    *,
    flag: str | None = None,
    secret: bool = False,
) -> Any:
    """Declare one setting: its variable, how its text is read, what it is for, and its flag if it has one."""
    metadata = {"env": env, "read": read, "help": purpose, "flag": flag, "secret": secret}
    return field(default=default, metadata=metadata)


def one_of(*choices: str) -> Callable[[str], str]:
    """Read one of some words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return text

    return read


def yes_or_no(text: str) -> bool:
    """Read a boolean."""
    if text.lower() not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError("expected 1 or 0")
    return text.lower() in {"1", "true", "yes", "on"}


def key(text: str) -> str:
    """Read an API key; stray white space at its ends is taken off, anything inside is refused."""
    if not re.fullmatch(r"key_[A-Za-z0-9_-]{1,200}", text.strip()):
        raise ValueError("expected a private key of Conekta: key_ and then letters and digits, on one line")
    return text.strip()


def address(text: str) -> str:
    """Read the address of Conekta's API: https, or http on this machine."""
    parts = urlsplit(text.strip())
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("expected https://, or http:// on localhost only")
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError("expected scheme, host and port only")
    return text.strip().rstrip("/")


def company(text: str) -> str:
    """Read the id of a child company."""
    if not re.fullmatch("[0-9a-f]{24}", text):
        raise ValueError("expected 24 hexadecimal digits")
    return text


def seconds(text: str) -> float:
    """Read a time limit."""
    if not 0 < float(text) <= 300:
        raise ValueError("expected seconds, more than 0 and at most 300")
    return float(text)


def port(text: str) -> int:
    """Read a port."""
    if not 0 <= int(text) <= 65535:
        raise ValueError("expected 0-65535")
    return int(text)


def state_file(text: str) -> str:
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


def folder(text: str) -> str:
    """Read the path of a folder that is there."""
    if not Path(text).is_dir():
        raise ValueError("expected a folder that exists")
    return text


def names(text: str) -> tuple[str, ...]:
    """Read names separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def transports(text: str) -> tuple[str, ...]:
    """Read transports separated by commas; stdio stands alone."""
    found = tuple(one_of(*TRANSPORTS)(name) for name in names(text))
    if not found or ("stdio" in found and len(found) > 1):
        raise ValueError("expected stdio, or sse and streamable-http separated by a comma")
    return found


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set; see `conekta-mcp serve --help`."""

    api_key: str | None = setting(
        None, "CONEKTA_API_KEY", key, "private key of your Conekta account; not needed for the sandbox",
        secret=True,
    )  # fmt: skip
    base_url: str = setting(
        "https://api.conekta.io", "CONEKTA_BASE_URL", address, "address of Conekta's API", flag="--base-url"
    )
    api_version: str = setting(
        "2.2.0",
        "CONEKTA_API_VERSION",
        one_of(*API_VERSIONS),
        "version of Conekta's API",
        flag="--api-version",
    )
    language: str = setting(
        "es", "CONEKTA_LANGUAGE", one_of(*LANGUAGES), "language of messages for people: es or en",
        flag="--language",
    )  # fmt: skip
    child_company_id: str | None = setting(
        None, "CONEKTA_CHILD_COMPANY_ID", company, "act for this child company of a holding",
        flag="--child-company-id",
    )  # fmt: skip
    timeout: float = setting(
        30.0, "CONEKTA_TIMEOUT_SECONDS", seconds, "how long to wait for Conekta, in seconds", flag="--timeout"
    )
    sandbox: bool = setting(
        False, "CONEKTA_MCP_SANDBOX", yes_or_no, "use the built-in offline Conekta instead of the real one",
        flag="--sandbox",
    )  # fmt: skip
    state: str | None = setting(
        None, "CONEKTA_MCP_STATE", state_file, "file that keeps the sandbox's state; in memory without it",
        flag="--state",
    )  # fmt: skip
    transport: tuple[str, ...] = setting(
        ("stdio",), "CONEKTA_MCP_TRANSPORT", transports, "stdio, sse, streamable-http, or the latter two",
        flag="--transport",
    )  # fmt: skip
    host: str = setting("127.0.0.1", "CONEKTA_MCP_HOST", str, "address to listen on over HTTP", flag="--host")
    port: int = setting(8000, "CONEKTA_MCP_PORT", port, "port to listen on over HTTP", flag="--port")
    allowed_hosts: tuple[str, ...] = setting(
        (),
        "CONEKTA_MCP_ALLOWED_HOSTS",
        names,
        "Host headers to accept besides this machine's, with commas",
        flag="--allowed-host",
    )
    allowed_origins: tuple[str, ...] = setting(
        (), "CONEKTA_MCP_ALLOWED_ORIGINS", names, "Origins to accept besides this machine's, with commas",
        flag="--allowed-origin",
    )  # fmt: skip
    toolsets: tuple[str, ...] = setting(
        (), "CONEKTA_MCP_TOOLSETS", names, "list and allow only these toolsets, or all", flag="--toolsets"
    )
    tools: tuple[str, ...] = setting(
        (), "CONEKTA_MCP_TOOLS", names, "list and allow these tools besides", flag="--tools"
    )
    exclude: tuple[str, ...] = setting(
        (), "CONEKTA_MCP_EXCLUDE", names, "never list nor allow these tools and toolsets", flag="--exclude"
    )
    read_only: bool = setting(
        False, "CONEKTA_MCP_READ_ONLY", yes_or_no, "allow only what changes nothing", flag="--read-only"
    )
    log_level: str = setting(
        "WARNING", "CONEKTA_MCP_LOG_LEVEL", one_of(*LOG_LEVELS), "how much to log to stderr",
        flag="--log-level",
    )  # fmt: skip
    files_folder: str | None = setting(
        None, "CONEKTA_MCP_FILES", folder, "folder whose files tools may send", flag="--files"
    )

    def __repr__(self) -> str:
        """Show the settings without the key."""
        shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if not f.metadata["secret"])
        return f"Settings({', '.join(shown)})"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the HTTP transports."""
        return self.host in LOOPBACK

    @property
    def own_key(self) -> str | None:
        """The key to act with when a call brings none."""
        return SANDBOX_KEY if self.sandbox else self.api_key


def read_settings(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings: a flag wins over its variable, an empty variable counts as not set.

    Raises:
        ConfigurationError: naming the variable or flag and what was expected, never the value.
    """
    environment = os.environ if environment is None else environment
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    values: dict[str, Any] = {}
    for one in fields(Settings):
        if one.name in given:
            values[one.name] = _read(one.metadata["read"], given[one.name], one.metadata["flag"])
        elif environment.get(one.metadata["env"], "").strip():
            values[one.name] = _read(
                one.metadata["read"], environment[one.metadata["env"]], one.metadata["env"]
            )
    return Settings(**values)


def _read(read: Callable[[str], Any], text: Any, source: str) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return read(text)
    except ValueError as problem:
        reason = str(problem) if str(problem).startswith("expected") else "expected a number"
        raise ConfigurationError(f"{source}: {reason}") from None
