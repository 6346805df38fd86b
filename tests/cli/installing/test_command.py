"""conekta-mcp install and uninstall"""

import json
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.accounts.keys.logins import Login, Logins
from conekta_mcp.cli.commands import serve
from conekta_mcp.cli.installing import own_command
from conekta_mcp.cli.installing.clients import CLIENT_NAMES, CLIENTS, Client
from conekta_mcp.cli.installing.edits.formats import get_servers
from conekta_mcp.cli.installing.machine import Machine
from conekta_mcp.cli.installing.own_command import find_own_command
from conekta_mcp.cli.installing.setup import list_places
from conekta_mcp.cli.parser import build_command_parser
from conekta_mcp.settings.limits import list_limits
from conekta_mcp.settings.reading import read_settings
from tests.cli.conftest import Run
from tests.cli.installing.layouts import read_content

KEY = "key_SECRETabc123"
FILES = {"command": "npx", "args": ["-y", "x"], "env": {"TOKEN": "abc"}}
LANGUAGES = {"en": "expected the full path of a folder", "es": "se esperaba la ruta completa de una carpeta"}
OTHER = {"command": "node", "args": ["--no-warnings", "/opt/conekta/index.js"]}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home and the project of whoever runs the command."""
    folder = tmp_path / "home"
    (tmp_path / "project").mkdir()
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
    for name in ("CODEX_HOME", "CLAUDE_CONFIG_DIR", "CLINE_MCP_SETTINGS_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path / "project")
    return folder


@pytest.fixture
def desktop(home: Path) -> Path:
    path = home / ".config" / "Claude" / "claude_desktop_config.json"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The command of an environment."""
    path = tmp_path / "my venv" / "conekta-mcp"
    path.parent.mkdir()
    path.touch(mode=0o755)
    monkeypatch.setattr(sysconfig, "get_path", lambda *_: str(path.parent))
    return str(path)


def log_in(profile: str = "default") -> None:
    """As conekta-mcp login leaves it."""
    base_url = "https://api.conekta.io"
    Logins().save(
        Login(profile=profile, place="keyring", base_url=base_url, fingerprint="ab", mode="test", at=1.0)
    )


def put(path: Path, **servers: Any) -> str:
    text = json.dumps({"mcpServers": servers})
    path.write_text(text)
    return text


def test_a_client_is_set_up_and_what_to_do_next_is_said(run: Run, desktop: Path, script: str) -> None:
    put(desktop, files=FILES)
    said = run("install", "claude-desktop", "--sandbox", "--language", "en")
    (backup,) = desktop.parent.glob("*.bak-*")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"Claude Desktop: added conekta to {desktop}.",
        f'    It starts: "{script}" serve --sandbox --language en',
        f"    What was there is in {backup}",
        "Next: quit Claude Desktop and open it again.",
    ]
    assert read_content("claude-desktop", desktop) == {
        "mcpServers": {
            "files": FILES,
            "conekta": {"command": script, "args": ["serve", "--sandbox", "--language", "en"]},
        }
    }
    again = run("install", "claude-desktop", "--sandbox", "--language", "en")
    assert (again.code, again.out) == (
        0, f"Claude Desktop: conekta is in {desktop} as it should be; nothing was written.\n",
    )  # fmt: skip


def test_it_is_taken_away_again(run: Run, desktop: Path) -> None:
    put(desktop, files=FILES)
    run("install", "claude-desktop", "--sandbox")
    said = run("uninstall", "claude-desktop")
    assert said.code == 0
    assert said.out.startswith(f"Claude Desktop: se quitó conekta de {desktop}.\n")
    assert said.out.endswith("Sigue: cierra Claude Desktop por completo y ábrelo de nuevo.\n")
    assert read_content("claude-desktop", desktop) == {"mcpServers": {"files": FILES}}
    again = run("uninstall", "claude-desktop")
    assert (again.code, again.out) == (
        0, f"Claude Desktop: conekta no está en {desktop}; no se escribió nada.\n",
    )  # fmt: skip


def test_without_a_login_nothing_is_written_and_login_is_named(run: Run, desktop: Path) -> None:
    said = run("install", "claude-desktop", "--language", "en", CONEKTA_API_KEY=KEY)
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f"Claude Desktop: nothing was written to {desktop}: no key is kept for profile default; "
        "run conekta-mcp login first, or add --sandbox.\n"
    )
    assert list(desktop.parent.iterdir()) == []
    other = run("install", "claude-desktop", "--language", "en", "--profile", "store-b")
    assert other.err.endswith(
        "for profile store-b; run conekta-mcp login --profile store-b first, or add --sandbox.\n"
    )
    shown = run("install", "claude-desktop", "--language", "en", "--profile", "store-b", "--print")
    assert shown.err.endswith("The key is not in it: run conekta-mcp login --profile store-b first.\n")


