"""How the blocks of a page are parsed, and how their output is compared."""

import socket
import time
from pathlib import Path

import pytest

from tests.docs import running
from tests.docs.blocks import Block, find_blocks, list_commands, matches_shown, pair_output
from tests.docs.running import Printed, Reader

PATIENCE_SECONDS = 60.0
PAGE = """# Title

1. In a list:

    <!-- background -->
    ```sh
    conekta-mcp sandbox --port 8200   # a comment
    ```

<!-- not run: it installs -->
<!-- file: a.toml -->
```toml
a = 1
```

```text
a…
```
"""


def test_blocks_are_read_with_their_marks_also_inside_of_a_list() -> None:
    first, second, output = find_blocks("a.md", PAGE)
    assert first == Block(
        "a.md", 6, "sh", "conekta-mcp sandbox --port 8200   # a comment", {"background": ""}
    )
    assert (first.place, first.code, first.runs) == ("a.md:6", "conekta-mcp sandbox --port 8200", True)
    assert second.marks == {"file": "a.toml", "not run": "it installs"}
    assert list(pair_output([first, second, output])) == [(first, None), (second, output)]


@pytest.mark.parametrize(
    ("shown", "printed", "matches"),
    [
        ("paid", "paid\n", True),
        ("paid", "pending_payment\n", False),
        ("paid", "paid\npaid\n", False),
        ("id cus_…", "id cus_3hH\n", True),
        ("id cus_…", "id ord_3hH\n", False),
        ("first\n…\nlast", "first\nsecond\nthird\nlast\n", True),
        ("first\n…\nlast", "first\nlast\n", True),
        ("first\n…\nlast", "first\nsecond\n", False),
        ("first\n…", "first\nsecond\n", True),
        ("…\nlast", "first\nlast\n", True),
        ("…\nlast", "last\n", True),
        ("a.c", "abc", False),
    ],
)
def test_what_is_shown_is_compared_with_what_is_printed(shown: str, printed: str, *, matches: bool) -> None:
    assert matches_shown(shown, printed) is matches


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("conekta-mcp audit --since 7d  # a comment", [["audit", "--since", "7d"]]),
        ("KEY=key_... conekta-mcp serve && conekta-mcp doctor | head", [["serve"], ["doctor"]]),
        ("conekta-mcp serve \\\n  --port 8000", [["serve", "--port", "8000"]]),
        ("docker compose exec server conekta-mcp audit --head", [["audit", "--head"]]),
        ("claude mcp add conekta -- conekta-mcp serve --sandbox", [["serve", "--sandbox"]]),
        ("pipx install conekta-mcp", []),
    ],
)
def test_the_commands_of_a_block_are_found(text: str, commands: list[list[str]]) -> None:
    assert list(list_commands(text)) == commands


def run(page: str, folder: Path) -> list[Printed]:
    reader = Reader(folder=folder, conekta="http://127.0.0.1:1", files={"saved.txt": "kept"}, programs={})
    return reader.run([block for block in find_blocks("a.md", page) if block.runs])


@pytest.mark.system
def test_the_blocks_of_a_page_share_a_shell_and_its_folder(tmp_path: Path) -> None:
    page = (
        "```sh\nWORD=$(cat saved.txt)\n```\n\n```sh\necho $WORD\n```\n\n"
        "```python\nprint(open('saved.txt').read())\n```\n"
    )
    assert run(page, tmp_path) == [Printed(0), Printed(0, "kept\n"), Printed(0, "kept\n\n")]


@pytest.mark.system
def test_a_block_that_fails_ends_its_page(tmp_path: Path) -> None:
    page = "```sh\necho first\n```\n\n```sh\nexit 3\n```\n\n```sh\necho never\n```\n"
    assert run(page, tmp_path) == [Printed(0, "first\n"), Printed(3), Printed(None)]


@pytest.mark.system
@pytest.mark.parametrize(("code", "exits"), [(3, 0), (0, 1), (4, 1)])
def test_a_block_may_exit_with_the_code_that_its_page_names_and_no_other(
    code: int, exits: int, tmp_path: Path
) -> None:
    assert run(f"<!-- exits: 3 -->\n```sh\n(exit {code})\n```\n", tmp_path)[0].code == exits


@pytest.mark.system
def test_a_server_in_the_background_is_awaited_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = running.allocate_ports()
    monkeypatch.setattr(running, "allocate_ports", lambda: ports)
    page = (
        "<!-- background -->\n```sh\npython -m http.server --bind 127.0.0.1 8000\n```\n\n"
        "```sh\ncurl -s http://127.0.0.1:8000/saved.txt; echo http://127.0.0.1:8000\n```\n"
    )
    server, asked = run(page, tmp_path)
    assert (server.code, asked) == (0, Printed(0, "kept\nhttp://127.0.0.1:8000\n"))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_listening(int(ports["8000"])):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
