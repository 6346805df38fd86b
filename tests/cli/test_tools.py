"""conekta-mcp tools"""

import json
import re

import pytest

from conekta_mcp.catalog import Risk
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from tests.cli.conftest import Run

BALANCE = ["get_balance", "list_transactions", "get_transaction", "list_transfers", "get_transfer"]
FINDERS = [tool.name for tool in DISCOVERY_TOOLS]


def test_the_table_has_a_line_for_each_tool_and_a_sum(run: Run) -> None:
    said = run("tools", "--language", "en")
    head, *lines, total = said.out.splitlines()
    assert (said.code, said.err) == (0, "")
    assert head.split() == ["name", "risk", "toolset", "endpoint", "bytes"]
    assert len(lines) == 18
    assert re.fullmatch(r"list_customers +read +customers +GET /customers +\d+", lines[0])
    assert re.fullmatch(r"create_order +money +orders +POST /orders +\d+", lines[9])
    assert re.fullmatch(r"find_payment +read +support +several +\d+", lines[10])
    assert re.fullmatch(r"search_operations +read +discovery +several +\d+", lines[14])
    assert re.fullmatch(r"call_write_operation +destructive +discovery +several +\d+", lines[-1])
    sizes = [int(line.split()[-1]) for line in lines]
    assert total == (
        f"18 tools, {sum(sizes)} bytes of tools/list without output schemas, {sum(sizes) // 18} a tool"
    )


def test_the_table_is_in_spanish_too(run: Run) -> None:
    head, *lines, total = run("tools", "--language", "es").out.splitlines()
    assert head.split() == ["nombre", "riesgo", "grupo", "ruta", "bytes"]
    assert re.fullmatch(r"find_payment +read +support +varias +\d+", lines[10])
    assert re.fullmatch(
        r"18 herramientas, \d+ bytes de tools/list sin esquemas de salida, \d+ por herramienta", total
    )


def test_json_is_one_array_with_the_same_facts(run: Run) -> None:
    said = run("tools", "--json")
    rows = json.loads(said.out)
    assert said.code == 0
    assert len(rows) == 18
    assert {key: value for key, value in rows[0].items() if key != "bytes"} == {
        "name": "list_customers",
        "title": "Buscar clientes",
        "risk": "read",
        "toolset": "customers",
        "endpoint": "GET /customers",
    }


def test_titles_are_in_the_language_that_is_set(run: Run) -> None:
    row, *_ = json.loads(run("tools", "--json", "--language", "en").out)
    assert (row["name"], row["title"]) == ("list_customers", "Find customers")


@pytest.mark.parametrize("words", [("tools", "--sandbox", "--json"), ("tools", "--json", "--sandbox")])
def test_on_the_sandbox_its_control_is_listed_too(words: tuple[str, ...], run: Run) -> None:
    rows = json.loads(run(*words).out)
    assert (len(rows), rows[14]["name"], rows[14]["endpoint"]) == (
        19,
        "simulate_payment",
        "POST /_sandbox/payments",
    )


def test_the_variable_does_what_the_flag_does(run: Run) -> None:
    assert len(json.loads(run("tools", "--json", CONEKTA_MCP_SANDBOX="1").out)) == 19


def test_all_names_every_operation_the_secret_ones_too(run: Run) -> None:
    rows = json.loads(run("tools", "--all", "--json").out)
    assert [row["name"] for row in rows] == [tool.name for tool in (*ALL_TOOLS, *DISCOVERY_TOOLS)]
    assert {row["risk"] for row in rows} == {risk.value for risk in Risk}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("--toolsets", "balance,refunds"), ["refund_order", "cancel_refund", *BALANCE]),
        (("--toolsets", "none", "--tools", "create_token"), ["create_token"]),
        (("--toolsets", "balance", "--exclude", "get_balance"), BALANCE[1:]),
        (("--toolsets", "refunds,balance", "--read-only"), BALANCE),
    ],
)
def test_a_selection_is_listed_as_a_client_gets_it(
    words: tuple[str, ...], names: list[str], run: Run
) -> None:
    listed = [row["name"] for row in json.loads(run("tools", "--json", *words).out)]
    assert [name for name in listed if name not in FINDERS] == names


def test_a_name_that_means_nothing_ends_with_2(run: Run) -> None:
    said = run("tools", "--toolsets", "refund")
    assert (said.code, said.out) == (2, "")
    assert "--toolsets: there is no refund; did you mean refunds?" in said.err


def test_named_tools_come_besides_the_others(run: Run) -> None:
    usual = [row["name"] for row in json.loads(run("tools", "--json").out)]
    listed = [row["name"] for row in json.loads(run("tools", "--json", "--tools", "create_webhook").out)]
    assert sorted(listed) == sorted([*usual, "create_webhook"])


@pytest.mark.parametrize("command", ["tools", "serve"])
@pytest.mark.parametrize("words", [("--toolsets", "refunds", "--read-only"), ("--toolsets", "none")])
def test_a_selection_that_leaves_nothing_is_a_line(command: str, words: tuple[str, ...], run: Run) -> None:
    said = run(command, *words)
    told = "--toolsets, --tools, --exclude and --read-only together leave no tool"
    assert (said.code, said.out, said.err) == (2, "", f"conekta-mcp: {told}\n")