def test_with_a_login_no_key_is_written(run: Run, desktop: Path, script: str) -> None:
    log_in("store-b")
    assert run("install", "claude-desktop", "--profile", "store-b").code == 0
    assert read_content("claude-desktop", desktop) == {
        "mcpServers": {"conekta-store-b": {"command": script, "args": ["serve", "--profile", "store-b"]}}
    }
    said = run("install", "claude-desktop", "--profile", "store-a")
    assert (said.code, "perfil store-a" in said.err) == (1, True)


def test_a_profiles_file_that_says_where_the_key_is_goes_into_the_entry(
    run: Run, desktop: Path, tmp_path: Path
) -> None:
    file = tmp_path / "project" / "profiles.toml"
    file.write_text('[store-b]\nkey_file = "b.key"\n[store-c]\nkey_env = "STORE_KEY"\n')
    words = ("install", "claude-desktop", "--profiles-file", "profiles.toml", "--profile")
    assert run(*words, "store-b").code == 1, "there is no such key file"
    (tmp_path / "project" / "b.key").touch(mode=0o600)
    assert run(*words, "store-c", STORE_KEY=KEY).code == 1, "a desktop has no variables of this shell"
    for _ in range(2):
        assert run(*words, "store-b").code == 0
        assert read_content("claude-desktop", desktop)["mcpServers"]["conekta-store-b"]["args"] == [
            "serve", "--profile", "store-b", "--profiles-file", str(file),
        ]  # fmt: skip
    log_in("store-b")
    assert run("install", "claude-desktop", "--profile", "store-b").code == 0
    entry = read_content("claude-desktop", desktop)["mcpServers"]["conekta-store-b"]
    assert entry["args"] == ["serve", "--profile", "store-b", "--profiles-file", str(file)], "it is kept"


def test_vs_code_asks_for_the_key_itself_until_somebody_logs_in(run: Run, home: Path, script: str) -> None:
    path = home / ".config" / "Code" / "User" / "mcp.json"
    said = run("install", "vscode", "--language", "en")
    assert said.code == 0
    assert "    VS Code asks for the key when it starts the server, and keeps it encrypted.\n" in said.out
    entry = {"type": "stdio", "command": script, "args": ["serve", "--language", "en"]}
    asked = {"id": "conekta-api-key", "type": "promptString", "password": True}
    assert read_content("vscode", path) == {
        "servers": {"conekta": {**entry, "env": {"CONEKTA_API_KEY": "${input:conekta-api-key}"}}},
        "inputs": [{**asked, "description": "Private key of Conekta"}],
    }
    assert "as it should be" in run("install", "vscode", "--language", "en").out
    log_in()
    assert run("install", "vscode", "--language", "en").code == 0
    # The variable would win over the login.
    assert read_content("vscode", path) == {"servers": {"conekta": {**entry, "env": {}}}, "inputs": []}


def test_the_input_of_vs_code_goes_with_its_server_unless_another_one_uses_it(run: Run, home: Path) -> None:
    path = home / ".config" / "Code" / "User" / "mcp.json"
    run("install", "vscode")
    assert run("uninstall", "vscode").code == 0
    assert read_content("vscode", path) == {"servers": {}, "inputs": []}
    run("install", "vscode")
    other = '"other": {"command": "x", "env": {"K": "${input:conekta-api-key}"}},'
    path.write_text(path.read_text().replace('"servers": {', f'"servers": {{{other}'))
    assert run("uninstall", "vscode").code == 0
    left = read_content("vscode", path)
    assert (list(left["servers"]), [one["id"] for one in left["inputs"]]) == (["other"], ["conekta-api-key"])


def test_another_server_of_the_name_is_left_alone(run: Run, desktop: Path) -> None:
    text = put(desktop, conekta=OTHER)
    for command in ("install", "uninstall"):
        said = run(command, "claude-desktop", "--language", "en", CONEKTA_MCP_SANDBOX="1")
        assert (said.code, said.out) == (1, "")
        assert said.err == (
            f"Claude Desktop: nothing was written to {desktop}: it has another server of the name conekta; "
            "rename or remove that one, or use --print.\n"
        )
    assert desktop.read_text() == text


