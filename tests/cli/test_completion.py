"""conekta-mcp completion"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from conekta_mcp.cli import COMMANDS
from tests.cli.conftest import Run
from tests.cli.terminals import run_at_terminal
from tests.debian_packages import find_or_install


def complete(script: str, *words: str) -> list[str]:
    """What bash offers for the last of `words`."""
    array = " ".join(f"'{word}'" for word in ("conekta-mcp", *words))
    end = f"COMP_WORDS=({array}); COMP_CWORD={len(words)}; compopt() {{ :; }}; _conekta_mcp"
    told = subprocess.run(
        ["bash", "-c", f'{script}\n{end}; printf "%s\\n" "${{COMPREPLY[@]}}"'],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stderr == ""
    return told.stdout.split()


@pytest.mark.system
@pytest.mark.skipif(shutil.which("bash") is None, reason="Windows has no bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("",), list(COMMANDS)),
        (("do",), ["doctor"]),
        (("--read",), ["--read-only"]),
        (("doctor", "--js"), ["--json"]),
        (("serve", "--language", ""), ["es", "en"]),
        (("--sandbox", "--pii", "m"), ["masked", "minimal"]),
        (("call", "refund_o"), ["refund_order"]),
        (("call", "--timeout", "5", "refund_o"), ["refund_order"]),
        (("policy", ""), ["check", "show"]),
        (("policy", "check", "refund_o"), ["refund_order"]),
        (("audit", "--outcome", "no"), ["not_applied"]),
        (("serve", "--state", ""), []),
        (("serve", "--language", "=", "e"), ["es", "en"]),
        (("serve", "--language", "="), ["es", "en"]),
        (("call", "--timeout", "=", "5", "refund_o"), ["refund_order"]),
        (("serve", "--toolsets", "orders,re"), ["orders,refunds"]),
        (
            ("serve", "--exclude", "=", "orders,refunds,list_webhook"),
            [
                "orders,refunds,list_webhooks",
                "orders,refunds,list_webhook_keys",
            ],
        ),
    ],
)
def test_bash_offers_what_can_follow(words: tuple[str, ...], offered: list[str], run: Run) -> None:
    assert complete(run("completion", "bash").out, *words) == offered


def test_what_can_follow_as_json(run: Run) -> None:
    told = {one["command"]: one for one in json.loads(run("completion", "--json").out)}
    assert list(told) == list(COMMANDS)
    flags = {flag["name"]: flag for flag in told["serve"]["flags"]}
    assert flags["--language"]["values"] == ["es", "en"]
    assert told["policy"]["positions"][0] == ["check", "show"]


@pytest.mark.parametrize("words", [(), ("bash", "--json")])
def test_a_shell_or_json_has_to_be_named(words: tuple[str, ...], run: Run) -> None:
    ended = run("completion", *words)
    told = "conekta-mcp: completion: name a shell (bash, zsh, fish), or give --json\n"
    assert (ended.code, ended.out, ended.err) == (2, "", told)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_each_shell_knows_commands_flags_and_values(shell: str, run: Run) -> None:
    said = run("completion", shell)
    assert (said.code, said.err) == (0, "")
    for word in (*COMMANDS, "max-amount", "streamable-http", "refund_order", "not_applied"):
        assert word in said.out


@pytest.fixture(params=["zsh", "fish"])
def shell(request: pytest.FixtureRequest) -> str:
    """A shell of this machine, which root of a Debian machine installs."""
    try:
        return find_or_install(request.param)
    except LookupError as cause:
        pytest.skip(str(cause))


@pytest.mark.system
def test_each_shell_can_read_its_script(shell: str, run: Run) -> None:
    script = run("completion", Path(shell).name).out
    told = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


COMPLETED = [
    ("do", "doctor"),
    ("--read", "--read-only"),
    ("doctor --js", "--json"),
    ("serve --pii mas", "masked"),
    ("serve --pii=mas", "--pii=masked"),
    ("serve --toolsets orders,refun", "orders,refunds"),
    ("serve --exclude=orders,refund_o", "--exclude=orders,refund_order"),
    ("call refund_o", "refund_order"),
    ("policy check refund_o", "refund_order"),
]
"""What is typed, and what its last word becomes."""


@pytest.mark.system
@pytest.mark.parametrize(("typed", "completed"), COMPLETED)
@pytest.mark.parametrize("shell", ["fish"], indirect=True)
def test_fish_completes_what_is_typed(
    shell: str, typed: str, completed: str, run: Run, tmp_path: Path
) -> None:
    script = tmp_path / "conekta-mcp.fish"
    script.write_text(run("completion", "fish").out, encoding="utf-8")
    asked = f"source {script}; complete -C 'conekta-mcp {typed}'"
    told = subprocess.run(
        [shell, "--no-config", "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert [line.partition("\t")[0] for line in told.stdout.splitlines()] == [completed]


@pytest.mark.system
@pytest.mark.parametrize("shell", ["zsh"], indirect=True)
def test_zsh_completes_what_is_typed(shell: str, run: Run, tmp_path: Path) -> None:
    script = tmp_path / "conekta-mcp.zsh"
    script.write_text(run("completion", "zsh").out, encoding="utf-8")
    begin = f"autoload -Uz compinit; compinit -u -D; source {script}; print -r -- rea''dy\n"
    with run_at_terminal([shell, "-f", "-i"], TERM="dumb", HOME=str(tmp_path)) as terminal:
        terminal.type(begin)
        terminal.read_until("\nready")
        for typed, completed in COMPLETED:
            # What it shows of the line that it completed; Ctrl+U empties it.
            terminal.type(f"conekta-mcp {typed}\t")
            terminal.read_until(" ".join(["conekta-mcp", *typed.split()[:-1], completed]))
            terminal.type("\x15")
