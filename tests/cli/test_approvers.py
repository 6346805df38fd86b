"""conekta-mcp approvers"""

import json
import os
import pty
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from argon2 import PasswordHasher

from conekta_mcp.cli.commands import approvers as command
from conekta_mcp.pages.approvers import passphrases
from conekta_mcp.pages.approvers.approver import Approver, StoredApprovers
from conekta_mcp.pages.approvers.file import ApproversFile
from conekta_mcp.pages.approvers.passphrases import check_passphrase
from conekta_mcp.storage.opening import open_store
from tests.cli.conftest import Run
from tests.cli.terminals import at_terminal
from tests.journeys.processes import COMMAND, child_environment

PASSPHRASE = "a long passphrase of ana"
FINGERPRINT = "3a3eb3cef7beb8f8"


@dataclass
class Place:
    """Where approvers are kept, and the flags that say so."""

    flags: tuple[str, ...]
    store: str = ""
    file: str = ""

    def read(self) -> list[Approver]:
        async def read_approvers() -> list[Approver]:
            if self.file:
                return await ApproversFile(self.file).list_all()
            opened = open_store(self.store, sandbox_state=None, sandbox=False, clock=lambda: 1.0)
            try:
                return await StoredApprovers(opened).list_all()
            finally:
                await opened.close()

        return anyio.run(read_approvers)


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is hashed in a moment; what it costs in earnest is tested with the sign-in."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passphrases, "_create_hasher", lambda: hasher)


