"""All settings, declared once: flags, variables, help, README and server.json derive from this table."""

from dataclasses import dataclass, fields

from conekta_mcp.settings import connecting
from conekta_mcp.settings.approvals import ApprovalSettings
from conekta_mcp.settings.caller_bounds import CallerBounds
from conekta_mcp.settings.choices import build_choice_parser
from conekta_mcp.settings.limits import Limits
from conekta_mcp.settings.parsing import (
    Group,
    declare_setting,
    derive_names,
    parse_audit,
    parse_boolean,
    parse_company_id,
    parse_file,
    parse_folder,
    parse_key,
    parse_names,
    parse_port,
    parse_seconds,
    parse_state_file,
    parse_store,
    parse_transports,
)
from conekta_mcp.settings.terms import Terms
from conekta_mcp.settings.timezone import MEXICO_CITY, parse_timezone
from conekta_mcp.settings.webhooks import WebhookSettings

API_VERSIONS = ("2.0.0", "2.1.0", "2.2.0", "2.3.0")
LANGUAGES = ("es", "en")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
CONFIRM = ("never", "destructive", "money", "writes")
PII = ("full", "masked", "minimal")
SANDBOX_KEY = "key_sandbox"


@dataclass(frozen=True, kw_only=True)
@derive_names
class Settings(WebhookSettings, Limits, CallerBounds, ApprovalSettings, Terms):
    """All settings; see `conekta-mcp serve --help`."""

    api_key: str | None = declare_setting(
        None,
        parse_key,
        "private key of your Conekta account; not needed for the sandbox",
        group=Group.ACCOUNT,
        env="CONEKTA_API_KEY",
        flag=None,
        secret=True,
    )
    child_company_id: str | None = declare_setting(
        None,
        parse_company_id,
        "act for this child company of a holding",
        group=Group.ACCOUNT,
        env="CONEKTA_CHILD_COMPANY_ID",
    )
    profiles: tuple[str, ...] = declare_setting(
        (),
        parse_names,
        "profiles that calls may use; the first is the default",
        group=Group.ACCOUNT,
        flag="--profile",
    )
    profiles_file: str | None = declare_setting(
        None, parse_file, "TOML file that names profiles and says where each key is", group=Group.ACCOUNT
    )
    base_url: str = declare_setting(
        "https://api.conekta.io",
        connecting.parse_address,
        "address of Conekta's API",
        group=Group.CONEKTA,
        env="CONEKTA_BASE_URL",
    )
    api_version: str = declare_setting(
        "2.2.0",
        build_choice_parser(*API_VERSIONS),
        "version of Conekta's API",
        group=Group.CONEKTA,
        env="CONEKTA_API_VERSION",
    )
    timeout: float = declare_setting(
        30.0,
        parse_seconds,
        "how long to wait for Conekta, in seconds",
        group=Group.CONEKTA,
        env="CONEKTA_TIMEOUT_SECONDS",
    )
    proxy: str | None = declare_setting(
        None,
        connecting.parse_proxy,
        "proxy for requests to Conekta; HTTP_PROXY and similar variables are ignored",
        group=Group.CONEKTA,
        secret=True,
    )
    ca_file: str | None = declare_setting(
        None,
        connecting.parse_ca_file,
        (
            "PEM file of more certificate authorities to trust, such as your company's behind a proxy that "
            "inspects TLS; SSL_CERT_FILE is ignored"
        ),
        group=Group.CONEKTA,
    )
    sandbox: bool = declare_setting(
        False, parse_boolean, "use the built-in offline Conekta instead of the real one", group=Group.SANDBOX
    )
    state: str | None = declare_setting(
        None,
        parse_state_file,
        "file that keeps the sandbox's data; without it the data is lost at exit",
        group=Group.SANDBOX,
    )
    toolsets: tuple[str, ...] = declare_setting(
        (),
        parse_names,
        "list and allow only these toolsets; all: all of them, none: no toolset",
        group=Group.TOOLS,
    )
    tools: tuple[str, ...] = declare_setting(
        (),
        parse_names,
        "list and allow these tools besides the others; with --toolsets none, only these",
        group=Group.TOOLS,
    )
    exclude: tuple[str, ...] = declare_setting(
        (), parse_names, "do not list or allow these tools and toolsets", group=Group.TOOLS
    )
    read_only: bool = declare_setting(
        False, parse_boolean, "allow only tools that change nothing", group=Group.TOOLS
    )
    files_folder: str | None = declare_setting(
        None,
        parse_folder,
        "folder with files that tools may upload; stdio and loopback only",
        group=Group.TOOLS,
        env="CONEKTA_MCP_FILES",
        flag="--files",
    )
    transport: tuple[str, ...] = declare_setting(
        ("stdio",), parse_transports, "stdio, sse, streamable-http, or sse,streamable-http", group=Group.HTTP
    )
    host: str = declare_setting(
        "127.0.0.1", connecting.parse_host, "address to listen on over HTTP", group=Group.HTTP
    )
    port: int = declare_setting(8000, parse_port, "port to listen on over HTTP", group=Group.HTTP)
    allowed_hosts: tuple[str, ...] = declare_setting(
        (),
        connecting.parse_hosts,
        "more Host headers to accept, separated by commas",
        group=Group.HTTP,
        flag="--allowed-host",
    )
    allowed_origins: tuple[str, ...] = declare_setting(
        (),
        connecting.parse_origins,
        "more Origin headers to accept, separated by commas",
        group=Group.HTTP,
        flag="--allowed-origin",
    )
    root_path: str = declare_setting(
        "",
        connecting.parse_root_path,
        "prefix under which a proxy serves this server, such as /conekta",
        group=Group.HTTP,
    )
    confirm: str | None = declare_setting(
        None,
        build_choice_parser(*CONFIRM),
        (
            "when to ask a person: never, destructive, money (includes destructive) or writes; "
            "default: never in test mode, money in live mode"
        ),
        group=Group.APPROVAL,
    )
    policy: str | None = declare_setting(
        None, parse_file, "TOML file of rules: allow, deny, confirm, limits", group=Group.POLICY
    )
    intent_mark: bool = declare_setting(
        True,
        parse_boolean,
        (
            "whether what is made carries a mark in its metadata or reference_id, by which a write whose "
            "answer was lost is found again; 0, or the flag, leaves it out"
        ),
        group=Group.POLICY,
        flag="--no-intent-mark",
    )
    store: str | None = declare_setting(
        None,
        parse_store,
        (
            "where intents, limits and approvals are stored: a file, redis://host:port/0 for "
            "several replicas, or memory; default: a file in your state folder"
        ),
        group=Group.STORAGE,
        secret=True,
    )
    audit: str = declare_setting(
        "store", parse_audit, "where the audit log is written: store, off, or a file", group=Group.STORAGE
    )
    language: str = declare_setting(
        "es",
        build_choice_parser(*LANGUAGES),
        "language of messages for people: es or en",
        group=Group.OUTPUT,
        env="CONEKTA_LANGUAGE",
    )
    timezone: str = declare_setting(
        MEXICO_CITY,
        parse_timezone,
        "time zone of the merchant: of every time that is shown, and of the days that limits count",
        group=Group.OUTPUT,
    )
    log_level: str = declare_setting(
        "WARNING", build_choice_parser(*LOG_LEVELS), "how much to log to stderr", group=Group.OUTPUT
    )
    pii: str = declare_setting(
        "full",
        build_choice_parser(*PII),
        "how people's data are shown: full, masked, or minimal",
        group=Group.OUTPUT,
    )

    def __repr__(self) -> str:
        """Show the settings without the key."""
        shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if not f.metadata["secret"])
        return f"Settings({', '.join(shown)})"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the HTTP transports."""
        return self.host in connecting.LOOPBACK

    @property
    def follows_events(self) -> bool:
        """Whether events may arrive: by webhook here, or from `listen` through a shared store."""
        is_shared = self.store != "memory" and bool(self.store or self.state or not self.sandbox)
        return self.webhooks or (self.transport == ("stdio",) and is_shared)
