"""The accounts that a server may act for, and where their keys are."""

from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.accounts.profiles import Profiles
from conekta_mcp.errors import ConfigurationError
from conekta_mcp.settings import Settings

KEY, KEY_B, KEY_C = "key_SECRETa", "key_SECRETb", "key_SECRETc"
COMPANY = "6a0000000000000000000009"
FILE = "--profiles-file"
NO_KEYS = "a key is never written into this file: name its place with key_env, key_file or keyring"
ENTRIES = "key_env, key_file, keyring, mode, child_company_id, title"


def profiles(
    folder: Path | None = None, text: str = "", environment: Any = None, **settings: Any
) -> Profiles:
    if folder:
        (folder / "profiles.toml").write_text(text, encoding="utf-8")
        settings["profiles_file"] = str(folder / "profiles.toml")
    return Profiles.from_settings(Settings(**settings), environment or {})


def refusal(folder: Path, text: str, **settings: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        profiles(folder, text, **settings)
    assert "SECRET" not in str(refused.value)
    return str(refused.value)


def test_alone_there_is_the_default_with_conekta_api_key() -> None:
    found = profiles(api_key=KEY)
    assert (found.names, found.default, found.read_key("default"), found.is_configured) == (
        ("default",),
        "default",
        KEY,
        True,
    )


def test_without_a_key_the_default_has_none() -> None:
    found = profiles()
    assert (found.names, found.read_key("default"), found.is_configured) == (("default",), None, False)


def test_the_key_of_a_named_profile_is_in_its_own_variable() -> None:
    environment = {"CONEKTA_API_KEY_STORE_B": KEY_B}
    found = profiles(environment=environment, profiles=("store-b", "default", "store-b"), api_key=KEY)
    assert (found.names, found.default) == (("store-b", "default"), "store-b")
    assert (found.read_key("store-b"), found.read_key("default")) == (KEY_B, KEY)


def test_a_variable_is_read_from_the_process_where_no_environment_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONEKTA_API_KEY_STORE_B", KEY_B)
    assert Profiles.from_settings(Settings(profiles=("store-b",))).read_key("store-b") == KEY_B


def test_another_profile_than_those_allowed_is_not_there() -> None:
    found = profiles(environment={"CONEKTA_API_KEY_STORE_C": KEY_C}, profiles=("store-b",))
    assert (found.find_profile("store-c"), found.find_profile("default")) == (None, None)


@pytest.mark.parametrize(("name", "mode"), [("test", "test"), ("live", "live"), ("shop", None)])
def test_a_profile_called_test_or_live_has_to_be_that(name: str, mode: str | None, tmp_path: Path) -> None:
    unfiled = profiles(profiles=(name,)).find_profile(name)
    filed = profiles(tmp_path, f"[{name}]").find_profile(name)
    assert unfiled is not None
    assert filed is not None
    assert (unfiled.mode, filed.mode) == (mode, mode)


def test_the_file_says_where_each_key_is_and_more(tmp_path: Path) -> None:
    (tmp_path / "b.key").write_text(KEY_B)
    (tmp_path / "b.key").chmod(0o600)
    text = f"""
    [store-b]
    title = "Tienda B"
    key_file = "b.key"
    mode = "test"
    child_company_id = "{COMPANY}"
    [store-c]
    key_env = "STORE_C"
    [store-d]
    keyring = "conekta/app/store-d"
    [default]
    """
    names = ("store-b", "store-c", "store-d", "default")
    found = profiles(tmp_path, text, {"STORE_C": KEY_C, "CONEKTA_API_KEY": KEY}, profiles=names)
    assert [found.read_key(name) for name in ("store-b", "store-c", "default")] == [KEY_B, KEY_C, KEY]
    store_b, store_d = found.find_profile("store-b"), found.find_profile("store-d")
    assert store_b is not None
    assert store_d is not None
    assert (store_b.mode, store_b.child_company_id, store_b.title) == ("test", COMPANY, "Tienda B")
    assert store_d.source.label == "the system keyring, conekta/app/store-d"
    assert found.describe_profiles() == "store-b (Tienda B, test), store-c, store-d, default"


def test_a_key_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "b.key").write_text(KEY_B)
    (tmp_path / "b.key").chmod(0o600)
    found = profiles(tmp_path, "[store-b]\nkey_file='b.key'")
    assert found.read_key("store-b") == KEY_B
    (tmp_path / "b.key").unlink()
    assert found.read_key("store-b") == KEY_B


def test_a_key_that_comes_later_is_found(tmp_path: Path) -> None:
    found = profiles(tmp_path, "[store-b]\nkey_file='b.key'")
    assert (found.is_configured, found.read_key("store-b")) == (False, None)
    (tmp_path / "b.key").write_text(KEY_B)
    (tmp_path / "b.key").chmod(0o600)
    assert (found.is_configured, found.read_key("store-b")) == (True, KEY_B)


def test_without_a_choice_the_first_of_the_file_acts(tmp_path: Path) -> None:
    assert profiles(tmp_path, "[store-b]\n[store-c]").names == ("store-b",)


def test_without_a_choice_the_default_acts_where_the_file_has_it(tmp_path: Path) -> None:
    found = profiles(tmp_path, "[store-b]\n[default]\nkey_env='DEFAULT'", {"DEFAULT": KEY_B}, api_key=KEY)
    assert (found.names, found.read_key("default")) == (("default",), KEY_B)


