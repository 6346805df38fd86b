"""conekta-mcp tools"""

import json
import re

import pytest

from .conftest import Run


def test_the_table_has_a_line_for_each_tool_and_a_sum(run: Run) -> None:
    said = run("tools")
    *lines, total = said.out.splitlines()
    assert (said.code, said.err) == (0, "")
    assert len(lines) == 22
    assert re.fullmatch(r"list_customers +read +customers +GET /customers +\d+", lines[0])
    assert re.fullmatch(r"cancel_order +destructive +orders +POST /orders/{order_id}/cancel +\d+", lines[-1])
    sizes = [int(line.split()[-1]) for line in lines]
    assert total == (
        f"22 tools, {sum(sizes)} bytes of tools/list without output schemas, {sum(sizes) // 22} a tool"
    )


def test_json_is_one_array_with_the_same_facts(run: Run) -> None:
    said = run("tools", "--json")
    rows = json.loads(said.out)
    assert said.code == 0
    assert len(rows) == 22
    assert {key: value for key, value in rows[0].items() if key != "bytes"} == {
        "name": "list_customers",
        "title": "Find customers",
        "risk": "read",
        "toolset": "customers",
        "endpoint": "GET /customers",
    }


@pytest.mark.parametrize("words", [("tools", "--sandbox", "--json"), ("tools", "--json", "--sandbox")])
def test_on_the_sandbox_its_control_is_listed_too(words: tuple[str, ...], run: Run) -> None:
    rows = json.loads(run(*words).out)
    assert (len(rows), rows[-1]["name"], rows[-1]["endpoint"]) == (
        23,
        "simulate_payment",
        "POST /_sandbox/payments",
    )


def test_the_variable_does_what_the_flag_does(run: Run) -> None:
    assert len(json.loads(run("tools", "--json", CONEKTA_MCP_SANDBOX="1").out)) == 23
