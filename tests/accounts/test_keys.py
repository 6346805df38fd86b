"""Where a key is: a variable, a file of one's own, the system keyring; never in a repr or an error."""

import os
import sys
from pathlib import Path
from types import ModuleType

import keyring
import keyring.errors
import pytest

from conekta_mcp.accounts.keys import FileKey, GivenKey, KeyringKey, VariableKey
from conekta_mcp.errors import ConfigurationError

KEY = "key_SECRETabc123"
SHAPE = "expected a private key of Conekta (key_ and letters and digits) alone on one line"


def key_file(folder: Path, text: str = KEY, mode: int = 0o600) -> Path:
    path = folder / "store.key"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("text", [KEY, f"{KEY}\n", f"\t {KEY}\r\n"])
@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_key_is_read_from_a_file_of_ones_own(text: str, mode: int, tmp_path: Path) -> None:
    source = FileKey("[a] key_file", key_file(tmp_path, text, mode))
    assert (source.is_present, source.read(), source.label) == (True, KEY, "the file of [a] key_file")


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o644, 0o666])
def test_a_file_that_others_may_read_or_write_is_refused(mode: int, tmp_path: Path) -> None:
    source = FileKey("[a] key_file", key_file(tmp_path, mode=mode))
    with pytest.raises(ConfigurationError) as refused:
        source.read()
    assert str(refused.value) == (
        "[a] key_file: others may read or write the file; chmod 600 it, and replace the key"
    )


def test_where_files_have_no_permissions_they_are_not_checked_and_that_is_said(tmp_path: Path) -> None:
    source = FileKey("[a] key_file", key_file(tmp_path, mode=0o666), posix=False)
    assert source.read() == KEY
    assert source.label == "the file of [a] key_file (its permissions are not checked here)"


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = FileKey("[a] key_file", key_file(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(ConfigurationError, match="the file belongs to another user; chown it to this one"):
        source.read()


@pytest.mark.parametrize("text", ["", "SECRET", f"{KEY}\n{KEY}", f"{KEY} {KEY}", "key_SÉCRET", f"{KEY}\x00"])
def test_what_is_no_key_alone_on_a_line_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        FileKey("[a] key_file", key_file(tmp_path, text)).read()
    assert str(refused.value) == f"[a] key_file: {SHAPE}"
    with pytest.raises(ConfigurationError) as refused:
        VariableKey("STORE", {"STORE": text or "x"}).read()
    assert str(refused.value) == f"STORE: {SHAPE}"


def test_a_file_that_is_not_there_has_no_key(tmp_path: Path) -> None:
    source = FileKey("[a] key_file", tmp_path / "none.key")
    assert (source.is_present, source.read()) == (False, None)


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(ConfigurationError, match=r"\[a\] key_file: expected a regular file"):
        FileKey("[a] key_file", tmp_path / "pipe").read()


def test_a_file_that_cannot_be_opened_is_refused_without_its_path(tmp_path: Path) -> None:
    key_file(tmp_path)
    with pytest.raises(ConfigurationError) as refused:
        FileKey("[a] key_file", tmp_path / "store.key" / "below").read()
    assert str(refused.value) == "[a] key_file: the file cannot be read by this user"


@pytest.mark.parametrize("environment", [{}, {"STORE": ""}, {"STORE": "  "}])
def test_a_variable_that_is_not_set_has_no_key(environment: dict[str, str]) -> None:
    source = VariableKey("STORE", environment)
    assert (source.is_present, source.read()) == (False, None)


def test_a_variable_has_a_key() -> None:
    source = VariableKey("STORE", {"STORE": f" {KEY}\n"})
    assert (source.is_present, source.read(), source.label) == (True, KEY, "STORE")


def test_the_keyring_is_asked_for_a_service_and_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def get_password(service: str, user: str) -> str:
        asked.append((service, user))
        return KEY

    monkeypatch.setattr(keyring, "get_password", get_password)
    source = KeyringKey("[a] keyring", "conekta", "store-b")
    assert (source.is_present, source.read(), asked) == (True, KEY, [("conekta", "store-b")])
    assert source.label == "the system keyring, conekta/store-b"


def test_a_keyring_without_the_entry_has_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    assert KeyringKey("[a] keyring", "conekta", "store-b").read() is None


def test_a_keyring_that_fails_is_told_without_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: str) -> str:
        raise keyring.errors.KeyringLocked(KEY)

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(ConfigurationError) as refused:
        KeyringKey("[a] keyring", "conekta", "store-b").read()
    assert str(refused.value) == "[a] keyring: the system keyring cannot be asked (KeyringLocked)"
    assert refused.value.__suppress_context__


def test_without_the_keyring_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    missing: dict[str, ModuleType | None] = {"keyring": None}
    for name, module in missing.items():
        monkeypatch.setitem(sys.modules, name, module)
    with pytest.raises(ConfigurationError) as refused:
        KeyringKey("[a] keyring", "conekta", "store-b").read()
    assert str(refused.value) == (
        "[a] keyring: the keyring library is missing; run pip install 'conekta-mcp[keyring]'"
    )


def test_a_key_at_hand_is_given() -> None:
    assert (GivenKey("here", KEY).is_present, GivenKey("here", KEY).read()) == (True, KEY)
    assert (GivenKey("here", None).is_present, GivenKey("here", None).read()) == (False, None)


def test_no_source_shows_a_key(tmp_path: Path) -> None:
    sources = (
        GivenKey("here", KEY),
        VariableKey("STORE", {"STORE": KEY}),
        FileKey("[a] key_file", key_file(tmp_path)),
    )
    assert [KEY in repr(source) or "SECRET" in str(source) for source in sources] == [False, False, False]
