"""Files as people have them: one server is added and removed, and every other byte stays."""

import sys
from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.cli.installing import setup
from conekta_mcp.cli.installing.clients import find_client
from conekta_mcp.cli.installing.edits.json_edits import JsonText
from conekta_mcp.cli.installing.places import Place
from conekta_mcp.cli.installing.setup import Change, install, uninstall
from tests.cli.installing.layouts import COMMAND, NOW, STAMP, make_spec, read_content

DESKTOP = """{
  "globalShortcut": "",
  "mcpServers": {
    "files": {"command": "npx", "args": ["-y", "x"]}
  }
}
"""
ZED = """// Zed's settings
{
    // "theme": "old",
    "theme": "One Dark", /* now */
    "context_servers": {
        "files": {
            "command": "npx", // full path?
            "args": ["-y", "x"],
        },
        // the last one
    },
    "vim_mode": true,
}
"""
CODEX = """# my settings
model = "o4"   # the model

[mcp_servers.files]
command = "npx"
args = ["-y", "x"]   # pinned later

[mcp_servers.files.env]
TOKEN = "abc"

[profiles.fast]
model = "o4-mini"
"""
GOOSE = """# goose
GOOSE_PROVIDER: "anthropic"
extensions:
  developer:
    enabled: true
    # built in
    type: builtin
    timeout:   300
  notes:
    instructions: |
      Keep two
      lines.
GOOSE_MODEL: x # the model
"""
CODE = """{
\t"inputs": [
\t\t{ "id": "token", "type": "promptString" }
\t],
\t"servers": {
\t\t"files": { "command": "npx" }
\t}
}
""".replace("\n", "\r\n")
GOOD = {
    "claude-desktop": DESKTOP,
    "windsurf": DESKTOP.replace("\n", "\r\n"),
    "claude-code": "\ufeff" + DESKTOP,
    "cursor": DESKTOP.replace("\n", ""),
    "zed": ZED,
    "gemini": ZED.replace("context_servers", "mcpServers").replace("\n", "\r\n"),
    "codex": CODEX,
    "goose": GOOSE,
    "vscode": CODE,
}
UNSAFE = "it is written in a way in which nothing can be added or removed safely"
WINDOWS = {"codex": CODEX.replace("\n", "\r\n"), "goose": GOOSE.replace("\n", "\r\n")}


def set_up(name: str, path: Path, text: str | bytes | None = None, **spec: Any) -> Change:
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return install(find_client(name), make_spec(**spec), Place(path, path), now=NOW)


def take_down(name: str, path: Path, **spec: Any) -> Change:
    return uninstall(find_client(name), make_spec(**spec), Place(path, path), now=NOW)


@pytest.mark.parametrize(("name", "text"), [*GOOD.items(), *WINDOWS.items()])
def test_a_server_comes_and_goes_and_the_file_is_as_before(name: str, text: str, tmp_path: Path) -> None:
    path, client = tmp_path / "config", find_client(name)
    change = set_up(name, path, text)
    assert change.done == "added", change
    content = read_content(name, path)
    entry = content[client.servers].pop("conekta")
    assert (entry[client.command], entry["args"]) == (COMMAND, ["serve", "--sandbox"])
    new = path.read_bytes()
    path.write_bytes(text.encode())
    assert read_content(name, path) == content, "what else the file says"
    path.write_bytes(new)
    assert new.count(b"\n") - new.count(b"\r\n") in {0, new.count(b"\n")}, "one kind of line ends"
    kept = {line.rstrip(b",") for line in new.splitlines()}
    if text.count("\n") > 1:
        assert [line for line in text.encode().splitlines() if line.rstrip(b",") not in kept] == []
    assert take_down(name, path).done == "removed"
    assert path.read_bytes() == text.encode()


