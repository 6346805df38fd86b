"""docs/architecture.md and docs/contributing.md describe the code as it is, and the code keeps its layout."""

import ast
import asyncio
import re
import sys
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from mcp import Client
from mcp.types import ElicitResult

from conekta_mcp.app import App
from conekta_mcp.settings import Settings
from tests.contract.code_layout import (
    PACKAGE,
    PATH,
    ROOT,
    count_files,
    count_lines,
    find_missing_references,
    is_bare_name,
    list_functions,
    list_matches,
    list_packages,
    list_steps,
    list_table_packages,
    list_undocumented_packages,
)

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PAGES = (
    "approvals.md",
    "architecture.md",
    "contributing.md",
    "evals.md",
    "releasing.md",
    "safety.md",
    "how-a-write-works.md",
    "support.md",
)
PERSON = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
MIN_FILES, MAX_FILES, MAX_LINES, MAX_BARE_SHARE = 3, 12, 250, 0.01
ODD_FOLDERS = {
    "cli/commands": "one file per command",
    "server/tools/snapshots": "one published schema per tool",
}
LONG_MODULES: dict[str, str] = {}
UNCLEAR_WORDS = re.compile(
    r"\b(care|stakes?|happenings?|belongings?|said|owns?|whole|turns?|looks?|looked|houses?|rooms?|doors?)\b",
    re.IGNORECASE,
)
"""Words that earlier versions used as private terms, or that say nothing."""
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_every_path_and_name_on_a_page_exists(page: str) -> None:
    assert find_missing_references((ROOT / "docs" / page).read_text("utf-8")) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda one: one.stem)
def test_every_module_and_script_that_a_page_names_exists(page: Path) -> None:
    named = {found["path"] for found in PATH.finditer(page.read_text("utf-8"))}
    assert {one for one in named if one.endswith((".py", ".sh")) and not list_matches(one)} == set()


def test_a_path_and_a_name_that_do_not_exist_are_named() -> None:
    page = (
        "`writes/pipeline.py: WritePipeline.run, WritePipeline.ran` `writes/gone.py` `domains/<any>/tools.py`"
    )
    assert find_missing_references(page) == ["writes/gone.py", "writes/pipeline.py: WritePipeline.ran"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_private_terms(page: str) -> None:
    text = CODE.sub("", (ROOT / "docs" / page).read_text("utf-8"))
    assert sorted({found.group() for found in UNCLEAR_WORDS.finditer(text)}) == []


def test_a_private_term_is_found_outside_of_code() -> None:
    assert [one.group() for one in UNCLEAR_WORDS.finditer(CODE.sub("", "`own` Its own turn."))] == [
        "own",
        "turn",
    ]


def test_every_property_test_says_how_many_examples_it_tries() -> None:
    """Without `tries` of tests/depth.py it would have a deadline, and machines differ in speed."""
    drawn, bare = 0, []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        counts = {"tries", "settings"}
        counts |= {
            ast.unparse(node.targets[0])
            for node in nodes
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("tries(")
        }
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = {ast.unparse(one).partition("(")[0] for one in node.decorator_list}
                drawn += "given" in names
                if "given" in names and not counts & names:
                    bare.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert drawn > 30
    assert bare == [], "add @tries(100) of tests/depth.py"


def test_every_package_is_described_once_in_the_tables_of_layers() -> None:
    assert sorted(list_table_packages(ARCHITECTURE)) == list_packages()


def test_a_package_without_a_row_and_one_with_two_are_noticed() -> None:
    table = "\n## Layers\n\n| `cli` | x |\n| `app` | x |\n| `app` | y |\n\n## Next\n\n| `api` | x |\n"
    assert list_table_packages(table) == ["cli", "app", "app"]


def test_the_first_table_has_the_order_of_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["name"] == "layers")
    order = [name.strip() for layer in layers for name in layer.split("|")]
    assert list_table_packages(ARCHITECTURE)[: len(order)] == order


def test_every_package_says_in_its_first_line_what_it_is() -> None:
    assert list_undocumented_packages() == []


def test_a_package_without_a_first_line_is_named(tmp_path: Path) -> None:
    for name, text in {"good": '"""What it is."""', "bad": "", "worse": '"""\n\nLate."""'}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text, encoding="utf-8")
    assert list_undocumented_packages(tmp_path) == ["bad/__init__.py"]


def find_odd_folders(root: Path) -> dict[str, int]:
    return {name: count for name, count in count_files(root).items() if not MIN_FILES <= count <= MAX_FILES}


