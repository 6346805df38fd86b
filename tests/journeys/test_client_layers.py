"""The agent layers of Python, as agents use them: schemas convert, tools work."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conekta_mcp.catalog import Risk, Toolset
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from tests.installed_once import find_python, install_python_project
from tests.journeys.processes import child_environment

pytestmark = pytest.mark.system

HERE = Path(__file__).parent / "layers"
RUN_SECONDS = 300
LAYERS = ("openai", "google", "langchain", "langgraph", "pydantic_ai")
DEFAULT = {tool.name for tool in (*TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS)}
EVERYTHING = {tool.name for tool in (*ALL_TOOLS, *SANDBOX_TOOLS, *DISCOVERY_TOOLS)}
NAMED = ",".join(toolset.value for toolset in Toolset)


@pytest.fixture(scope="module")
def python() -> Path:
    """The interpreter of an environment that has the layers: made once, and again when they change."""
    wanted = HERE / "requirements.txt"

    return find_python(install_python_project("layers", wanted))


def use_layers(python: Path, now: int, *flags: str) -> dict[str, Any]:
    """What the layers saw of a sandbox; with `now` they also call the default tools."""
    server = [sys.executable, "-m", "conekta_mcp", "serve", "--sandbox", *flags]
    script = [str(python), str(HERE / "python_layers.py"), str(now), json.dumps(child_environment()), *server]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        script, env=environment, capture_output=True, encoding="utf-8", timeout=RUN_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def seen(python: Path) -> dict[str, Any]:
    return use_layers(python, int(time.time()))


@pytest.fixture(scope="module")
def everything(python: Path) -> dict[str, Any]:
    return use_layers(python, 0, "--toolsets", NAMED)


def test_every_listed_schema_converts_in_every_layer(
    seen: dict[str, Any], everything: dict[str, Any]
) -> None:
    assert {layer: set(seen[layer]["schemas"]) for layer in LAYERS} == dict.fromkeys(LAYERS, DEFAULT)
    assert {layer: set(everything[layer]["schemas"]) for layer in LAYERS} == dict.fromkeys(LAYERS, EVERYTHING)
    assert any(tool.risk is Risk.SECRET for tool in ALL_TOOLS)


def test_openai_takes_every_schema_as_strict(everything: dict[str, Any]) -> None:
    # One without arguments is an object without properties, which it does not call closed.
    bare = {tool.name for tool in ALL_TOOLS if not tool.input.model_fields}
    strict = everything["openai"]["strict"]
    assert {name for name, is_strict in strict.items() if not is_strict} <= bare


def list_properties(schema: dict[str, Any]) -> set[str]:
    """The path of each property of a schema, as OpenAI and Gemini write them."""
    found = set()
    for name, one in (schema.get("properties") or {}).items():
        inner = {f"{name}.{path}" for path in list_properties(one)}
        items = {f"{name}[].{path}" for path in list_properties(one.get("items") or {})}
        found |= {name, *inner, *items}
    return found


def test_no_layer_loses_an_argument(everything: dict[str, Any]) -> None:
    openai, google = (everything[layer]["schemas"] for layer in ("openai", "google"))
    langchain = {
        name: one.get("parameters") or one.get("parameters_json_schema") or {}
        for name, one in everything["langchain"]["schemas"].items()
    }
    expected = {name: list_properties(schema) for name, schema in openai.items()}
    assert {name: list_properties(google[name]) for name in openai} == expected
    assert {name: list_properties(langchain[name]) for name in openai} == expected
    for layer in ("langgraph", "pydantic_ai"):
        shown = everything[layer]["schemas"]
        assert {name: list_properties(shown[name]) for name in openai} == expected


@pytest.mark.parametrize("layer", LAYERS)
def test_every_default_tool_is_called_with_only_what_it_requires(seen: dict[str, Any], layer: str) -> None:
    answers = seen[layer]["answers"]
    filled_in = answers.pop("filled_in")
    assert set(answers) == DEFAULT
    failed = {name: answer["error"] for name, answer in answers.items() if "error" in answer}
    # There is no such customer: openai-agents hides what an error says, the others show Conekta's.
    assert set(failed) == {"delete_customer"}
    assert layer == "openai" or "resource_not_found" in json.dumps(failed)
    assert filled_in["note"].startswith("Vacío, así que no se dio: next, search.")
    assert filled_in["note"].endswith("así que se ignoró: toolCallId.")