def test_without_a_choice_a_file_and_a_variable_do_not_guess_whose_money_it_is(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[store-b]", api_key=KEY) == (
        "--profiles-file and CONEKTA_API_KEY are both set: say which profiles to act with, such as "
        "--profile store-b or --profile default"
    )
    assert profiles(tmp_path, "[store-b]", api_key=KEY, profiles=("default",)).read_key("default") == KEY


def test_on_the_sandbox_each_profile_has_an_account_of_its_own_and_no_real_key_is_read(
    tmp_path: Path,
) -> None:
    text = "[live]\nkey_file='none.key'\nchild_company_id='6a0000000000000000000009'"
    found = profiles(tmp_path, text, sandbox=True, api_key=KEY, profiles=("default", "live"))
    assert [found.read_key(name) for name in found.names] == ["key_sandbox", "key_sandbox_live"]
    live = found.find_profile("live")
    assert live is not None
    assert live.mode is None
    assert profiles(tmp_path, "[store-b]", sandbox=True, api_key=KEY).names == ("store-b",)


@pytest.mark.parametrize(
    "name", ["Store", "store_b", "-b", "b-", "key", "key_SECRET", "a" * 33, "tienda ñ", ""]
)
def test_what_cannot_be_a_name_is_refused_and_not_repeated(name: str, tmp_path: Path) -> None:
    expected = "expected names of profiles: up to 32 small letters, digits and hyphens, none of them key"
    assert refusal(tmp_path, f'["{name}"]') == f"{FILE}: {expected}"
    with pytest.raises(ConfigurationError) as refused:
        profiles(profiles=("a", name))
    assert str(refused.value) == f"--profile: {expected}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"{FILE}: it names no profile; begin one with [store-b]"),
        ("[b", f"{FILE}: expected TOML (at end of document)"),
        ("[b]\nkey_SECRET", f"{FILE}: expected TOML (at end of document)"),
        ("[b]\n= 1", f"{FILE}: expected TOML (at line 2, column 1)"),
        ("b = 1", f"{FILE}: expected tables only, such as [store-b]"),
        ("[b]\nkey = 'key_SECRET'", f"{FILE} [b]: {NO_KEYS}"),
        ("[b]\nkey_env = 'key_SECRET'", f"{FILE} [b]: {NO_KEYS}"),
        ("[b]\nkey_file = 'key_SECRET'", f"{FILE} [b]: {NO_KEYS}"),
        ("[b]\nkeyring = 'conekta/key_SECRET'", f"{FILE} [b]: {NO_KEYS}"),
        ("[b]\ntitle = 'B key_SECRET'", f"{FILE} [b]: {NO_KEYS}"),
        ("[b]\nmode = ['key_SECRET']", f"{FILE} [b]: {NO_KEYS}"),
        ("[b]\nkey_SECRET = 1", f"{FILE} [b]: expected only {ENTRIES}; {NO_KEYS}"),
        ("[b]\ncolour = 'red'", f"{FILE} [b]: expected only {ENTRIES}; {NO_KEYS}"),
        ("[b]\nmode = 'prod'", f"{FILE} [b] mode: expected one of test, live"),
        ("[b]\nmode = 1", f"{FILE} [b] mode: expected a text"),
        ("[b]\nkey_env = ' '", f"{FILE} [b] key_env: expected a text"),
        (f"[b]\ntitle = '{'t' * 61}'", f"{FILE} [b] title: expected a text of at most 60 characters"),
        ("[b]\nchild_company_id = '6A'", f"{FILE} [b] child_company_id: expected 24 hexadecimal digits"),
        (
            "[b]\nkey_env = 'store b'",
            f"{FILE} [b] key_env: expected the name of a variable, such as STORE_B_KEY",
        ),
        (
            "[b]\nkey_file = '~no-such-user/b.key'",
            f"{FILE} [b] key_file: expected a path, in which ~ is your own home folder",
        ),
        ("[b]\nkeyring = 'conekta'", f"{FILE} [b] keyring: expected service/user"),
        ("[b]\nkeyring = 'conekta/'", f"{FILE} [b] keyring: expected service/user"),
        (
            "[b]\nkey_env = 'B'\nkey_file = 'b'",
            f"{FILE} [b]: expected one of key_env, key_file, keyring, not several",
        ),
    ],
)
def test_what_is_wrong_in_the_file_is_named_and_no_value_of_it(text: str, said: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, text) == said


def test_the_mark_that_editors_of_windows_add_is_skipped(tmp_path: Path) -> None:
    assert profiles(tmp_path, '\ufeff[b]\r\nkey_env = "B"\r\n', {"B": KEY_B}).read_key("b") == KEY_B


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--profiles-file: it cannot be read"):
        profiles(profiles_file=str(tmp_path / "none.toml"))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes("[b]\ntitle='Méx'".encode("latin-1"))
    with pytest.raises(ConfigurationError) as refused:
        profiles(profiles_file=str(tmp_path / "latin.toml"))
    assert str(refused.value) == "--profiles-file: expected TOML"


def test_a_home_that_is_empty_is_no_folder_of_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "")
    assert refusal(tmp_path, "[b]\nkey_file = '~/b.key'") == "HOME: expected the full path of a folder"


def test_no_key_is_shown() -> None:
    found = profiles(environment={"CONEKTA_API_KEY_B": KEY_B}, profiles=("default", "b"), api_key=KEY)
    assert [found.read_key(name) for name in found.names] == [KEY, KEY_B]
    assert repr(found) == "Profiles(default, b)"
    assert "SECRET" not in repr([found.find_profile("default"), found.find_profile("b")])