def test_why_a_file_is_left_is_told_in_spanish_too(run: Run, desktop: Path) -> None:
    desktop.parent.mkdir(parents=True, exist_ok=True)
    desktop.write_text('{"mcpServers": {},}')
    said = run("install", "claude-desktop", "--sandbox")
    assert said.err == (
        f"Claude Desktop: no se escribió nada en {desktop}: "
        "no se puede leer (en la línea 1, columna 19, no es JSON).\n"
    )


@pytest.mark.parametrize(
    "there",
    [
        {"command": "conekta-mcp", "args": ["serve", "--max-amount", "500"]},
        {"command": "conekta-mcp", "args": ["--max-amount", "500", "--sandbox"]},
        {"command": "C:\\x\\conekta-mcp.exe", "args": ["serve", "--language=en", "--max-amount", "500"]},
        {"command": "uvx", "args": ["conekta-mcp", "serve", "--profile", "x", "--max-amount", "500"]},
        {"command": "python3", "args": ["-m", "conekta_mcp", "serve", "--max-amount", "500"]},
        {"command": "flatpak-spawn", "args": ["--host", "/x/conekta-mcp", "--max-amount", "500"]},
    ],
)
def test_other_flags_variables_and_fields_of_our_server_are_kept(
    there: dict[str, Any], run: Run, desktop: Path, script: str
) -> None:
    put(desktop, conekta={**there, "env": {"CONEKTA_MCP_PII": "masked"}, "disabled": True})
    assert run("install", "claude-desktop", "--sandbox").code == 0
    assert read_content("claude-desktop", desktop)["mcpServers"]["conekta"] == {
        "command": script,
        "args": ["serve", "--sandbox", "--max-amount", "500"],
        "env": {"CONEKTA_MCP_PII": "masked"},
        "disabled": True,
    }


@pytest.mark.parametrize(
    ("there", "named"),
    [
        ({"args": ["serve"], "env": {"CONEKTA_API_KEY": KEY}}, "CONEKTA_API_KEY"),
        ({"args": ["serve"], "env": {"CONEKTA_MCP_SANDBOX": "1"}}, "CONEKTA_MCP_SANDBOX"),
        ({"args": ["serve"], "env": {"CONEKTA_MCP_PROFILES": "b"}}, "CONEKTA_MCP_PROFILES"),
        ({"args": ["serve", "--state", "x"]}, "--state"),
        ({"args": ["serve", "--base-url=http://127.0.0.1:1"]}, "--base-url"),
        ({"args": ["serve"], "env": ["x"]}, "env"),
    ],
)
def test_what_would_decide_in_place_of_the_new_entry_is_named(
    there: dict[str, Any], named: str, run: Run, desktop: Path
) -> None:
    log_in()
    text = put(desktop, conekta={"command": "conekta-mcp", **there})
    said = run("install", "claude-desktop", "--language", "en")
    assert said.code == 1
    assert said.err == (
        f"Claude Desktop: nothing was written to {desktop}: {named} of conekta decides in place of what "
        "would be written; remove it, or uninstall first.\n"
    )
    assert desktop.read_text() == text


def test_a_key_in_clear_that_is_removed_stays_in_the_copy_and_that_is_said(run: Run, desktop: Path) -> None:
    put(desktop, conekta={"command": "conekta-mcp", "args": [], "env": {"CONEKTA_API_KEY": KEY}})
    said = run("uninstall", "claude-desktop", "--language", "en")
    assert said.code == 0
    assert "The entry held a key in clear, and so does that copy" in said.out
    assert KEY not in said.out + said.err + desktop.read_text()


@pytest.mark.parametrize("args", [["demo"], ["serve", 5], "serve"])
def test_what_starts_something_else_of_ours_is_not_our_server(args: Any, run: Run, desktop: Path) -> None:
    text = put(desktop, conekta={"command": "conekta-mcp", "args": args})
    assert run("install", "claude-desktop", "--sandbox").code == 1
    assert desktop.read_text() == text


def test_all_sets_up_every_client_that_is_there_and_no_other(run: Run, home: Path) -> None:
    for folder in (".cursor", ".codex", ".config/goose", ".config/Code/User", ".claude"):
        (home / folder).mkdir(parents=True)
    (home / ".cursor" / "mcp.json").write_text("{")
    said = run("install", "--all", "--sandbox", "--language", "en", "--json")
    done = {one["client"]: one["done"] for one in map(json.loads, said.out.splitlines())}
    assert (said.code, done) == (
        1,
        {"claude-code": "added", "cursor": "refused", "vscode": "added", "codex": "added", "goose": "added"},
    )
    assert not (home / ".gemini").exists()
    gone = run("uninstall", "--all", "--json")
    done = {one["client"]: one["done"] for one in map(json.loads, gone.out.splitlines())}
    assert set(done.values()) == {"removed", "refused"}


