"""TOML and YAML in any order: a server is added and removed, and every other line stays."""

import tomllib

import yaml
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.cli.installing.edits.toml_edits import remove_toml_entry, set_toml_entry
from conekta_mcp.cli.installing.edits.yaml_edits import remove_yaml_entry, set_yaml_entry
from tests.depth import tries

ENTRY = {"command": "C:\\x\\conekta-mcp.exe", "args": ["serve", "--profile", 'é"x'], "timeout": 300}
ROOT_LINES = [
    "# mine\n",
    "\n",
    'model = "o4"  # ñ\n',
    "list = [\n  1, # one\n  2,\n]\n",
    "day = 2026-11-28\n",
]
TABLES = [
    "# about files\n[mcp_servers.files]\ncommand = 'npx'\n",
    '[mcp_servers."with dot.s"]\nurl = "https://x"\n\n',
    "[mcp_servers.notes.env]\nTOKEN = 'a'\n# end\n",
    '\n# fast\n[profiles.fast]\ntext = """\n[mcp_servers.other]\n"""\n',
    "[[hooks]]\nname = 'a'\n[[hooks]]\nname = 'b'\n",
]
PARTS = [
    "# mine\n",
    "\n",
    "GOOSE_MODEL: x # ñ\n",
    "text: |\n  extensions:\n    a: 1\n\n",
    "list:\n- 1\n-   two: {a: [1, 2]}\n",
    "folded: >-\n  one\n  two\n",
    "empty:\n",
]
SERVERS = [
    "{i}developer:\n{i}  enabled: true\n{i}  # built in\n",
    "{i}# what it is for\n{i}notes: {{cmd: x, args: [a, b]}} # ok\n",
    '{i}"quoted name":\n{i}  args:\n{i}  - a\n{i}  - |\n{i}    b\n',
    "\n",
]


@given(
    root=st.lists(st.sampled_from(ROOT_LINES), unique=True),
    tables=st.lists(st.sampled_from(TABLES), unique=True),
    newline=st.sampled_from(["\n", "\r\n"]),
)
@tries(100)
def test_a_table_of_toml_comes_and_goes(root: list[str], tables: list[str], newline: str) -> None:
    text = "".join([*root, *tables]).replace("\n", newline)
    before = tomllib.loads(text)
    new = set_toml_entry(text, "mcp_servers", "conekta", ENTRY)
    expected = {**before, "mcp_servers": {**before.get("mcp_servers", {}), "conekta": ENTRY}}
    assert tomllib.loads(new) == expected
    assert new.startswith(text)
    changed = set_toml_entry(new, "mcp_servers", "conekta", {**ENTRY, "args": []})
    assert tomllib.loads(changed)["mcp_servers"]["conekta"] == {**ENTRY, "args": []}
    assert changed.startswith(text)
    assert remove_toml_entry(new, "mcp_servers", "conekta") == text


@given(
    parts=st.lists(st.sampled_from(PARTS), unique=True),
    servers=st.lists(st.sampled_from(SERVERS), unique=True),
    place=st.integers(0, 7),
    indent=st.sampled_from(["  ", "    "]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
@tries(100)
def test_a_server_of_yaml_comes_and_goes(
    parts: list[str], servers: list[str], place: int, indent: str, newline: str
) -> None:
    block = "extensions: # all\n" + "".join(one.format(i=indent) for one in servers)
    text = "".join([*parts[:place], block, *parts[place:]]).replace("\n", newline)
    before = yaml.safe_load(text)
    new = set_yaml_entry(text, "extensions", "conekta", ENTRY)
    expected = {**before, "extensions": {**(before["extensions"] or {}), "conekta": ENTRY}}
    assert yaml.safe_load(new) == expected
    rest = iter(new.splitlines(keepends=True))
    assert all(line in rest for line in text.splitlines(keepends=True)), "every line, in order"
    again = set_yaml_entry(new, "extensions", "conekta", {**ENTRY, "args": []})
    assert yaml.safe_load(again)["extensions"]["conekta"] == {**ENTRY, "args": []}
    left = remove_yaml_entry(new, "extensions", "conekta")
    if before["extensions"]:
        assert left == text
    else:
        assert yaml.safe_load(left) == {**before, "extensions": {}}
