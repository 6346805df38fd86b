"""Environment and flags, read into one frozen Settings; the table here is what help and server.json show."""

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.limits import Limits
from conekta_mcp.settings.parsing import (
    LOOPBACK,
    Group,
    build_choice_parser,
    declare_setting,
    parse_address,
    parse_audit,
    parse_boolean,
    parse_company_id,
    parse_file,
    parse_folder,
    parse_key,
    parse_names,
    parse_port,
    parse_proxy,
    parse_seconds,
    parse_secrets,
    parse_state_file,
    parse_store,
    parse_transports,
)

API_VERSIONS = ("2.0.0", "2.1.0", "2.2.0", "2.3.0")
LANGUAGES = ("es", "en")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
CONFIRM = ("never", "destructive", "money", "writes")
PII = ("full", "masked", "minimal")
SANDBOX_KEY = "key_sandbox"


@dataclass(frozen=True, kw_only=True)
class Settings(Limits):
    """Everything that can be set; see `conekta-mcp serve --help`."""

    api_key: str | None = declare_setting(
        None,
        "CONEKTA_API_KEY",
        parse_key,
        "private key of your Conekta account; not needed for the sandbox",
        secret=True,
        group=Group.ACCOUNT,
    )
    base_url: str = declare_setting(
        "https://api.conekta.io",
        "CONEKTA_BASE_URL",
        parse_address,
        "address of Conekta's API",
        flag="--base-url",
        group=Group.CONEKTA,
    )
    api_version: str = declare_setting(
        "2.2.0",
        "CONEKTA_API_VERSION",
        build_choice_parser(*API_VERSIONS),
        "version of Conekta's API",
        flag="--api-version",
        group=Group.CONEKTA,
    )
    language: str = declare_setting(
        "es",
        "CONEKTA_LANGUAGE",
        build_choice_parser(*LANGUAGES),
        "language of messages for people: es or en",
        flag="--language",
        group=Group.OUTPUT,
    )
    child_company_id: str | None = declare_setting(
        None,
        "CONEKTA_CHILD_COMPANY_ID",
        parse_company_id,
        "act for this child company of a holding",
        flag="--child-company-id",
        group=Group.ACCOUNT,
    )
    timeout: float = declare_setting(
        30.0,
        "CONEKTA_TIMEOUT_SECONDS",
        parse_seconds,
        "how long to wait for Conekta, in seconds",
        flag="--timeout",
        group=Group.CONEKTA,
    )
    sandbox: bool = declare_setting(
        False,
        "CONEKTA_MCP_SANDBOX",
        parse_boolean,
        "use the built-in offline Conekta instead of the real one",
        flag="--sandbox",
        group=Group.SANDBOX,
    )
    state: str | None = declare_setting(
        None,
        "CONEKTA_MCP_STATE",
        parse_state_file,
        "file that keeps the sandbox's state; in memory without it",
        flag="--state",
        group=Group.SANDBOX,
    )
    transport: tuple[str, ...] = declare_setting(
        ("stdio",),
        "CONEKTA_MCP_TRANSPORT",
        parse_transports,
        "stdio, sse, streamable-http, or the latter two",
        flag="--transport",
        group=Group.HTTP,
    )
    host: str = declare_setting(
        "127.0.0.1",
        "CONEKTA_MCP_HOST",
        str,
        "address to listen on over HTTP",
        flag="--host",
        group=Group.HTTP,
    )
    port: int = declare_setting(
        8000, "CONEKTA_MCP_PORT", parse_port, "port to listen on over HTTP", flag="--port", group=Group.HTTP
    )
    allowed_hosts: tuple[str, ...] = declare_setting(
        (),
        "CONEKTA_MCP_ALLOWED_HOSTS",
        parse_names,
        "Host headers to accept besides this machine's, with commas",
        flag="--allowed-host",
        group=Group.HTTP,
    )
    allowed_origins: tuple[str, ...] = declare_setting(
        (),
        "CONEKTA_MCP_ALLOWED_ORIGINS",
        parse_names,
        "Origins to accept besides this machine's, with commas",
        flag="--allowed-origin",
        group=Group.HTTP,
    )
    toolsets: tuple[str, ...] = declare_setting(
        (),
        "CONEKTA_MCP_TOOLSETS",
        parse_names,
        "list and allow only these toolsets, or all",
        flag="--toolsets",
        group=Group.TOOLS,
    )
    tools: tuple[str, ...] = declare_setting(
        (),
        "CONEKTA_MCP_TOOLS",
        parse_names,
        "list and allow these tools besides",
        flag="--tools",
        group=Group.TOOLS,
    )
    exclude: tuple[str, ...] = declare_setting(
        (),
        "CONEKTA_MCP_EXCLUDE",
        parse_names,
        "never list nor allow these tools and toolsets",
        flag="--exclude",
        group=Group.TOOLS,
    )
    read_only: bool = declare_setting(
        False,
        "CONEKTA_MCP_READ_ONLY",
        parse_boolean,
        "allow only what changes nothing",
        flag="--read-only",
        group=Group.TOOLS,
    )
    log_level: str = declare_setting(
        "WARNING",
        "CONEKTA_MCP_LOG_LEVEL",
        build_choice_parser(*LOG_LEVELS),
        "how much to log to stderr",
        flag="--log-level",
        group=Group.OUTPUT,
    )
    files_folder: str | None = declare_setting(
        None,
        "CONEKTA_MCP_FILES",
        parse_folder,
        "folder whose files tools may send; over stdio and loopback only",
        flag="--files",
        group=Group.TOOLS,
    )

    profiles: tuple[str, ...] = declare_setting(
        (),
        "CONEKTA_MCP_PROFILES",
        parse_names,
        "profiles that calls may act with; the first is the default",
        flag="--profile",
        group=Group.ACCOUNT,
    )
    profiles_file: str | None = declare_setting(
        None,
        "CONEKTA_MCP_PROFILES_FILE",
        parse_file,
        "TOML file that names profiles and where their keys are",
        flag="--profiles-file",
        group=Group.ACCOUNT,
    )
    confirm: str | None = declare_setting(
        None,
        "CONEKTA_MCP_CONFIRM",
        build_choice_parser(*CONFIRM),
        "ask a person before: never, destructive, money (and destructive), writes; by default never in test "
        "mode and money in live mode",
        flag="--confirm",
        group=Group.APPROVAL,
    )
    allow_preview: bool = declare_setting(
        False,
        "CONEKTA_MCP_ALLOW_PREVIEW",
        parse_boolean,
        "where a client cannot ask, let the model show a preview and repeat the call with its token: weaker",
        flag="--allow-preview",
        group=Group.APPROVAL,
    )
    approval_secrets: tuple[str, ...] = declare_setting(
        (),
        "CONEKTA_MCP_APPROVAL_SECRETS",
        parse_secrets,
        "secrets that seal approvals, shared by all replicas; the first seals, all open",
        secret=True,
        group=Group.APPROVAL,
    )
    policy: str | None = declare_setting(
        None,
        "CONEKTA_MCP_POLICY",
        parse_file,
        "TOML file of rules: allow, deny, confirm, limits",
        flag="--policy",
        group=Group.POLICY,
    )
    store: str | None = declare_setting(
        None,
        "CONEKTA_MCP_STORE",
        parse_store,
        "what remembers intents, limits and approvals: a file, redis://host:port/0 for several replicas, or "
        "memory; a file in your state folder by default",
        flag="--store",
        secret=True,
        group=Group.STORAGE,
    )
    audit: str = declare_setting(
        "store",
        "CONEKTA_MCP_AUDIT",
        parse_audit,
        "where writes and refusals are recorded: store, off, or a file",
        flag="--audit",
        group=Group.STORAGE,
    )
    pii: str = declare_setting(
        "full",
        "CONEKTA_MCP_PII",
        build_choice_parser(*PII),
        "how people's data are shown: full, masked, or minimal",
        flag="--pii",
        group=Group.OUTPUT,
    )
    proxy: str | None = declare_setting(
        None,
        "CONEKTA_MCP_PROXY",
        parse_proxy,
        "proxy to reach Conekta through; the usual variables are not read",
        flag="--proxy",
        secret=True,
        group=Group.CONEKTA,
    )

    def __repr__(self) -> str:
        """Show the settings without the key."""
        shown = (f"{f.name}={getattr(self, f.name)!r}" for f in list_settings() if not f.metadata["secret"])
        return f"Settings({', '.join(shown)})"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the HTTP transports."""
        return self.host in LOOPBACK

    @property
    def default_key(self) -> str | None:
        """The key to act with when a call brings none."""
        return SANDBOX_KEY if self.sandbox else self.api_key


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


def _parse_text(read: Callable[[str], Any], text: Any, source: str) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return read(text)
    except ValueError as problem:
        reason = str(problem) if str(problem).startswith("expected") else "expected a number"
        raise ConfigurationError(f"{source}: {reason}") from None
