"""A client of the TypeScript SDK 1.x, which checks even error answers against the output schema."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conekta_mcp import __version__
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from tests.installed_once import install_npm_project
from tests.journeys.processes import child_environment

pytestmark = pytest.mark.system

HERE = Path(__file__).parent / "typescript"
RUN_SECONDS = 300


@pytest.fixture(scope="module")
def project() -> Path:
    """The client with its SDK installed."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: the TypeScript client is not run")
    return install_npm_project(
        "typescript", sorted(path for path in HERE.iterdir() if path.suffix in {".json", ".mjs"})
    )


@pytest.fixture(scope="module")
def seen(project: Path) -> dict[str, Any]:
    """What the client printed."""
    return run(project, "client.mjs")


@pytest.fixture(scope="module")
def walked(project: Path) -> dict[str, Any]:
    """What Vercel's AI SDK, the TypeScript SDK and LangChain.js got from the default tools."""
    now = str(int(time.time()))
    return run(project, "ai_sdk.mjs", now) | run(project, "langchain.mjs", now)


def run(project: Path, *script: str) -> dict[str, Any]:
    server = [sys.executable, "-m", "conekta_mcp", "serve", "--sandbox"]
    done = subprocess.run(
        ["node", *script, *server],
        cwd=project,
        env=child_environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def test_it_connects_and_lists_the_tools_with_schemas_to_check(seen: dict[str, Any]) -> None:
    assert (seen["server"]["name"], seen["server"]["version"]) == ("conekta-mcp", __version__)
    assert len(seen["tools"]) == 19
    assert seen["checked"] is True


def test_its_calls_succeed_on_one_clabe(seen: dict[str, Any]) -> None:
    source, order = seen["clabes"]
    assert source == order
    assert len(source) == 18
    assert seen["livemode"] is False


def test_error_answers_pass_its_check_of_the_output_schema(seen: dict[str, Any]) -> None:
    assert seen["errors"] == {
        "refused_by_conekta": {
            "isError": True,
            "type": "resource_not_found_error",
            "code": "conekta.errors.resource_not_found.entity",
        },
        "refused_by_us": {
            "isError": True,
            "type": "parameter_validation_error",
            "code": "conekta_mcp.errors.parameter_validation.reuse_customer_clabe.invalid_datatype",
        },
        "unknown_argument": {
            "isError": True,
            "type": "parameter_validation_error",
            "code": "conekta_mcp.errors.parameter_validation.nope.unknown_argument",
        },
    }


def test_it_reads_a_resource_and_a_prompt(seen: dict[str, Any]) -> None:
    assert seen["resource"] == "Ana Ruiz"
    assert seen["resources"] == [True]
    assert seen["prompt"].startswith("Get recurring SPEI ready for a customer")


@pytest.mark.parametrize("layer", ["ai_sdk", "typescript", "langchain"])
def test_every_default_tool_is_called_with_only_what_it_requires(walked: dict[str, Any], layer: str) -> None:
    answers = walked[layer]["answers"]
    filled_in = answers.pop("filled_in")
    assert set(answers) == {tool.name for tool in (*TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS)}
    failed = {name: answer["error"]["type"] for name, answer in answers.items() if "error" in answer}
    # There is no such customer.
    assert failed == {"delete_customer": "resource_not_found_error"}
    assert filled_in["note"] == (
        "Vacío, así que no se dio: next, search. "
        "De tu cliente, no de esta herramienta, así que se ignoró: toolCallId."
    )


@pytest.mark.parametrize("layer", ["ai_sdk", "langchain"])
def test_a_layer_shows_a_model_every_argument(walked: dict[str, Any], layer: str) -> None:
    lines = walked[layer]["schemas"]["create_order"]["properties"]["line_items"]
    assert list(lines["items"]["properties"]) == ["name", "unit_price", "quantity"]