def test_all_without_any_client_is_said(run: Run) -> None:
    said = run("install", "--all", "--sandbox", "--language", "en")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("None of the clients was found on this machine: Claude Desktop, Claude Code, ")


@pytest.mark.parametrize("words", [[], ["cursor", "--all"]])
def test_one_client_or_all_have_to_be_named(words: list[str], run: Run) -> None:
    said = run("install", *words, "--sandbox", "--language", "en")
    assert (said.code, said.err) == (
        2, f"conekta-mcp: expected one client, or --all: {', '.join(CLIENT_NAMES)}\n",
    )  # fmt: skip


def test_a_misspelt_client_is_answered_with_the_right_name(run: Run) -> None:
    said = run("install", "claude-desktp")
    assert (said.code, "did you mean claude-desktop?" in said.err) == (2, True)


def test_for_a_project_the_file_is_in_its_folder(run: Run, tmp_path: Path, home: Path) -> None:
    assert run("install", "vscode", "--scope", "project", "--sandbox").code == 0
    content = read_content("vscode", tmp_path / "project" / ".vscode" / "mcp.json")
    assert list(content["servers"]) == ["conekta"]
    said = run("install", "windsurf", "--scope", "project", "--sandbox", "--language", "en")
    assert (said.code, said.err) == (
        1, "Windsurf: it has no file of its own in a project; leave out --scope project.\n",
    )  # fmt: skip
    (home / ".cursor").mkdir()
    (home / ".codeium" / "windsurf").mkdir(parents=True)
    assert run("install", "--all", "--scope", "project", "--sandbox").code == 0
    assert (tmp_path / "project" / ".cursor" / "mcp.json").exists()


def test_limits_go_into_the_file_and_each_replaces_its_own(run: Run, desktop: Path) -> None:
    limits = ["--max-amount", "5,000.50", "--max-daily-refunds=2000", "--max-daily-refund-calls", "3"]
    assert run("install", "claude-desktop", "--sandbox", *limits).code == 0
    assert read_args(desktop) == [
        "serve", "--sandbox", "--max-amount", "5000.50", "--max-daily-refunds", "2000",
        "--max-daily-refund-calls", "3",
    ]  # fmt: skip
    more = {"CONEKTA_MCP_MAX_RECURRING": "700"}
    assert run("install", "claude-desktop", "--sandbox", "--max-amount", "100", **more).code == 0
    assert read_args(desktop) == [
        "serve", "--sandbox", "--max-amount", "100", "--max-recurring", "700", "--max-daily-refunds", "2000",
        "--max-daily-refund-calls", "3",
    ]  # fmt: skip
    # What was given before stays, and is what the server starts with.
    assert run("install", "claude-desktop", "--sandbox").code == 0
    assert read_settings(read_flags(read_args(desktop))).max_amount == 10_000


def test_a_wrong_limit_writes_nothing(run: Run, desktop: Path) -> None:
    said = run("install", "claude-desktop", "--sandbox", "--max-amount", "much")
    assert (said.code, said.out, "--max-amount" in said.err) == (2, "", True)
    assert list(desktop.parent.iterdir()) == []


@pytest.mark.parametrize("name", list_limits())
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_every_limit_is_read_from_every_clients_file_as_it_was_given(
    client: Client, name: str, run: Run
) -> None:
    flag = f"--{name.replace('_', '-')}"
    assert run("install", client.name, "--sandbox", flag, "1234").code == 0
    place = next(iter(list_places(client, Machine.from_process(), "user")))
    entry = get_servers(client, read_content(client, place.file))["conekta"]
    assert getattr(read_settings(read_flags(entry["args"])), name) == (
        1234 if name.endswith("_calls") else 123_400
    )


def read_args(path: Path) -> list[str]:
    found: list[str] = read_content("claude-desktop", path)["mcpServers"]["conekta"]["args"]
    return found


def read_flags(args: list[str]) -> dict[str, Any]:
    """The flags of a server, as its own parser reads them."""
    return {**vars(build_command_parser("serve", serve, for_help=False).parse_args(args[1:]))}


