"""What a start prints, at a terminal and before it serves."""

import gc
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conekta_mcp.app import App
from conekta_mcp.cli.starting import start_checks
from conekta_mcp.sandbox.running import RunningSandbox
from conekta_mcp.settings import Settings
from tests.cli.conftest import Run
from tests.cli.terminals import at_terminal
from tests.journeys.processes import COMMAND, child_environment, finished


@pytest.mark.system
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "an MCP server for Conekta. With it an AI agent bills"), ("es", "servidor MCP para Conekta.")],
)
def test_an_empty_terminal_is_greeted(language: str, said: str) -> None:
    with at_terminal(CONEKTA_LANGUAGE=language) as person:
        assert person.end() == 0
        assert said in person.screen
        todo = [f"conekta-mcp {one}" for one in ("tour", "install claude-desktop --sandbox", "login")]
        places = [person.screen.index(one) for one in todo]
        assert places == sorted(places)
        assert max(map(len, person.screen.splitlines())) <= 80


@pytest.mark.system
def test_a_server_at_a_terminal_says_what_it_waits_for() -> None:
    with at_terminal("serve", "--sandbox", CONEKTA_LANGUAGE="en") as person:
        person.read_until("waits for JSON messages from this terminal; Ctrl+D ends it")
        person.type("\x04")
        assert person.end() == 0


@pytest.mark.system
@pytest.mark.parametrize("words", [("tools", "--all"), ("tools", "--all", "--json"), ("completion", "zsh")])
def test_a_reader_that_leaves_early_is_no_error(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [*COMMAND, *words], stdout=writing, stderr=subprocess.PIPE, env=child_environment()
    )
    os.close(writing)
    os.close(reading)
    _, told = process.communicate(timeout=180)
    assert (process.returncode, told) == (141, b"")


@pytest.mark.system
@pytest.mark.parametrize(
    ("output", "told"), [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")]
)
@pytest.mark.parametrize("words", ["tools --all", "--help", "policy show", "tour --unattended"])
def test_an_output_that_cannot_be_written_ends_it_with_a_line(words: str, output: str, told: str) -> None:
    ended = run_in_shell(words, output)
    assert (ended.returncode, ended.stderr.count("\n"), ended.stderr.count(told)) == (1, 1, 1)


@pytest.mark.system
def test_without_stdin_and_stderr_it_answers_all_the_same() -> None:
    ended = run_in_shell("call list_orders - --sandbox --language en", "<&- 2>&-")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert json.loads(run_in_shell("call list_orders --sandbox", "<&- 2>&-").stdout)["rows"] == []


def run_in_shell(words: str, streams: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with streams that the shell redirects or closes."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {words} {streams}', "sh", *COMMAND],
        capture_output=True, text=True, timeout=180, check=False, env=child_environment(),
    )  # fmt: skip


def test_an_interrupt_is_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("conekta_mcp.cli.commands.tools.main", interrupted)
    ended = run("tools")
    assert (ended.code, ended.err) == (130, "")


def test_a_file_that_cannot_be_opened_is_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/srv/audit.jsonl")

    monkeypatch.setattr("conekta_mcp.cli.commands.tools.main", refused)
    ended = run("tools")
    assert (ended.code, ended.err) == (1, "conekta-mcp: /srv/audit.jsonl: Permission denied\n")


@pytest.mark.parametrize("command", ["serve", "call list_customers"])
def test_a_state_without_the_sandbox_is_refused(command: str, run: Run, tmp_path: Path) -> None:
    ended = run(*command.split(), "--state", str(tmp_path / "shop"), CONEKTA_API_KEY="key_a")
    told = "it keeps the sandbox's data; add --sandbox, or leave it out to act for a real account"
    assert (ended.code, ended.out, ended.err) == (2, "", f"conekta-mcp: --state: {told}\n")


def test_a_store_that_is_not_ours_or_cannot_be_written_stops_the_start(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database, but a text that is long enough to be one" * 50)
    ended = run("serve", "--sandbox", "--store", str(tmp_path / "notes.txt"))
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith(f"conekta-mcp: --store: {tmp_path / 'notes.txt'}: ")
    ended = run("serve", "--sandbox", "--store", "/proc/store")
    assert (ended.code, ended.err.startswith("conekta-mcp: --store: /proc/store: it cannot be ")) == (2, True)


@pytest.mark.parametrize("command", ["serve --sandbox", "call list_customers --sandbox"])
def test_an_audit_file_that_cannot_be_written_stops_the_start(command: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    file.touch()
    file.chmod(0o666)
    told = "it cannot be written (audit.jsonl is open to other users; chmod 600 it)"
    ended = run(*command.split(), "--audit", str(file))
    assert (ended.code, ended.out, ended.err) == (2, "", f"conekta-mcp: --audit: {file}: {told}\n")


@pytest.mark.parametrize("command", ["serve --sandbox", "call list_customers --sandbox"])
def test_somebody_elses_file_is_no_audit_file(command: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Hola\n")
    file.chmod(0o600)
    told = "it is no audit log; name one that conekta-mcp made, or a new file"
    ended = run(*command.split(), "--audit", str(file))
    assert (ended.code, ended.out, ended.err) == (2, "", f"conekta-mcp: --audit: {file}: {told}\n")
    assert file.read_text() == "Hola\n"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"sandbox": True}, []),
        ({"port": 9, "allowed_hosts": ("x",)}, ["--port, --allowed-host: not used over stdio"]),
        ({"sandbox": True, "proxy": "http://localhost:1"}, ["--proxy: not used with --sandbox"]),
        (
            {"api_key": "key_a", "profiles": ("b",)},
            ["CONEKTA_API_KEY: not used with these --profile: none is default"],
        ),
        ({"api_key": "key_a", "profiles": ("b", "default")}, []),
        (
            {"read_only": True, "tools": ("list_orders", "create_customer")},
            ["--tools create_customer: not used with --read-only"],
        ),
        (
            {"read_only": True, "toolsets": ("customers", "refunds"), "tools": ("create_order",)},
            [
                "--tools create_order: not used with --read-only",
                "--toolsets refunds: not used with --read-only",
            ],
        ),
        (
            {"exclude": ("create_order", "refunds"), "tools": ("create_order", "refund_order", "get_order")},
            [
                "--tools create_order: not used with this --exclude",
                "--tools refund_order: not used with this --exclude",
            ],
        ),
        ({"exclude": ("create_order",), "toolsets": ("orders",), "read_only": True}, []),
        (
            {"api_key": "key_a", "transport": ("sse",), "host": "10.0.0.1"},
            ["CONEKTA_API_KEY: not used beyond this machine: each request brings its key"],
        ),
    ],
)
def test_settings_that_are_not_used_are_named(settings: dict[str, object], told: list[str]) -> None:
    assert list(start_checks.list_ignored(Settings(language="en", **settings))) == told  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def unfrozen_collector() -> Iterator[None]:
    """Serving freezes what was imported; here that process goes on."""
    import gc

    yield
    gc.unfreeze()