@pytest.fixture(params=["store", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "store":
        store = str(tmp_path / "safety.sqlite3")
        return Place(("--store", store, "--language", "en"), store=store)
    file = str(tmp_path / "approvers.json")
    return Place(("--approvers", file, "--language", "en"), file=file)


def test_an_approver_is_added_listed_and_removed(run: Run, place: Place) -> None:
    said = run("approvers", "list", *place.flags)
    assert said.out == "there are no approvers: nobody can approve at /approvals\n"
    keys = ("--key-of", FINGERPRINT, "--key-of", "0" * 16)
    said = run("approvers", "add", "Ana@shop.mx", "--generate", *keys, *place.flags)
    assert (said.code, said.err) == (0, "")
    first, second = said.out.splitlines()
    assert first == "ana@shop.mx can now sign in to /approvals and approve"
    text, _, passphrase = second.rpartition(" ")
    assert (text, len(passphrase)) == ("passphrase, not shown again:", 29)
    [added] = place.read()
    assert (added.name, added.keys, added.is_disabled) == ("ana@shop.mx", (FINGERPRINT, "0" * 16), False)
    assert added.passphrase_hash.startswith("$argon2id$")
    assert check_passphrase(added.passphrase_hash, passphrase)
    said = run("approvers", "list", *place.flags)
    assert said.out.startswith("ana@shop.mx  ")
    assert said.out.endswith(f"  keys {FINGERPRINT}, {'0' * 16}\n")
    said = run("approvers", "remove", "ana@shop.mx", *place.flags)
    assert (said.code, said.out) == (0, "ana@shop.mx can no longer sign in; their sessions have ended\n")
    assert place.read() == []


def test_an_approver_is_disabled_enabled_and_given_another_passphrase(run: Run, place: Place) -> None:
    run("approvers", "add", "ana", "--generate", *place.flags)
    [before] = place.read()
    said = run("approvers", "disable", "ana", *place.flags)
    assert said.out == "ana cannot sign in until enabled again\n"
    assert "  disabled\n" in run("approvers", "list", *place.flags).out
    assert [one.is_disabled for one in place.read()] == [True]
    assert run("approvers", "enable", "ana", *place.flags).out == "ana can sign in again\n"
    said = run("approvers", "passphrase", "ana", "--generate", *place.flags)
    assert said.out.startswith("ana has a new passphrase; their sessions have ended\npassphrase, not shown")
    [after] = place.read()
    assert not after.is_disabled
    assert check_passphrase(after.passphrase_hash, said.out.split()[-1])
    assert after.stamp != before.stamp


WRONG = [
    (("add",), 2, "NAME: expected a name of letters and digits, such as ana or ana@shop.mx"),
    (("add", "a b"), 2, "NAME: expected a name of letters and digits, such as ana or ana@shop.mx"),
    (("add", "«ana»"), 2, "NAME: expected a name of letters and digits, such as ana or ana@shop.mx"),
    (
        ("add", "eva", "--generate", "--key-of", "key_secret"),
        2,
        "--key-of: expected the fingerprint of a key, 16 hexadecimal digits, as doctor shows it",
    ),
    (("remove", "eva"), 1, "there is no approver eva"),
    (("passphrase", "eva", "--generate"), 1, "there is no approver eva"),
    (("add", "ana", "--generate"), 1, "ana is an approver already"),
    (
        ("add", "eva"),
        1,
        "the passphrase is asked for on a terminal, and here is none; --generate gives a random one",
    ),
]


@pytest.mark.parametrize(("words", "code", "problem"), WRONG, ids=[" ".join(words) for words, *_ in WRONG])
def test_what_cannot_be_done_is_said_and_changes_nothing(
    words: tuple[str, ...], code: int, problem: str, run: Run, place: Place
) -> None:
    run("approvers", "add", "ana", "--generate", *place.flags)
    before = place.read()
    said = run("approvers", *words, *place.flags, stdin=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    prefix = "conekta-mcp" if code == 2 else "conekta-mcp approvers"
    assert (said.code, said.out, said.err) == (code, "", f"{prefix}: {problem}\n")
    assert place.read() == before


@pytest.mark.parametrize("flags", [("--store", "memory"), ("--sandbox",)])
def test_approvers_are_not_put_where_they_would_be_forgotten(flags: tuple[str, ...], run: Run) -> None:
    said = run("approvers", "add", "ana", "--generate", *flags)
    assert (said.code, said.out) == (2, "")
    assert "aquí los aprobadores se olvidarían" in said.err


def test_the_texts_are_in_spanish_too(run: Run, tmp_path: Path) -> None:
    said = run("approvers", "add", "ana", "--generate", "--approvers", str(tmp_path / "approvers.json"))
    assert said.out.startswith("ana ya puede entrar a /approvals y aprobar\nfrase de acceso, no se muestra")


def type_passphrases(words: tuple[str, ...], *typed: str) -> tuple[int, str]:
    """Run the command on a terminal of its own, and answer each question; return code and all it wrote."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "approvers", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=child_environment(),
        start_new_session=True,
    )
    os.close(theirs)
    written = b""
    for number, text in enumerate(typed, 1):
        while written.count(b": ") < number and (more := _read(ours)):
            written += more
        os.write(ours, f"{text}\n".encode())
    while more := _read(ours):
        written += more
    os.close(ours)
    return process.wait(60), written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1024)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.system
def test_on_a_terminal_the_passphrase_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "approvers.json"
    words = ("add", "ana", "--approvers", str(file), "--language", "en")
    code, written = type_passphrases(words, PASSPHRASE, PASSPHRASE)
    assert (code, PASSPHRASE in written) == (0, False)
    assert "Passphrase (12 characters or more): " in written
    assert "Again: " in written
    [added] = json.loads(file.read_text("utf-8"))["approvers"]
    assert check_passphrase(added["passphrase_hash"], PASSPHRASE)


@pytest.mark.system
@pytest.mark.parametrize("action", ["add", "passphrase"])
def test_ctrl_c_ends_it_while_it_waits_for_the_passphrase(action: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "approvers.json"
    flags = ("--approvers", str(file), "--language", "en")
    if action == "passphrase":
        run("approvers", "add", "ana", "--generate", *flags)
    before = file.read_text("utf-8") if file.exists() else None
    with at_terminal("approvers", action, "ana", *flags) as person:
        person.read_until("(12 characters or more): ")
        person.type("\x03")
        assert person.end() == 130
    assert (file.read_text("utf-8") if file.exists() else None) == before


WRONG_WORDS = {
    "eleven chrs": "a passphrase has 12 to 1024 characters",
    "x" * 1025: "a passphrase has 12 to 1024 characters",
    "another passphrase": "the two passphrases differ; nothing was changed",
}


@pytest.mark.parametrize("first", WRONG_WORDS, ids=["short", "long", "different"])
def test_a_short_a_long_and_a_mistyped_passphrase_are_refused(
    first: str, run: Run, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = [first, PASSPHRASE]
    monkeypatch.setattr("getpass.getpass", lambda _: typed.pop(0))
    monkeypatch.setattr(command, "has_terminal", lambda: True)
    said = run("approvers", "add", "ana", *place.flags)
    assert (said.code, said.err) == (1, f"conekta-mcp approvers: {WRONG_WORDS[first]}\n")
    assert place.read() == []


def test_the_file_is_private_and_replaced_in_one_piece(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "approvers.json"
    for name in ("ana", "luis"):
        assert run("approvers", "add", name, "--generate", "--approvers", str(file)).code == 0
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["approvers.json", "approvers.json.lock"]
    assert [one["name"] for one in json.loads(file.read_text("utf-8"))["approvers"]] == ["ana", "luis"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610])
def test_a_file_that_others_can_open_is_refused(mode: int, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "approvers.json"
    run("approvers", "add", "ana", "--generate", "--approvers", str(file))
    file.chmod(mode)
    before = file.read_text("utf-8")
    for words in (("list",), ("add", "eva", "--generate")):
        said = run("approvers", *words, "--approvers", str(file))
        assert (said.code, said.out) == (2, "")
        assert said.err == "conekta-mcp: --approvers: others may read or write the file; chmod 600 it\n"
    assert file.read_text("utf-8") == before


OTHER_FILES = [
    "", "[]", "{}", '{"approvers": [{}]}', '{"approvers": [1]}', '{"approvers": 1}', "\xff",
    '{"approvers": [{"name": "ANA", "passphrase_hash": "x", "created_at": 1}]}',
]  # fmt: skip


@pytest.mark.parametrize("text", OTHER_FILES)
def test_a_file_of_something_else_is_refused_and_stays(text: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "approvers.json"
    file.write_bytes(text.encode("latin-1"))
    file.chmod(0o600)
    said = run("approvers", "add", "ana", "--generate", "--approvers", str(file))
    assert (said.code, said.err) == (2, "conekta-mcp: --approvers: the file is not one of approvers\n")
    assert file.read_bytes() == text.encode("latin-1")


def test_a_named_pipe_and_a_folder_that_cannot_be_written_are_refused(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    said = run("approvers", "list", "--approvers", str(tmp_path / "pipe"))
    assert said.err == "conekta-mcp: --approvers: expected a regular file\n"
    (tmp_path / "approvers.json.lock").mkdir()
    said = run("approvers", "add", "ana", "--generate", "--approvers", str(tmp_path / "approvers.json"))
    assert (said.code, "cannot be written by this user" in said.err) == (2, True)


def test_a_file_of_another_user_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "approvers.json"
    run("approvers", "add", "ana", "--generate", "--approvers", str(file))
    monkeypatch.setattr("os.geteuid", lambda: 4242)
    said = run("approvers", "list", "--approvers", str(file))
    assert said.err == "conekta-mcp: --approvers: the file belongs to another user; chown it to this one\n"


def test_what_changed_meanwhile_is_not_overwritten(
    run: Run, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("approvers", "add", "ana", "--generate", *place.flags)

    async def fail(*_: object) -> bool:
        return False

    for kind in (StoredApprovers, ApproversFile):
        monkeypatch.setattr(kind, "replace", fail)
    said = run("approvers", "disable", "ana", *place.flags)
    assert (said.code, said.err) == (
        1,
        "conekta-mcp approvers: ana has changed meanwhile; run the command again\n",
    )
    said = run("approvers", "add", "eva", "--generate", *place.flags)
    assert (said.code, said.err) == (1, "conekta-mcp approvers: eva is an approver already\n")


@pytest.mark.anyio
async def test_an_approver_is_replaced_only_where_the_one_that_was_read_stands(tmp_path: Path) -> None:
    file = ApproversFile(str(tmp_path / "approvers.json"))
    store = open_store(str(tmp_path / "safety"), sandbox_state=None, sandbox=False, clock=lambda: 1.0)
    ana = Approver(name="ana", passphrase_hash="x", created_at=1.0)
    other = Approver(name="ana", passphrase_hash="y", created_at=1.0)
    for kept in (file, StoredApprovers(store)):
        assert await kept.replace(None, None)
        assert [await kept.replace(None, ana), await kept.replace(None, other)] == [True, False]
        assert not await kept.replace(other, None)
        assert [await kept.replace(ana, other), await kept.replace(ana, None)] == [True, False]
        assert (await kept.find("ana"), await kept.find("eva")) == (other, None)
    await store.close()


def test_the_list_as_json(run: Run, tmp_path: Path) -> None:
    place = ("--approvers", str(tmp_path / "approvers.json"))
    run("approvers", "add", "ana", "--generate", "--key-of", "0123456789abcdef", *place)
    said = run("approvers", "list", "--json", *place)
    found = json.loads(said.out)
    assert found.pop("created_at") > 0
    assert (said.code, found) == (0, {"name": "ana", "keys": ["0123456789abcdef"], "is_disabled": False})
