"""Claude Code, by its SDK and its command: a bill is made once after a yes, and not at all otherwise.

Its model is a stub on this machine, which calls as the answers tell it to.
"""

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.bills import BILL, NO_SCREEN, BillingShop
from tests.journeys.installing import install_node
from tests.journeys.model_stub import ModelStub, serve_model
from tests.journeys.processes import child_environment

pytestmark = pytest.mark.system

HERE = Path(__file__).parent / "claude_code"
RUN_SECONDS = 180
TOOL = "mcp__conekta__create_order"
NOTHING_ELSE = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "ENABLE_TOOL_SEARCH": "false",
    "ANTHROPIC_API_KEY": "none",
}


@pytest.fixture(scope="module")
def project() -> Path:
    try:
        return install_node("claude-code", HERE / "package.json")
    except LookupError as reason:
        pytest.skip(f"Claude Code is not run: {reason}")


@pytest.fixture
def shop(tmp_path: Path) -> BillingShop:
    return BillingShop(tmp_path / "shop.db")


@pytest.fixture
def model() -> Iterator[ModelStub]:
    with serve_model(TOOL, BILL) as model:
        yield model


@pytest.fixture
def environment(tmp_path: Path, model: ModelStub) -> dict[str, str]:
    """A machine with nothing but this: no settings, no other model."""
    (home := tmp_path / "home").mkdir()
    own = {"PATH": os.environ["PATH"], "HOME": str(home), "CLAUDE_CONFIG_DIR": str(home)}
    return {**own, **NOTHING_ELSE, "ANTHROPIC_BASE_URL": model.url}


@pytest.fixture
def agent(project: Path, shop: BillingShop, environment: dict[str, str], tmp_path: Path) -> Any:
    """Runs the SDK with a person who answers forms in one way; what its model and its person saw."""

    def run(how: str, *flags: str) -> dict[str, Any]:
        script = project / "agent.mjs"
        script.write_bytes((HERE / "agent.mjs").read_bytes())
        ours = json.dumps(child_environment(**NO_SCREEN))
        command = ["node", str(script), how, ours, *shop.list_command(*flags)]
        done = run_quietly(command, environment, tmp_path)
        seen: dict[str, Any] = json.loads(done)
        return seen

    return run


def run_quietly(command: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
        timeout=RUN_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_yes_in_its_form_makes_the_bill_once(agent: Any, shop: BillingShop) -> None:
    seen = agent("yes")
    (question,), (result,) = seen["asked"], seen["results"]
    assert "MXN 500.00" in question
    assert "ord_" in result["text"]
    assert shop.count_orders() == 1


@pytest.mark.parametrize("how", ["no", "none"])
def test_anything_else_in_its_form_makes_none(agent: Any, shop: BillingShop, how: str) -> None:
    seen = agent(how)
    (result,) = seen["results"]
    assert "consent_declined" in result["text"]
    assert result["isError"]
    assert len(seen["asked"]) == (how != "none")
    assert shop.count_orders() == 0


def test_a_form_that_is_closed_at_once_leaves_the_question_to_a_terminal(
    agent: Any, shop: BillingShop
) -> None:
    seen = agent("closed", "--approval-wait", "0")
    assert len(seen["asked"]) == 1
    for result in seen["results"]:
        assert "consent_pending" in result["text"]
        assert "conekta-mcp approvals" in result["text"]
    assert shop.count_orders() == 0
    with shop.person_at_terminal("yes"):
        seen = agent("closed")
    assert "ord_" in seen["results"][-1]["text"]
    assert shop.count_orders() == 1


@pytest.mark.parametrize(("word", "made"), [("yes", 1), ("no", 0)])
def test_a_form_that_was_left_alone_makes_none_until_a_terminal_says_yes(
    agent: Any, shop: BillingShop, word: str, made: int
) -> None:
    assert len(agent("silent")["asked"]) == 1
    assert shop.count_orders() == 0
    shop.answer_at_terminal(word)
    assert shop.count_orders() == 0
    seen = agent("silent")
    assert seen["asked"] == []
    assert ("ord_" in seen["results"][-1]["text"]) == (word == "yes")
    assert shop.count_orders() == made


@pytest.fixture
def run_command(
    project: Path, shop: BillingShop, environment: dict[str, str], tmp_path: Path
) -> Callable[..., None]:
    """Runs `claude -p` with these settings, and with a server with these flags."""

    def run(settings: dict[str, Any], *ours: str) -> None:
        server, *words = shop.list_command(*ours)
        served = {"command": server, "args": words, "env": child_environment(**NO_SCREEN)}
        [program] = (project / "node_modules" / "@anthropic-ai").glob("claude-agent-sdk-linux-*/claude")
        flags = ["--strict-mcp-config", "--settings", json.dumps(settings), "--allowedTools", TOOL]
        config = json.dumps({"mcpServers": {"conekta": served}})
        command = [str(program), "-p", "Cobra a Ana.", "--mcp-config", config, *flags]
        run_quietly(command, environment, tmp_path)

    return run


def test_its_command_closes_each_form_and_a_terminal_says_yes_meanwhile(
    run_command: Callable[..., None], shop: BillingShop
) -> None:
    with shop.person_at_terminal("yes"):
        run_command({})
    assert shop.count_orders() == 1


@pytest.mark.parametrize(("hook", "made"), [(None, 0), ({"approve": False}, 0), ({"approve": True}, 1)])
def test_its_command_without_a_person_makes_none_unless_a_hook_of_its_user_answers(
    run_command: Callable[..., None], shop: BillingShop, hook: dict[str, Any] | None, made: int
) -> None:
    given = {"hookEventName": "Elicitation", "action": "accept", "content": hook}
    command = f"echo {shlex.quote(json.dumps({'hookSpecificOutput': given}))}"
    hooks = [{"matcher": "conekta", "hooks": [{"type": "command", "command": command}]}]
    # Without a hook each call waits for a person at a terminal, as long as it is told to.
    run_command(*([{"hooks": {"Elicitation": hooks}}] if hook else [{}, "--approval-wait", "0.2"]))
    assert shop.count_orders() == made
