"""Which variables count as set, and secrets in files."""

from pathlib import Path

import pytest

from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings.reading import MAX_BYTES, list_settings, read_settings
from conekta_mcp.settings.table import Settings

IN_FILES = {
    "CONEKTA_MCP_APPROVAL_SECRETS": ("approval_secrets", "s" * 32, ("s" * 32,)),
    "CONEKTA_MCP_APPROVAL_WEBHOOK": ("approval_webhook", "https://chat.example.com/a", None),
    "CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET": ("approval_webhook_secret", "w" * 32, ("w" * 32,)),
    "CONEKTA_MCP_PROXY": ("proxy", "http://user:pass@proxy.example.com:3128", None),
    "CONEKTA_MCP_STORE": ("store", "redis://:pass@redis:6379/0", None),
}
each_secret = pytest.mark.parametrize("variable", IN_FILES)


def test_an_empty_field_of_a_bundle_counts_as_not_set() -> None:
    """Claude Desktop leaves the placeholder of an optional field that was not filled in as it is."""
    variables = {one.metadata["env"]: f"${{user_config.{one.name}}}" for one in list_settings()}
    assert read_settings({}, variables) == Settings()
    assert not Profiles.from_settings(Settings(), variables).read_key("default")


@pytest.mark.parametrize("text", ["${user_config.max_amount}0", "${HOME}", "5${user_config.max_amount}"])
def test_what_only_resembles_an_empty_field_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="CONEKTA_MCP_MAX_AMOUNT: expected an amount"):
        read_settings({}, {"CONEKTA_MCP_MAX_AMOUNT": text})


def test_every_secret_but_the_key_may_stand_in_a_file() -> None:
    """The key of a profile `file` is CONEKTA_API_KEY_FILE."""
    secret = {one.metadata["env"] for one in list_settings() if one.metadata["secret"]}
    assert secret - {"CONEKTA_API_KEY"} == set(IN_FILES)


@each_secret
def test_a_secret_is_read_from_its_file(variable: str, tmp_path: Path) -> None:
    name, text, value = IN_FILES[variable]
    path = tmp_path / "secret"
    path.write_text(f"\ufeff{text}\r\n", encoding="utf-8")  # as editors of Windows do
    assert getattr(read_settings({}, {f"{variable}_FILE": str(path)}), name) == (value or text)


@each_secret
def test_a_secret_in_two_places_is_refused_unread(variable: str, tmp_path: Path) -> None:
    _, text, _ = IN_FILES[variable]
    with pytest.raises(ConfigurationError) as refused:
        read_settings({}, {variable: text, f"{variable}_FILE": str(tmp_path / "missing")})
    assert str(refused.value) == f"{variable}: it is also in {variable}_FILE; set one of the two"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "the file cannot be read: No such file or directory"),
        (b"\xff", "the file cannot be read: it is no text"),
        (b" \n", "expected a file with the value alone in it"),
        (b"s" * (MAX_BYTES + 1), "expected a file with the value alone in it"),
        (b"short-secret", "expected secrets of at least 32 characters, separated by commas"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_without_what_is_in_it(
    content: bytes | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError) as refused:
        read_settings({}, {"CONEKTA_MCP_APPROVAL_SECRETS_FILE": str(path)})
    assert str(refused.value) == f"CONEKTA_MCP_APPROVAL_SECRETS_FILE: {reason}"


def test_a_setting_that_is_no_secret_has_no_file() -> None:
    with pytest.raises(ConfigurationError, match="CONEKTA_MCP_HOST_FILE: there is no such setting"):
        read_settings({}, {"CONEKTA_MCP_HOST_FILE": "host"})


PATHS = {"CONEKTA_API_KEY_FILE": "/run/secrets/conekta"}


def test_the_path_of_a_key_is_not_taken_for_a_key_nor_passed_over() -> None:
    with pytest.raises(
        ConfigurationError, match="CONEKTA_API_KEY_FILE: it is the key of a profile file, and no"
    ):
        read_settings({}, PATHS)


@pytest.mark.parametrize(
    "variables",
    [
        {"CONEKTA_API_KEY_FILE": "key_of_the_profile_file"},
        {"CONEKTA_API_KEY_FILE": "${user_config.key}"},
        {**PATHS, "CONEKTA_API_KEY": "key_at_hand"},
    ],
)
def test_the_key_of_a_profile_named_file_is_none_of_these(variables: dict[str, str]) -> None:
    assert read_settings({}, variables).api_key == variables.get("CONEKTA_API_KEY")


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("ALLOWED_HOSTS", "a.mx:*, [::1]:8000,b_c.mx:443", ("a.mx", "[::1]:8000", "b_c.mx:443")),
        ("ALLOWED_ORIGINS", "https://a.mx:*", ("https://a.mx",)),
        ("HOST", "[::1]", "::1"),
        ("HOST", " ::1 ", "::1"),
    ],
)
def test_hosts_are_read_as_people_write_them(variable: str, text: str, value: object) -> None:
    assert getattr(read_settings({}, {f"CONEKTA_MCP_{variable}": text}), variable.lower()) == value
