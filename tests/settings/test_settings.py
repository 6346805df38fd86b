"""Settings: every variable and every flag, and what is refused without being printed."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import certifi
import pytest

from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.limits import list_limits
from conekta_mcp.settings.reading import list_settings, read_settings
from conekta_mcp.settings.table import Settings
from tests.one_test import all_in_one_test

READ = [
    ("api_key", "CONEKTA_API_KEY", None, "key_A1-b_2", "key_A1-b_2"),
    (
        "base_url",
        "CONEKTA_BASE_URL",
        "--base-url",
        "https://api.example.com/v1/",
        "https://api.example.com/v1",
    ),
    ("api_version", "CONEKTA_API_VERSION", "--api-version", "2.3.0", "2.3.0"),
    ("language", "CONEKTA_LANGUAGE", "--language", "en", "en"),
    ("timezone", "CONEKTA_MCP_TIMEZONE", "--timezone", " America/Tijuana ", "America/Tijuana"),
    (
        "child_company_id",
        "CONEKTA_CHILD_COMPANY_ID",
        "--child-company-id",
        "6a0000000000000000000009",
        "6a0000000000000000000009",
    ),
    ("timeout", "CONEKTA_TIMEOUT_SECONDS", "--timeout", "2.5", 2.5),
    ("sandbox", "CONEKTA_MCP_SANDBOX", "--sandbox", "1", True),
    ("state", "CONEKTA_MCP_STATE", "--state", "shop.db", "shop.db"),
    ("transport", "CONEKTA_MCP_TRANSPORT", "--transport", "sse, streamable-http", ("sse", "streamable-http")),
    ("host", "CONEKTA_MCP_HOST", "--host", "0.0.0.0", "0.0.0.0"),  # noqa: S104 - only read
    ("port", "CONEKTA_MCP_PORT", "--port", "8080", 8080),
    (
        "allowed_hosts",
        "CONEKTA_MCP_ALLOWED_HOSTS",
        "--allowed-host",
        "a.example.com,,b ",
        ("a.example.com", "b"),
    ),
    (
        "allowed_origins",
        "CONEKTA_MCP_ALLOWED_ORIGINS",
        "--allowed-origin",
        "https://a.example.com, chrome-extension://abc,http://localhost:6274/",
        ("https://a.example.com", "chrome-extension://abc", "http://localhost:6274/"),
    ),
    ("max_sessions", "CONEKTA_MCP_MAX_SESSIONS", "--max-sessions", "7", 7),
    ("max_sessions_per_key", "CONEKTA_MCP_MAX_SESSIONS_PER_KEY", "--max-sessions-per-key", "7", 7),
    (
        "max_sessions_per_address",
        "CONEKTA_MCP_MAX_SESSIONS_PER_ADDRESS",
        "--max-sessions-per-address",
        "7",
        7,
    ),
    ("max_unproven_sessions", "CONEKTA_MCP_MAX_UNPROVEN_SESSIONS", "--max-unproven-sessions", "7", 7),
    ("session_idle", "CONEKTA_MCP_SESSION_IDLE", "--session-idle", "1.5", 1.5),
    ("max_connections", "CONEKTA_MCP_MAX_CONNECTIONS", "--max-connections", "7", 7),
    ("request_timeout", "CONEKTA_MCP_REQUEST_TIMEOUT", "--request-timeout", "2.5", 2.5),
    (
        "accept_losing_safety",
        "CONEKTA_MCP_I_ACCEPT_LOSING_SAFETY",
        "--i-accept-losing-safety",
        "audit-off,memory-store",
        ("audit-off", "memory-store"),
    ),
    ("key_days", "CONEKTA_MCP_KEY_DAYS", "--key-days", "7", 7),
    ("webhooks", "CONEKTA_MCP_WEBHOOKS", "--webhooks", "1", True),
    ("webhook_keys", "CONEKTA_MCP_WEBHOOK_KEYS", "--webhook-keys", "keys.pem", "keys.pem"),
    ("webhook_days", "CONEKTA_MCP_WEBHOOK_DAYS", "--webhook-days", "2", 2),
    ("webhook_events", "CONEKTA_MCP_WEBHOOK_EVENTS", "--webhook-events", "500", 500),
    ("approval_seconds", "CONEKTA_MCP_APPROVAL_SECONDS", "--approval-seconds", "30", 30),
    (
        "approval_channels",
        "CONEKTA_MCP_APPROVAL_CHANNELS",
        "--approval-channels",
        "card,inbox",
        ("card", "inbox"),
    ),
    ("approval_wait", "CONEKTA_MCP_APPROVAL_WAIT", "--approval-wait", "12.5", 12.5),
    ("approval_executes", "CONEKTA_MCP_APPROVAL_EXECUTES", "--approval-executes", "yes", True),
    ("approvers", "CONEKTA_MCP_APPROVERS", "--approvers", "approvers.json", "approvers.json"),
    ("four_eyes", "CONEKTA_MCP_FOUR_EYES", "--four-eyes", "yes", True),
    (
        "approval_webhook",
        "CONEKTA_MCP_APPROVAL_WEBHOOK",
        "--approval-webhook",
        "https://chat.example.com/hook?key=1",
        "https://chat.example.com/hook?key=1",
    ),
    (
        "approval_webhook_secret",
        "CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET",
        None,
        "a-secret-of-enough-characters-000",
        ("a-secret-of-enough-characters-000",),
    ),
    ("duplicate_window", "CONEKTA_MCP_DUPLICATE_WINDOW", "--duplicate-window", "0", 0),
    ("intent_mark", "CONEKTA_MCP_INTENT_MARK", "--no-intent-mark", "no", False),
    ("toolsets", "CONEKTA_MCP_TOOLSETS", "--toolsets", "orders, refunds,", ("orders", "refunds")),
    ("tools", "CONEKTA_MCP_TOOLS", "--tools", "get_balance", ("get_balance",)),
    (
        "exclude",
        "CONEKTA_MCP_EXCLUDE",
        "--exclude",
        "payouts,delete_customer",
        ("payouts", "delete_customer"),
    ),
    ("read_only", "CONEKTA_MCP_READ_ONLY", "--read-only", "yes", True),
    ("log_level", "CONEKTA_MCP_LOG_LEVEL", "--log-level", "DEBUG", "DEBUG"),
    ("files_folder", "CONEKTA_MCP_FILES", "--files", ".", "."),
    ("profiles", "CONEKTA_MCP_PROFILES", "--profile", "test, store-b", ("test", "store-b")),
    ("profiles_file", "CONEKTA_MCP_PROFILES_FILE", "--profiles-file", "profiles.toml", "profiles.toml"),
    ("confirm", "CONEKTA_MCP_CONFIRM", "--confirm", "writes", "writes"),
    ("allow_preview", "CONEKTA_MCP_ALLOW_PREVIEW", "--allow-preview", "on", True),
    (
        "approval_secrets",
        "CONEKTA_MCP_APPROVAL_SECRETS",
        None,
        f"{'a' * 32}, {'b' * 40}",
        ("a" * 32, "b" * 40),
    ),
    ("policy", "CONEKTA_MCP_POLICY", "--policy", "policy.toml", "policy.toml"),
    ("max_amount", "CONEKTA_MCP_MAX_AMOUNT", "--max-amount", "5000", 500000),
    ("max_daily_charges", "CONEKTA_MCP_MAX_DAILY_CHARGES", "--max-daily-charges", "5000.5", 500050),
    ("max_daily_refunds", "CONEKTA_MCP_MAX_DAILY_REFUNDS", "--max-daily-refunds", "5,000.50", 500050),
    ("max_daily_payouts", "CONEKTA_MCP_MAX_DAILY_PAYOUTS", "--max-daily-payouts", "0", 0),
    ("max_daily_calls", "CONEKTA_MCP_MAX_DAILY_CALLS", "--max-daily-calls", "25", 25),
    ("store", "CONEKTA_MCP_STORE", "--store", "redis://localhost:6379/0", "redis://localhost:6379/0"),
    ("audit", "CONEKTA_MCP_AUDIT", "--audit", "audit.jsonl", "audit.jsonl"),
    ("pii", "CONEKTA_MCP_PII", "--pii", "masked", "masked"),
    (
        "proxy",
        "CONEKTA_MCP_PROXY",
        "--proxy",
        "http://proxy.example.com:3128",
        "http://proxy.example.com:3128",
    ),
    ("root_path", "CONEKTA_MCP_ROOT_PATH", "--root-path", " /shop/conekta/ ", "/shop/conekta"),
    ("ca_file", "CONEKTA_MCP_CA_FILE", "--ca-file", certifi.where(), certifi.where()),
]
READ += [
    (
        name,
        f"CONEKTA_MCP_{name.upper()}",
        f"--{name.replace('_', '-')}",
        "3",
        300 if "pesos" in meaning.unit else 3,
    )
    for name, meaning in list_limits().items()
    if name not in {row[0] for row in READ}
]
DEFAULTS = {
    "api_key": None,
    "base_url": "https://api.conekta.io",
    "api_version": "2.2.0",
    "language": "es",
    "timezone": "America/Mexico_City",
    "child_company_id": None,
    "timeout": 30.0,
    "sandbox": False,
    "state": None,
    "transport": ("stdio",),
    "host": "127.0.0.1",
    "port": 8000,
    "allowed_hosts": (),
    "allowed_origins": (),
    "max_sessions": 1000,
    "max_sessions_per_key": 100,
    "max_sessions_per_address": 500,
    "max_unproven_sessions": 200,
    "session_idle": 30.0,
    "max_connections": 2000,
    "request_timeout": 20.0,
    "accept_losing_safety": (),
    "key_days": 30,
    "webhooks": False,
    "webhook_keys": None,
    "webhook_days": 7,
    "webhook_events": 100_000,
    "duplicate_window": 600,
    "approval_seconds": 900,
    "approval_channels": ("auto",),
    "approval_wait": None,
    "approval_executes": False,
    "approvers": "store",
    "four_eyes": False,
    "approval_webhook": None,
    "approval_webhook_secret": (),
    "intent_mark": True,
    "toolsets": (),
    "tools": (),
    "exclude": (),
    "read_only": False,
    "log_level": "WARNING",
    "files_folder": None,
    "profiles": (),
    "profiles_file": None,
    "confirm": None,
    "allow_preview": False,
    "approval_secrets": (),
    "policy": None,
    **dict.fromkeys(list_limits(), None),
    "store": None,
    "audit": "store",
    "pii": "full",
    "proxy": None,
    "ca_file": None,
    "root_path": "",
}
each_setting = all_in_one_test("row", READ, lambda row: row[0])


def shown(settings: Settings) -> dict[str, Any]:
    """The settings that have a default here; one that lacks it fails one test, and not each of these."""
    return {name: getattr(settings, name) for name in DEFAULTS}


def test_nothing_set_gives_the_defaults() -> None:
    assert shown(read_settings({}, {})) == DEFAULTS
    declared = {one.name for one in fields(Settings)}
    for table, known in (("READ", {row[0] for row in READ}), ("DEFAULTS", set(DEFAULTS))):
        assert known == declared, f"tests/settings/test_settings.py: {table}: {known ^ declared}"


def test_every_setting_says_what_it_is_for() -> None:
    described = {(one.name, one.metadata["env"], one.metadata["flag"]) for one in list_settings()}
    assert described == {row[:3] for row in READ}
    assert [one.name for one in list_settings() if len(one.metadata["help"]) < 10] == []
    secret = [one.name for one in list_settings() if one.metadata["secret"]]
    webhook = ["approval_webhook", "approval_webhook_secret"]
    assert secret == ["api_key", "proxy", "approval_secrets", *webhook, "store"]


@each_setting
def test_a_variable_sets_it(row: Any) -> None:
    name, variable, _, text, value = row
    assert shown(read_settings({}, {variable: text})) == {**DEFAULTS, name: value}


@pytest.mark.parametrize("empty", ["", "  ", "\n"])
@each_setting
def test_an_empty_variable_counts_as_not_set(row: Any, empty: str) -> None:
    name, variable, *_ = row
    assert shown(read_settings({}, {variable: empty})) == DEFAULTS
    assert shown(read_settings({name: None}, {variable: empty})) == DEFAULTS


@each_setting
def test_a_flag_wins_over_its_variable(row: Any) -> None:
    name, variable, _, text, value = row
    assert shown(read_settings({name: text}, {variable: "!"})) == {**DEFAULTS, name: value}
    assert shown(read_settings({name: value}, {variable: "!"})) == {**DEFAULTS, name: value}


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for _, variable, *_ in READ:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("CONEKTA_LANGUAGE", "en")
    assert shown(read_settings()) == {**DEFAULTS, "language": "en"}


@pytest.mark.parametrize("text", ["key_A1\n", " key_A1", "\tkey_A1\r\n"])
def test_stray_white_space_around_a_key_is_taken_off(text: str) -> None:
    assert read_settings({}, {"CONEKTA_API_KEY": text}).api_key == "key_A1"


KEY = "expected a private key of Conekta: key_ and then letters and digits, on one line"
CHANNEL_NAMES = "expected auto, or some of client, card, browser, inbox, terminal, preview"
UNNAMED_ADDRESS = "expected an address without user and password"
ADDRESS = "expected https://, or http:// on localhost only"
PARTS = "expected scheme, host and port only"
TRANSPORT = "expected stdio, or sse and streamable-http separated by a comma"
ZONE = "expected a time zone such as America/Mexico_City or America/Tijuana"
SECONDS = "expected seconds, more than 0 and at most 300"
FILE = "expected a file in a folder that exists"
PESOS = "expected an amount of MXN such as 5000 or 5000.50"
NAMES = "expected one name or more, separated by commas"
HOSTS = "expected hosts such as pay.example.com or a.example.com:8443, separated by commas"
ORIGINS = "expected origins such as https://app.example.com, separated by commas"
REFUSED = [
    *(
        ("CONEKTA_MCP_TIMEZONE", text, ZONE)
        for text in ("secret", "America", "../secret", "/etc/secret", "UTC-6secret")
    ),
    *(
        ("CONEKTA_MCP_ALLOWED_ORIGINS", text, ORIGINS)
        for text in (
            "secret",
            "*",
            "https://a.mx/secret",
            "a.mx,https://b.mx",
            "//a.mx",
            "https://*.a.mx",
            "https://*",
        )
    ),
    *(
        ("CONEKTA_MCP_ALLOWED_HOSTS", text, HOSTS)
        for text in (
            "https://secret.mx",
            "a.mx/secret",
            "a.mx,b/",
            "*",
            "*.secret.mx",
            "::1",
            "a b",
            "ñ.mx",
            "a.mx:x",
        )
    ),
    ("CONEKTA_API_KEY", "key_A1\nsecret", KEY),
    ("CONEKTA_API_KEY", "key_A1 secret", KEY),
    ("CONEKTA_API_KEY", "key_", KEY),
    ("CONEKTA_API_KEY", "sk_secret", KEY),
    ("CONEKTA_API_KEY", "Bearer key_secret", KEY),
    ("CONEKTA_API_KEY", "key_secretñ", KEY),
    ("CONEKTA_API_KEY", "key_" + "secret" * 50, KEY),
    ("CONEKTA_BASE_URL", "http://api.secret.io", ADDRESS),
    ("CONEKTA_BASE_URL", "http://127.0.0.1.secret.io", ADDRESS),
    ("CONEKTA_BASE_URL", "ftp://secret", ADDRESS),
    ("CONEKTA_BASE_URL", "api.secret.io", ADDRESS),
    ("CONEKTA_BASE_URL", "https://", PARTS),
    ("CONEKTA_BASE_URL", "https://secret@api.conekta.io", PARTS),
    ("CONEKTA_BASE_URL", "https://:secret@api.conekta.io", PARTS),
    ("CONEKTA_BASE_URL", "https://api.conekta.io?secret=1", PARTS),
    ("CONEKTA_BASE_URL", "https://api.conekta.io#secret", PARTS),
    ("CONEKTA_API_VERSION", "secret", "expected one of 2.0.0, 2.1.0, 2.2.0, 2.3.0"),
    ("CONEKTA_LANGUAGE", "secret", "expected one of es, en"),
    ("CONEKTA_CHILD_COMPANY_ID", "secret", "expected 24 hexadecimal digits"),
    ("CONEKTA_TIMEOUT_SECONDS", "secret", "expected a number"),
    ("CONEKTA_TIMEOUT_SECONDS", "0", SECONDS),
    ("CONEKTA_TIMEOUT_SECONDS", "301", SECONDS),
    ("CONEKTA_TIMEOUT_SECONDS", "nan", SECONDS),
    ("CONEKTA_MCP_SANDBOX", "secret", "expected 1 or 0"),
    ("CONEKTA_MCP_READ_ONLY", "secret", "expected 1 or 0"),
    ("CONEKTA_MCP_FILES", "/secret", "expected a folder that exists"),
    ("CONEKTA_MCP_TOOLSETS", ",", NAMES),
    ("CONEKTA_MCP_TOOLS", " , ", NAMES),
    ("CONEKTA_MCP_EXCLUDE", ",", NAMES),
    ("CONEKTA_MCP_PROFILES", ",", NAMES),
    ("CONEKTA_MCP_TRANSPORT", "secret", "expected one of stdio, sse, streamable-http"),
    ("CONEKTA_MCP_TRANSPORT", "stdio,sse", TRANSPORT),
    ("CONEKTA_MCP_TRANSPORT", ",", TRANSPORT),
    ("CONEKTA_MCP_PORT", "secret", "expected a number"),
    ("CONEKTA_MCP_PORT", "65536", "expected 0-65535"),
    *(
        (variable, text, "expected a number")
        for variable in (
            "CONEKTA_MCP_PORT",
            "CONEKTA_TIMEOUT_SECONDS",
            "CONEKTA_MCP_MAX_DAILY_CHARGE_CALLS",
            "CONEKTA_MCP_SESSION_IDLE",
        )
        for text in ("1_0", "\u0665", "\uff15")
    ),
    ("CONEKTA_MCP_MAX_SESSIONS", "secret", "expected a number"),
    ("CONEKTA_MCP_MAX_SESSIONS", "0", "expected 1-1000000"),
    ("CONEKTA_MCP_SESSION_IDLE", "secret", "expected a number"),
    ("CONEKTA_MCP_SESSION_IDLE", "0", "expected minutes, more than 0 and at most 1440"),
    ("CONEKTA_MCP_SESSION_IDLE", "nan", "expected minutes, more than 0 and at most 1440"),
    ("CONEKTA_MCP_LOG_LEVEL", "secret", "expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
    ("CONEKTA_MCP_PROFILES_FILE", "/no/secret/here", FILE),
    ("CONEKTA_MCP_CONFIRM", "secret", "expected one of never, destructive, money, writes"),
    ("CONEKTA_MCP_ALLOW_PREVIEW", "secret", "expected 1 or 0"),
    ("CONEKTA_MCP_KEY_DAYS", "0", "expected 1-1000000"),
    ("CONEKTA_MCP_WEBHOOKS", "secret", "expected 1 or 0"),
    ("CONEKTA_MCP_WEBHOOK_KEYS", "/nowhere/secret.pem", "expected a file in a folder that exists"),
    ("CONEKTA_MCP_WEBHOOK_DAYS", "0", "expected 1-1000000"),
    ("CONEKTA_MCP_WEBHOOK_EVENTS", "0", "expected 1-1000000"),
    ("CONEKTA_MCP_DUPLICATE_WINDOW", "-1", "expected 0-86400"),
    ("CONEKTA_MCP_DUPLICATE_WINDOW", "86401", "expected 0-86400"),
    ("CONEKTA_MCP_APPROVAL_SECONDS", "secret", "expected a number"),
    ("CONEKTA_MCP_APPROVAL_SECONDS", "29", "expected 30-3600"),
    ("CONEKTA_MCP_APPROVAL_SECONDS", "3601", "expected 30-3600"),
    ("CONEKTA_MCP_APPROVAL_CHANNELS", "secret", CHANNEL_NAMES),
    ("CONEKTA_MCP_APPROVAL_CHANNELS", "auto,inbox", CHANNEL_NAMES),
    ("CONEKTA_MCP_APPROVAL_WAIT", "secret", "expected a number"),
    ("CONEKTA_MCP_APPROVAL_WAIT", "nan", "expected auto, or 0-900"),
    ("CONEKTA_MCP_APPROVAL_WAIT", "901", "expected auto, or 0-900"),
    ("CONEKTA_MCP_APPROVERS", "/no/secret/here", FILE),
    ("CONEKTA_MCP_APPROVAL_WEBHOOK", "http://secret.example.com", ADDRESS),
    ("CONEKTA_MCP_APPROVAL_WEBHOOK", "https://secret:99999/hook", "expected an address"),
    ("CONEKTA_MCP_APPROVAL_WEBHOOK", "https://secret:port/hook", "expected an address"),
    ("CONEKTA_MCP_APPROVAL_WEBHOOK", "https://[secret/hook", "expected an address"),
    ("CONEKTA_MCP_APPROVAL_WEBHOOK", "https://chat.example.com/a secret", "expected an address"),
    ("CONEKTA_MCP_APPROVAL_WEBHOOK", "https://ana:secret@chat.example.com/", UNNAMED_ADDRESS),
    ("CONEKTA_BASE_URL", "https://secret:99999", PARTS),
    ("CONEKTA_MCP_POLICY", "/no/secret/here", FILE),
    ("CONEKTA_MCP_MAX_AMOUNT", "secret", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "-1", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "5000.505", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "5,50", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "5.000,50", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "1e3", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "5_000", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "Infinity", PESOS),
    ("CONEKTA_MCP_MAX_AMOUNT", "999999999999", PESOS),
    ("CONEKTA_MCP_MAX_DAILY_CHARGES", "$500", PESOS),
    ("CONEKTA_MCP_MAX_DAILY_CALLS", "secret", "expected a number"),
    ("CONEKTA_MCP_MAX_DAILY_CALLS", "-1", "expected 0-1000000"),
    ("CONEKTA_MCP_STORE", "postgres://secret", "expected a file, redis://host:port/number, or memory"),
    ("CONEKTA_MCP_STORE", "/no/secret/here", FILE),
    ("CONEKTA_MCP_PII", "secret", "expected one of full, masked, minimal"),
    ("CONEKTA_MCP_PROXY", "socks5://secret", "expected http:// or https://, a host and a port"),
]


@pytest.mark.parametrize(("variable", "text", "said"), REFUSED)
def test_a_wrong_value_is_named_and_not_printed(variable: str, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({}, {variable: text})
    assert (str(caught.value), caught.value.__cause__) == (f"{variable}: {said}", None)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("CONEKTA_MCP_MAX_AMOUT", "CONEKTA_MCP_MAX_AMOUNT"),
        ("CONEKTA_MCP_READONLY", "CONEKTA_MCP_READ_ONLY"),
        ("CONEKTA_READ_ONLY", "CONEKTA_MCP_READ_ONLY"),
        ("CONEKTA_PII", "CONEKTA_MCP_PII"),
        ("conekta_mcp_read_only", "CONEKTA_MCP_READ_ONLY"),
        ("CONEKTA_MPC_SANDBOX", "CONEKTA_MCP_SANDBOX"),
        ("CONEKTAMCP_MAX_AMOUNT", "CONEKTA_MCP_MAX_AMOUNT"),
        ("CONEKTA_LANGAUGE", "CONEKTA_LANGUAGE"),
        ("CONEKTA_APIKEY", "CONEKTA_API_KEY"),
    ],
)
def test_a_variable_that_is_no_setting_is_refused_with_the_one_that_was_meant(
    variable: str, near: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({}, {variable: "secret"})
    assert str(caught.value) == f"{variable}: there is no such setting; did you mean {near}?"
    assert read_settings({}, {variable: " ", "CONEKTA_API_KEY_LIVE": "key_b"}) == read_settings({}, {})


@pytest.mark.parametrize("variable", ["CONEKTA_API_KEY_S", "CONEKTA_PUBLIC_KEY", "CONEKTA_APP_KEY", "PORT"])
def test_a_variable_of_a_profile_or_of_somebody_else_is_left_alone(variable: str) -> None:
    assert read_settings({}, {variable: "key_b"}) == read_settings({}, {})


def test_a_flag_of_names_without_a_name_is_refused() -> None:
    for flag in ("toolsets", "tools", "exclude", "profiles"):
        with pytest.raises(ConfigurationError, match="expected one name or more"):
            read_settings({flag: ""}, {})


@pytest.mark.parametrize("text", ["hush", f"{'a' * 32},hush"])
def test_an_approval_secret_that_can_be_guessed_is_refused_and_not_printed(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({}, {"CONEKTA_MCP_APPROVAL_SECRETS": text})
    assert str(caught.value) == (
        "CONEKTA_MCP_APPROVAL_SECRETS: expected secrets of at least 32 characters, separated by commas"
    )


def test_a_wrong_flag_is_named_by_its_flag() -> None:
    with pytest.raises(ConfigurationError, match=r"^--port: expected 0-65535$"):
        read_settings({"port": "-1"}, {})


@pytest.mark.parametrize(
    "text", ["http://localhost:8765", "http://127.0.0.1", "http://[::1]:8765", "https://api.example.com:8443"]
)
def test_http_is_for_this_machine_only(text: str) -> None:
    assert read_settings({"base_url": text}, {}).base_url == text


@pytest.mark.parametrize(
    "text",
    [
        "https://API.Conekta.io", "https://api.conekta.io:443", "https://api.conekta.io:0443/",
        "https://api.conekta.io.", "HTTPS://api.conekta.io", "https://api.conekta.io//",
    ],
)  # fmt: skip
def test_one_address_of_conekta_is_one_account_however_it_is_spelled(text: str) -> None:
    assert read_settings({"base_url": text}, {}) == read_settings({}, {})


@pytest.mark.parametrize("end", ["?", "#", "/?", ":99999", ":x", ":0"])
def test_an_address_has_no_more_than_host_and_port(end: str) -> None:
    with pytest.raises(ConfigurationError, match="expected scheme, host and port only"):
        read_settings({"base_url": f"https://api.conekta.io{end}"}, {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, True) for text in ("1", "TRUE", "yes", "on")),
        *((text, False) for text in ("0", "False", "no", "off")),
    ],
)
def test_a_boolean_has_several_spellings(text: str, value: bool) -> None:
    assert read_settings({}, {"CONEKTA_MCP_SANDBOX": text}).sandbox is value
    assert read_settings({}, {"CONEKTA_MCP_READ_ONLY": text}).read_only is value


def test_no_secret_is_in_the_representation() -> None:
    settings = Settings(
        api_key="key_secret",
        language="en",
        approval_secrets=("s" * 26 + "secret",),
        store="rediss://:secret@localhost/0",
        proxy="http://me:secret@localhost:1",
    )
    assert repr(settings) == str(settings)
    assert ("secret" in repr(settings), "language='en'" in repr(settings)) == (False, True)
    assert repr(settings).startswith("Settings(key_days=30, ")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False)],  # noqa: S104
)
def test_only_this_machine_reaches_a_loopback_host(host: str, loopback: bool) -> None:
    assert Settings(host=host).is_loopback is loopback


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("0", 0),
        ("5000", 500000),
        (" 5000.5 ", 500050),
        ("5000.50", 500050),
        ("1,234,567.89", 123456789),
        ("0.01", 1),
        ("99999999999.99", 9999999999999),
    ],
)
def test_an_amount_of_mxn_is_read_as_centavos(text: str, centavos: int) -> None:
    assert read_settings({"max_amount": text}, {}).max_amount == centavos


@pytest.mark.parametrize("text", ["memory", "rediss://cache.example.com:6380/1", "state.sqlite3"])
def test_the_store_is_a_file_redis_or_memory(text: str) -> None:
    assert read_settings({"store": text}, {}).store == text


@pytest.mark.parametrize("text", ["https://ana:s3cret@proxy.example.com", " http://[::1]:3128 "])
def test_a_proxy_is_a_web_address(text: str) -> None:
    assert read_settings({"proxy": text}, {}).proxy == text.strip()


@pytest.mark.parametrize(
    "text", ["proxy.example.com:3128", "socks5://ana:s3cret@localhost:1080", "http://", "http://s3cret:99999"]
)
def test_a_proxy_that_cannot_be_one_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({}, {"CONEKTA_MCP_PROXY": text})
    assert str(caught.value) == "CONEKTA_MCP_PROXY: expected http:// or https://, a host and a port"


@pytest.mark.parametrize("text", ["store", "off", "audit.jsonl"])
def test_the_audit_is_the_store_off_or_a_file(text: str) -> None:
    assert read_settings({"audit": text}, {}).audit == text


@pytest.mark.parametrize("text", ["/no/such/folder/audit.jsonl", "."])
def test_an_audit_that_cannot_be_kept_is_refused_at_start(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"audit": text}, {})
    assert str(caught.value) == "--audit: expected store, off, or a file in a folder that exists"


@pytest.mark.parametrize("text", ["conekta", "//conekta", "/a/../b", "/a?b", "https://example.com/a", "/a b"])
def test_a_prefix_that_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"root_path": text}, {})
    assert str(caught.value) == "--root-path: expected a path such as /conekta"


@pytest.mark.parametrize("content", [None, "", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_without_certificates_is_refused_at_the_start(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"ca_file": str(path)}, {})
    assert str(caught.value).startswith("--ca-file: expected a file of certificates in PEM")