@pytest.mark.parametrize("flag", ["--dry-run", "--print"])
def test_nothing_is_written_where_that_is_asked_for(flag: str, run: Run, desktop: Path) -> None:
    text = put(desktop, files=FILES)
    said = run("install", "claude-desktop", "--sandbox", "--language", "en", flag)
    assert said.code == 0
    assert (desktop.read_text(), list(desktop.parent.iterdir())) == (text, [desktop])
    if flag == "--dry-run":
        assert said.out.startswith(f"Claude Desktop: would add conekta to {desktop}.\n    It starts: ")
        return
    assert said.err == f"Claude Desktop reads {desktop}:\n"
    assert json.loads(said.out)["mcpServers"]["conekta"]["args"] == ["serve", "--sandbox", "--language", "en"]


def test_what_is_printed_for_every_client_names_login_where_it_is_needed(run: Run) -> None:
    said = run("install", "--all", "--print", "--language", "en")
    assert (said.code, said.out.count("[mcp_servers.conekta]"), said.out.count("promptString")) == (0, 1, 1)
    assert said.err.endswith("The key is not in it: run conekta-mcp login first.\n")
    project = run("install", "windsurf", "--print", "--scope", "project", "--sandbox", "--language", "en")
    assert (project.code, project.out) == (1, "")
    assert project.err.startswith("Windsurf: it has no file of its own in a project")


def test_what_is_printed_comes_as_json_too(run: Run, desktop: Path) -> None:
    said = run("install", "claude-desktop", "--print", "--json", "--sandbox")
    told = json.loads(said.out)
    assert (said.code, said.err, told["client"], told["files"]) == (0, "", "claude-desktop", [str(desktop)])
    assert json.loads(told["text"])["mcpServers"]["conekta"]["args"] == ["serve", "--sandbox"]
    every = [json.loads(line) for line in run("install", "--all", "--print", "--json").out.splitlines()]
    assert [one["client"] for one in every] == [client.name for client in CLIENTS]


def test_a_client_that_is_not_there_is_said(run: Run, home: Path) -> None:
    said = run("install", "zed", "--sandbox", "--language", "en")
    assert said.code == 0
    assert "    Zed was not found on this machine; it reads this file once it is installed.\n" in said.out
    assert (home / ".config" / "zed" / "settings.json").exists()


def test_the_command_is_that_of_the_environment_else_its_python(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_own_command() == (script,)
    monkeypatch.setattr(sysconfig, "get_path", lambda *_: str(tmp_path / "none"))
    monkeypatch.setattr(own_command.sys, "executable", "/opt/python")
    assert find_own_command() == ("/opt/python", "-m", "conekta_mcp")


def test_an_environment_that_uvx_will_remove_is_not_written_anywhere(
    run: Run, desktop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_command.sys, "prefix", "/home/ana/.cache/uv/archive-v0/x1")
    said = run("install", "claude-desktop", "--sandbox")
    assert (said.code, list(desktop.parent.iterdir())) == (2, [])
    assert said.err.startswith("conekta-mcp: this runs in a temporary environment of uvx; install ")


@pytest.mark.parametrize("words", ["install cursor --sandbox", "uninstall cursor", "login", "whoami"])
@pytest.mark.parametrize("variable", ["HOME", "XDG_CONFIG_HOME"])
def test_a_folder_that_is_not_told_in_full_is_refused_and_nothing_is_written(
    words: str, variable: str, run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty HOME was the root of the disk: the file of Cursor was /.cursor/mcp.json."""
    if variable == "HOME":
        monkeypatch.delenv("XDG_CONFIG_HOME")
    given = {"HOME": "", "XDG_CONFIG_HOME": "~/.config"}[variable]
    words = words if variable == "HOME" else words.replace("cursor", "zed")
    for language, told in LANGUAGES.items():
        said = run(*words.split(), "--language", language, stdin=f"{KEY}\n", **{variable: given})
        assert (said.code, said.err) == (2, f"conekta-mcp: {variable}: {told}\n")
    assert list(tmp_path.rglob("*")) == [tmp_path / "project", home]


@pytest.mark.parametrize(
    ("client", "variable"),
    [("codex", "CODEX_HOME"), ("claude-code", "CLAUDE_CONFIG_DIR"), ("cline", "CLINE_MCP_SETTINGS_PATH")],
)
def test_a_client_s_folder_that_is_relative_is_refused(
    client: str, variable: str, run: Run, tmp_path: Path
) -> None:
    said = run("install", client, "--sandbox", "--language", "en", **{variable: "~/place"})
    assert (said.code, said.err) == (2, f"conekta-mcp: {variable}: {LANGUAGES['en']}\n")
    assert not list((tmp_path / "project").iterdir())