def test_a_jsonc_file_with_comments_looks_as_a_person_would_have_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    set_up("zed", path, ZED)
    assert path.read_text() == ZED.replace(
        "        // the last one\n",
        "        // the last one\n"
        '        "conekta": {\n            "source": "custom",\n'
        f'            "command": "{COMMAND}",\n'
        '            "args": [\n                "serve",\n                "--sandbox"\n            ],\n'
        '            "env": {}\n        },\n',
    )


def test_a_toml_file_gets_a_table_at_its_end_and_keeps_every_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    set_up("codex", path, CODEX)
    entry = f'\n[mcp_servers.conekta]\ncommand = "{COMMAND}"\nargs = ["serve", "--sandbox"]\n'
    assert path.read_text() == CODEX + entry
    # A person goes on below it, and adds to our table.
    more = 'startup_timeout_sec = 30 # slow\n\n[mcp_servers.conekta.env]\nCONEKTA_MCP_PII = "masked"\n'
    rest = "\n# what is fast\n[profiles.faster]\nmodel = 'o9'\n"
    path.write_text(CODEX + entry + more + rest)
    assert set_up("codex", path, language="en").done == "updated"
    changed = entry.replace('"--sandbox"]', '"--sandbox", "--language", "en"]')
    assert path.read_text() == CODEX + changed + more + rest
    assert take_down("codex", path).done == "removed"
    assert path.read_text() == CODEX + rest


def test_a_yaml_file_keeps_its_comments_and_spacing(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    set_up("goose", path, GOOSE)
    start, end = GOOSE.split("extensions:\n")
    text = path.read_text()
    assert text.startswith(f"{start}extensions:\n  conekta:\n    enabled: true\n")
    assert text.endswith(end)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("goose", "extensions: {}\nGOOSE_MODEL: x\n"),
        ("goose", "extensions:\nGOOSE_MODEL: x\n"),
        ("goose", "GOOSE_MODEL: x"),
        ("goose", ""),
        ("goose", "# nothing yet\n"),
        ("codex", ""),
        ("codex", 'model = "o4"'),
        ("codex", "mcp_servers = { files = { command = \"npx\" } }\n"),
        ("codex", 'mcp_servers.files.command = "npx"\nmodel = "o4"\n'),
        ("claude-desktop", ""),
        ("claude-desktop", "{}"),
        ("vscode", '{"servers": {}}'),
    ],
)  # fmt: skip
def test_a_file_without_servers_gets_one(name: str, text: str, tmp_path: Path) -> None:
    path, client = tmp_path / "config", find_client(name)
    path.write_text(text)
    before = (read_content(name, path) if text.strip() else {}) or {}
    assert set_up(name, path).done == "added"
    content = read_content(name, path)
    assert content[client.servers].pop("conekta")["args"] == ["serve", "--sandbox"]
    assert content == {**before, client.servers: before.get(client.servers) or {}}
    assert take_down(name, path).done == "removed"
    left = read_content(name, path) or {}
    assert (left.get(client.servers) or {}) == (before.get(client.servers) or {})


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("claude-desktop", '{"mcpServers": {"a": key_SECRET}}', "line 1, column 22 is not JSON"),
        ("claude-desktop", '{"mcpServers": {}, // mine\n}', "line 1, column 20 is not JSON"),
        ("claude-desktop", "[1]", "it is no object"),
        ("claude-desktop", '{"mcpServers": [1]}', "mcpServers is no map of servers"),
        ("claude-desktop", "\xff\xfe{\x00}\x00".encode("latin-1"), "it is not in UTF-8"),
        ("codex", 'a = "key_SECRET\n', "line 1 is not TOML"),
        ("codex", "mcp_servers = 1\n", "mcp_servers is no map of servers"),
        ("goose", "a: [key_SECRET\n", "line 2 is not YAML"),
        ("goose", "- 1\n", "it is no map"),
        ("goose", "extensions: {a: {cmd: x}}\n", "extensions is written in one line"),
        ("goose", "a: 1\n---\nb: 2\n", "line 2 is not YAML"),
        ("vscode", '{"inputs": 1, "servers": {}}', "inputs is no list"),
    ],
)
def test_what_cannot_be_edited_safely_is_left_and_not_quoted(
    name: str, text: str | bytes, why: str, tmp_path: Path
) -> None:
    path = tmp_path / "config"
    change = set_up(name, path, text, sandbox=name != "vscode", asks_key=name == "vscode")
    assert (change.done, change.facts) == ("refused", {"problem": why})
    assert path.read_bytes() == (text if isinstance(text, bytes) else text.encode())
    assert [one.name for one in tmp_path.iterdir()] == ["config"]


