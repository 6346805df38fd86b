"""Where keys are read from: variables, private files, the keyring; they are in no repr and no error."""

import os
import sys
from pathlib import Path
from types import ModuleType

import keyring
import keyring.errors
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from conekta_mcp.accounts.keys import FileKey, GivenKey, KeyringKey, VariableKey
from conekta_mcp.accounts.keys.system_keyring import NoKeyring, write_secret
from conekta_mcp.errors import ConfigurationError
from tests.memory_keyring import MemoryKeyring

KEY = "key_SECRETabc123"
SHAPE = "expected a private key of Conekta (key_ and letters and digits) alone on one line"


def key_file(folder: Path, text: str = KEY, mode: int = 0o600) -> Path:
    path = folder / "store.key"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("text", [KEY, f"{KEY}\n", f"\t {KEY}\r\n", f"\ufeff{KEY}\r\n"])
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


def test_the_keyring_is_asked_for_a_service_and_a_user(memory_keyring: MemoryKeyring) -> None:
    memory_keyring.set_password("conekta", "store-b", KEY)
    source = KeyringKey("[a] keyring", "conekta", "store-b")
    assert (source.is_present, source.read()) == (True, KEY)
    assert source.label == "the system keyring, conekta/store-b"


def test_a_keyring_without_the_entry_has_no_key(memory_keyring: MemoryKeyring) -> None:
    memory_keyring.set_password("conekta", "store-a", KEY)
    assert KeyringKey("[a] keyring", "conekta", "store-b").read() is None


def test_a_keyring_that_fails_is_told_without_what_it_said(memory_keyring: MemoryKeyring) -> None:
    memory_keyring.failure = keyring.errors.KeyringLocked(KEY)
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


class PlainKeyring(MemoryKeyring):
    """A backend that is not in the list of those that protect what they keep."""


@pytest.mark.parametrize(
    ("backend", "named"),
    [
        (fail.Keyring(), "keyring.backends.fail.Keyring"),
        (null.Keyring(), "keyring.backends.null.Keyring"),
        (PlainKeyring(), f"{__name__}.PlainKeyring"),
    ],
    ids=["no backend", "one that keeps nothing", "an unknown one"],
)
def test_a_backend_that_does_not_protect_a_key_is_refused(
    backend: KeyringBackend, named: str, memory_keyring: MemoryKeyring
) -> None:
    keyring.set_keyring(backend)
    with pytest.raises(ConfigurationError) as refused:
        KeyringKey("[a] keyring", "conekta", "store-b").read()
    assert str(refused.value) == (
        f"[a] keyring: no system keyring that protects a key is at hand (the keyring library has {named})"
    )
    assert memory_keyring.kept == {}


def test_of_a_chain_only_the_backend_that_protects_a_key_is_asked(
    memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = PlainKeyring()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain, memory_keyring])
    keyring.set_keyring(chainer.ChainerBackend())
    write_secret("conekta", "store-b", KEY)
    assert (plain.kept, memory_keyring.kept) == ({}, {("conekta", "store-b"): KEY})


def test_a_keyring_that_does_not_keep_the_key_is_noticed(memory_keyring: MemoryKeyring) -> None:
    memory_keyring.forgets = True
    with pytest.raises(NoKeyring, match="did not keep the key"):
        write_secret("conekta", "store-b", KEY)


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