@pytest.mark.system
def test_settings_that_are_not_used_are_named_at_the_start() -> None:
    ended = finished("serve", "--sandbox", "--port", "9", "--language", "es")
    assert (ended.returncode, ended.stderr) == (0, "conekta-mcp: --port: no se usa por stdio\n")


UNUSABLE = {
    "en": (
        "The store's file cannot be opened or created: let the user who runs this read and write it, and its "
        "folder. conekta-mcp doctor names it. Until then every write is refused and not sent."
    ),
    "es": (
        "No se puede abrir ni crear el archivo del almacén: deja que lo lea y escriba el usuario que corre "
        "esto, y también su carpeta. conekta-mcp doctor lo nombra. Hasta entonces se rechaza cada escritura "
        "y no se envía."
    ),
}
NO_HOME = (
    "HOME or XDG_STATE_HOME is not the full path of a folder, so the store has no place: correct it, or name "
    "a store with --store."
)
ANA = '{"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}'


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[App]]:
    """The servers that were started over stdio, which end at once."""
    apps: list[App] = []

    async def serve(app: App) -> None:
        apps.append(app)

    monkeypatch.setattr(App, "serve_stdio", serve)
    yield apps
    gc.unfreeze()


@pytest.mark.parametrize("language", UNUSABLE)
def test_a_default_store_that_cannot_be_opened_is_told_at_the_start(
    language: str, run: Run, served: list[App], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    given = {"XDG_STATE_HOME": str(tmp_path / "file"), "CONEKTA_API_KEY": "key_a"}
    place = tmp_path / "file" / "conekta-mcp" / "safety.sqlite3"
    said = run("serve", "--language", language, **given)
    assert (said.code, said.err) == (0, f"conekta-mcp: --store {place}: {UNUSABLE[language]}\n")
    assert run("serve", "--sandbox", **given).err.count("--store") == 0
    assert run("serve", **{**given, "XDG_STATE_HOME": str(tmp_path / "new")}).err == ""
    assert not (tmp_path / "new").exists()
    assert len(served) == 3


@pytest.mark.parametrize(
    ("given", "told"),
    [({"XDG_STATE_HOME": "FILE"}, UNUSABLE["en"]), ({"HOME": "", "XDG_STATE_HOME": ""}, NO_HOME)],
    ids=["a file", "no home"],
)
def test_without_a_store_a_write_is_refused_and_not_sent(
    given: dict[str, str], told: str, run: Run, conekta: RunningSandbox, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    given = {name: text.replace("FILE", str(tmp_path / "file")) for name, text in given.items()}
    known = {"CONEKTA_API_KEY": "key_a", "CONEKTA_BASE_URL": conekta.url, "CONEKTA_LANGUAGE": "en"}
    said = run("call", "create_customer", ANA, **known, **given)
    assert said.code == 1
    error = json.loads(said.out)["error"]
    assert (error["message"], error["outcome"]) == (told.partition(" Until")[0], "not_applied")
    listed = run("call", "list_customers", **known)
    assert json.loads(listed.out)["rows"] == []