def test_what_is_no_file_is_left(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    change = set_up("claude-desktop", tmp_path / "folder")
    assert (change.done, change.facts) == ("refused", {"problem": "it is no regular file"})
    assert take_down("claude-desktop", tmp_path / "folder").done == "refused"


@pytest.mark.skipif(sys.platform == "win32", reason="a file has no mode there")
def test_a_file_that_is_read_only_is_left_with_and_without_dry_run(tmp_path: Path) -> None:
    path, client = tmp_path / "config", find_client("cursor")
    set_up("cursor", path, "{}\n")
    there = path.read_bytes()
    path.chmod(0o444)
    for dry in (True, False):
        change = install(client, make_spec(language="en"), Place(path, path), now=NOW, dry=dry)
        assert (change.done, change.reason, change.facts) == (
            "refused", "cannot_edit", {"problem": "it is read-only"},
        )  # fmt: skip
        assert uninstall(client, make_spec(), Place(path, path), now=NOW, dry=dry).done == "refused"
    assert set_up("cursor", path).done == "unchanged"
    assert path.read_bytes() == there


def test_a_copy_of_the_file_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(DESKTOP)
    path.chmod(0o644)
    change = set_up("claude-desktop", path)
    again = take_down("claude-desktop", path)
    assert (change.backup, again.backup) == (
        tmp_path / f"config.bak-{STAMP}",
        tmp_path / f"config.bak-{STAMP}-2",
    )
    assert change.backup is not None
    assert (change.backup.read_text(), change.backup.stat().st_mode & 0o777) == (DESKTOP, 0o600)
    assert path.stat().st_mode & 0o777 == 0o644, "the file's own mode is kept"
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "config",
        f"config.bak-{STAMP}",
        f"config.bak-{STAMP}-2",
    ]


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target, link = tmp_path / "dotfiles" / "mcp.json", tmp_path / "mcp.json"
    target.write_text(DESKTOP)
    link.symlink_to(target)
    change = set_up("claude-desktop", link)
    assert link.is_symlink()
    assert "conekta" in target.read_text()
    assert change.backup == tmp_path / "dotfiles" / f"mcp.json.bak-{STAMP}"


def test_what_another_program_wrote_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config"
    edit = setup.set_server

    def write_meanwhile(*given: Any) -> str:
        path.write_text('{"theirs": 1}')
        return edit(*given)

    monkeypatch.setattr(setup, "set_server", write_meanwhile)
    change = set_up("claude-desktop", path, DESKTOP)
    assert (change.done, change.facts) == (
        "refused",
        {"problem": "another program wrote it meanwhile; try again"},
    )
    assert path.read_text() == '{"theirs": 1}'


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    change = set_up("claude-desktop", tmp_path / "file" / "config")
    assert (change.done, change.facts) == ("refused", {"problem": "Not a directory"})


@pytest.mark.parametrize("broken", ['{"mcpServers": {"conekta": 1}}', "{"])
def test_an_edit_that_would_change_something_else_is_not_written(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config"
    monkeypatch.setattr(JsonText, "set_value", lambda *_: broken)
    change = set_up("claude-desktop", path, DESKTOP)
    assert (change.done, change.facts, path.read_text()) == ("refused", {"problem": UNSAFE}, DESKTOP)
