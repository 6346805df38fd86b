"""Environment and flags, read into one frozen Settings; the table here is what help and server.json show."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.parsing import (
    LOOPBACK,
    address,
    audit,
    company,
    count,
    file,
    folder,
    key,
    names,
    one_of,
    pesos,
    port,
    proxy,
    seconds,
    secrets,
    setting,
    state_file,
    store,
    transports,
    yes_or_no,
)

API_VERSIONS = ("2.0.0", "2.1.0", "2.2.0", "2.3.0")
LANGUAGES = ("es", "en")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
CONFIRM = ("never", "destructive", "money", "writes")
PII = ("full", "masked", "minimal")
SANDBOX_KEY = "key_sandbox"


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
        None,
        "CONEKTA_MCP_FILES",
        folder,
        "folder whose files tools may send; over stdio and loopback only",
        flag="--files",
    )

    profiles: tuple[str, ...] = setting(
        (), "CONEKTA_MCP_PROFILES", names, "profiles that calls may act with; the first is the default",
        flag="--profile",
    )  # fmt: skip
    profiles_file: str | None = setting(
        None, "CONEKTA_MCP_PROFILES_FILE", file, "TOML file that names profiles and where their keys are",
        flag="--profiles-file",
    )  # fmt: skip
    confirm: str | None = setting(
        None, "CONEKTA_MCP_CONFIRM", one_of(*CONFIRM),
        "ask a person before: never, destructive, money (and destructive), writes; by default never in test "
        "mode and money in live mode", flag="--confirm",
    )  # fmt: skip
    allow_preview: bool = setting(
        False, "CONEKTA_MCP_ALLOW_PREVIEW", yes_or_no,
        "where a client cannot ask, let the model show a preview and repeat the call with its token: weaker",
        flag="--allow-preview",
    )  # fmt: skip
    approval_secrets: tuple[str, ...] = setting(
        (), "CONEKTA_MCP_APPROVAL_SECRETS", secrets,
        "secrets that seal approvals, shared by all replicas; the first seals, all open", secret=True,
    )  # fmt: skip
    policy: str | None = setting(
        None, "CONEKTA_MCP_POLICY", file, "TOML file of rules: allow, deny, confirm, limits", flag="--policy"
    )
    max_amount: int | None = setting(
        None,
        "CONEKTA_MCP_MAX_AMOUNT",
        pesos,
        "most MXN that one call may move or ask for",
        flag="--max-amount",
    )
    max_daily_charges: int | None = setting(
        None,
        "CONEKTA_MCP_MAX_DAILY_CHARGES",
        pesos,
        "most MXN charged to cards a day",
        flag="--max-daily-charges",
    )
    max_daily_refunds: int | None = setting(
        None, "CONEKTA_MCP_MAX_DAILY_REFUNDS", pesos, "most MXN refunded a day", flag="--max-daily-refunds"
    )
    max_daily_payouts: int | None = setting(
        None, "CONEKTA_MCP_MAX_DAILY_PAYOUTS", pesos, "most MXN paid out a day", flag="--max-daily-payouts"
    )
    max_daily_calls: int | None = setting(
        None,
        "CONEKTA_MCP_MAX_DAILY_CALLS",
        count,
        "most calls that move money a day",
        flag="--max-daily-calls",
    )
    store: str | None = setting(
        None, "CONEKTA_MCP_STORE", store,
        "what remembers intents, limits and approvals: a file, redis://host:port/0 for several replicas, or "
        "memory; a file in your state folder by default", flag="--store", secret=True,
    )  # fmt: skip
    audit: str = setting(
        "store", "CONEKTA_MCP_AUDIT", audit, "where writes and refusals are recorded: store, off, or a file",
        flag="--audit",
    )  # fmt: skip
    pii: str = setting(
        "full", "CONEKTA_MCP_PII", one_of(*PII),
        "how people's data are shown: full, masked, or minimal", flag="--pii",
    )  # fmt: skip
    proxy: str | None = setting(
        None, "CONEKTA_MCP_PROXY", proxy, "proxy to reach Conekta through; the usual variables are not read",
        flag="--proxy", secret=True,
    )  # fmt: skip

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