def test_a_folder_holds_3_to_12_files() -> None:
    odd = find_odd_folders(PACKAGE)
    told = [f"conekta_mcp/{name}: {count} files" for name, count in odd.items() if name not in ODD_FOLDERS]
    assert odd.keys() == ODD_FOLDERS.keys(), f"{MIN_FILES} to {MAX_FILES} files: {told}"


def test_a_folder_with_too_few_or_too_many_files_is_named(tmp_path: Path) -> None:
    for folder, count in {"few": 2, "right": 3, "full": 12, "many": 13}.items():
        (tmp_path / folder).mkdir()
        for number in range(count):
            (tmp_path / folder / f"{number}.py").touch()
    assert find_odd_folders(tmp_path) == {".": 0, "few": 2, "many": 13}


def find_long_modules(root: Path) -> dict[str, int]:
    return {name: lines for name, lines in count_lines(root).items() if lines > MAX_LINES}


def test_a_module_has_at_most_250_lines() -> None:
    too_long = find_long_modules(PACKAGE)
    told = [f"conekta_mcp/{name}: {lines} lines, at most {MAX_LINES}" for name, lines in too_long.items()]
    assert too_long.keys() == LONG_MODULES.keys(), "\n".join(["move a part into a new module:", *told])


def test_a_module_with_too_many_lines_is_named(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text("x\n" * 250, encoding="utf-8")
    (tmp_path / "long.py").write_text("x\n" * 251, encoding="utf-8")
    assert find_long_modules(tmp_path) == {"long.py": 251}


def test_hardly_a_function_is_named_by_a_bare_participle_adverb_or_preposition() -> None:
    functions = list_functions()
    bare = [f"{place} {name}" for place, name in functions if is_bare_name(name)]
    assert len(bare) / len(functions) < MAX_BARE_SHARE, "rename to a verb and an object: " + "\n".join(bare)


@pytest.mark.parametrize(
    ("name", "bare"),
    {
        "kept": True, "_shortened": True, "alone": True, "kind_of": True, "spoken_to": True, "_written": True,
        "read": False, "send": False, "is_expired": False, "has_budget_for": False, "list_unsettled": False,
        "use_token_once": False, "find_equal_intent": False, "embed": False,
    }.items(),
)  # fmt: skip
def test_a_bare_name_is_told_from_a_verb_with_an_object(name: str, bare: bool) -> None:
    assert is_bare_name(name) is bare


def test_a_read_takes_the_documented_path_in_the_documented_order() -> None:
    steps = list_steps(ARCHITECTURE, "The path of a read")
    assert trace_steps(steps, read_customer) == steps


def test_a_write_takes_the_documented_path_in_the_documented_order() -> None:
    steps = list_steps(ARCHITECTURE, "The path of a write")
    assert trace_steps(steps, refund_with_approval) == steps


def test_a_step_that_does_not_run_and_one_out_of_order_are_noticed() -> None:
    first, second, *rest = list_steps(ARCHITECTURE, "The path of a read")
    other = ("api/failures.py", "build_refusal")
    assert trace_steps([second, first, other, *rest], read_customer) == [first, second, *rest]


Story = Callable[[Client, Callable[[], None]], Awaitable[None]]


def trace_steps(steps: list[tuple[str, str]], story: Story) -> list[tuple[str, str]]:
    """Return those of `steps` that run after a story begins to trace, in the order of their first call."""
    wanted = {(str(PACKAGE / file), name): (file, name) for file, name in steps}
    ran: dict[tuple[str, str], None] = {}

    def note_call(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        step = wanted.get((code.co_filename, code.co_qualname)) if event == "call" else None
        if step:
            ran.setdefault(step)

    try:
        asyncio.run(tell_story(story, lambda: sys.setprofile(note_call)))
    finally:
        sys.setprofile(None)
    return list(ran)


async def tell_story(story: Story, start_trace: Callable[[], None]) -> None:
    app = App(Settings(sandbox=True, confirm="money", store="memory"))
    try:
        async with Client(app.server, mode="legacy", elicitation_callback=approve) as client:
            await story(client, start_trace)
    finally:
        await app.close()


async def approve(*_: Any) -> ElicitResult:
    return ElicitResult(action="accept", content={"approve": True})


async def read_customer(client: Client, start_trace: Callable[[], None]) -> None:
    customer = await call(client, "create_customer", **PERSON)
    start_trace()
    await call(client, "get_customer", customer_id=customer["id"])


async def refund_with_approval(client: Client, start_trace: Callable[[], None]) -> None:
    order = await call(client, "create_order", **PERSON, line_items=LINES, payment_method="cash")
    await call(client, "simulate_payment", order_id=order["id"])
    refund = {"order_id": order["id"], "amount": 20000, "reason": "requested_by_client"}
    start_trace()
    await call(client, "refund_order", **refund, idempotency_key="refund-1")


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content
