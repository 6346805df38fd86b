"""The picture of a write at the top of the package names what exists, and every state of a claim."""

import ast
import re
from pathlib import Path
from typing import get_args

import conekta_mcp
from conekta_mcp import writes
from conekta_mcp.storage.records import ClaimState
from conekta_mcp.writes import intent_sender, intents, pipeline, settling

PICTURE = writes.__doc__ or ""
PLACE = "conekta_mcp/writes/__init__.py"
ROOT = Path(conekta_mcp.__file__).parent


def list_defined_names() -> set[str]:
    """Return `Class.method`, `module.function` and `file.py` for everything in the package."""
    found = set()
    for file in ROOT.rglob("*.py"):
        found.add(file.name)
        for node in ast.parse(file.read_text("utf-8")).body:
            owner = node.name if isinstance(node, ast.ClassDef) else file.stem
            inner = node.body if isinstance(node, ast.ClassDef) else [node]
            functions = [one for one in inner if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
            found |= {f"{owner}.{one.name}" for one in functions}
    return found


def test_every_name_in_the_picture_exists() -> None:
    named = set(re.findall(r"\b(\w+\.py|[A-Z]\w+\.\w+|(?:locks|sending)\.\w+)\b", PICTURE))
    assert len(named) > 8
    missing = sorted(named - list_defined_names())
    assert not missing, f"{PLACE}: these names do not exist: {missing}"


def test_the_picture_has_every_state_of_a_claim() -> None:
    missing = [state for state in get_args(ClaimState) if state not in PICTURE]
    assert not missing, f"{PLACE}: these states are missing: {missing}"


def test_the_times_in_the_picture_are_those_of_the_code() -> None:
    times = {
        f"wait up to {intents.WAIT_SECONDS:.0f} s": "Intents.await_standing_claim",
        f"confirmed within {intent_sender.FENCE_SECONDS:.0f} s": "Fence.confirm",
        f"held up for {intent_sender.MAX_WAIT_SECONDS:.0f} s": "Fence.confirm",
        f"twice, {settling.ABSENCE_SECONDS:.0f} s apart": "Settler.settle",
        f"{settling.QUIET_SECONDS:.0f} s after the last attempt": "Settler.settle",
        {3600.0: "younger than an hour"}[settling.KEY_SECONDS]: "Settler.settle",
        {3: "three times in all"}[pipeline.MAX_LOOKS]: "WritePipeline",
    }
    text = " ".join(PICTURE.replace("|", " ").split())
    wrong = {time: where for time, where in times.items() if time not in text}
    assert not wrong, f"{PLACE}: these times are of the code, and not of the picture: {wrong}"
