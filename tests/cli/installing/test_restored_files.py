"""uninstall leaves a file as it was before install, to the byte"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.cli.installing.clients import find_client
from conekta_mcp.cli.installing.edits.formats import remove_server, set_server
from conekta_mcp.cli.installing.places import Place
from conekta_mcp.cli.installing.setup import install, uninstall
from tests.cli.installing.layouts import make_spec

SANDBOX = make_spec()
LIVE = replace(SANDBOX, sandbox=False, login_address="https://api.conekta.io")
ASKING = replace(SANDBOX, sandbox=False, asks_key=True)
FILES: dict[str, dict[str, str]] = {
    "claude-desktop": {
        "one line without servers": '{"theme":"dark"}',
        "an empty map": '{"mcpServers": {}}',
        "an empty object": "{}",
        "half an emoji": '{"x":"\\ud83d", "mcpServers":{}}',
    },
    "vscode": {
        "only a comment": "// nothing yet",
        "a comment in an empty map": '{"servers": { /* none yet */ }}',
        "commas at the end": '{"servers":{"o":{"command":"x",},},}',
    },
    "codex": {
        "a last line without an end": '[mcp_servers.o]\ncommand = "x" # c',
        "what looks like a header in a text": 's = """\n[mcp_servers.conekta]\n"""\n',
    },
    "goose": {
        "empty": "",
        "without extensions": "GOOSE_PROVIDER: x\n",
        "extensions without a value": "extensions:\nb: 2\n",
        "a last line without an end": "extensions:\n  o:\n    cmd: x",
    },
}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, files in FILES.items() for text in files.values()]
)
def test_a_file_is_as_before_after_install_and_uninstall(
    tmp_path: Path, name: str, text: str, mark: bytes
) -> None:
    path = tmp_path / "settings"
    before = mark + text.encode()
    path.write_bytes(before)
    client, place = find_client(name), Place(path, path)
    assert install(client, SANDBOX, place, now=1.0).done == "added"
    assert path.read_bytes() != before
    assert uninstall(client, SANDBOX, place, now=2.0).done == "removed"
    assert path.read_bytes() == before


def test_an_entry_that_was_updated_goes_without_a_trace_too(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text('{"mcpServers": {}}')
    client, place = find_client("claude-desktop"), Place(path, path)
    install(client, SANDBOX, place, now=1.0)
    assert install(client, LIVE, place, now=2.0).done == "updated"
    uninstall(client, LIVE, place, now=3.0)
    assert path.read_text() == '{"mcpServers": {}}'


def test_an_input_for_the_key_goes_too(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text('{"inputs": [], "servers": {}}')
    client, place = find_client("vscode"), Place(path, path)
    assert install(client, ASKING, place, now=1.0).done == "added"
    assert '"promptString"' in path.read_text()
    uninstall(client, ASKING, place, now=2.0)
    assert path.read_text() == '{"inputs": [], "servers": {}}'


def test_what_was_changed_since_install_is_not_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    path.write_text('{"mcpServers": {}}')
    client, place = find_client("claude-desktop"), Place(path, path)
    install(client, SANDBOX, place, now=1.0)
    path.write_text(path.read_text().replace("{", '{"theme": "dark", ', 1))
    uninstall(client, SANDBOX, place, now=2.0)
    assert path.read_text().startswith('{"theme": "dark", "mcpServers": {')


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_a_text_of_several_lines_is_no_table_of_toml(quotes: str) -> None:
    entry: dict[str, Any] = {"command": "x", "args": ["serve"]}
    text = f'# it\'s """ mine\na = "#"\ns = {quotes}\n[mcp_servers.conekta]\nmcp_servers = 1\n{quotes}\n'
    new = set_server(find_client("codex"), text, "conekta", entry)
    assert new.startswith(text)
    assert remove_server(find_client("codex"), new, "conekta") == text
