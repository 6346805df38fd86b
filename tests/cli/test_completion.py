"""conekta-mcp completion"""

import json
import shutil
import subprocess

import pytest

from conekta_mcp.cli import COMMANDS
from tests.cli.conftest import Run


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


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_each_shell_can_read_its_script(shell: str, run: Run) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    script = run("completion", shell).out
    told = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
