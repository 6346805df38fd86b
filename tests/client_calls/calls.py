"""Draws a valid call, the same call as a client layer may send it, and invalid calls."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.server.tools.published_schemas import build_full_input_schema
from tests.contract.client_layers import through_a_layer
from tests.contract.fitting import fitting

SCHEMAS = {tool.name: build_full_input_schema(tool) for tool in ALL_TOOLS}
PAYABLE = st.sampled_from(["ord_2abc", "ord_2zzz", "edaf9288-61e8-0d9f-0bee-1fb23457c162"])
CUSTOMERS = st.sampled_from(["cus_2abc", "cus_2zzz"])
EMAILS, PHONES = st.sampled_from(["ana@example.com", "eva@example.com"]), st.sampled_from(["5555555555"])
DAYS = st.sampled_from(["2026-11-27", "ayer", "27 nov"])
CLUES = {
    "text": st.sampled_from(["500 ayer", "Ana Ruiz", "646180111802000138", "termina en 4242"]),
    "amount": st.integers(1, 10**7),
    "email": EMAILS,
    "phone": PHONES,
    "name": st.just("Ana"),
    "last4": st.just("4242"),
    "id": PAYABLE,
    "reference": st.just("98009297583478"),
}
REPORTS = {
    "find_payment": st.fixed_dictionaries({}, optional={**CLUES, "from_day": DAYS, "to_day": DAYS}).filter(
        lambda given: bool(CLUES.keys() & given.keys())
    ),
    "explain_payment": st.fixed_dictionaries({"id": PAYABLE}),
    "get_customer_profile": st.sampled_from(
        [("customer_id", CUSTOMERS), ("email", EMAILS), ("phone", PHONES)]
    ).flatmap(lambda one: st.fixed_dictionaries({one[0]: one[1]})),
    "summarize_sales": st.fixed_dictionaries(
        {"from_day": DAYS}, optional={"by": st.sampled_from(["day", "week", "method", "status"])}
    ),
    "wait_for_payment": st.fixed_dictionaries({"id": PAYABLE}, optional={"minutes": st.just(1)}),
    "check_subscription": st.fixed_dictionaries({"customer_id": CUSTOMERS}),
}
"""Calls of the tools that read several times; nobody is there whom they name, so that none waits."""
DEEP = json.loads("[" * 90 + "]" * 90)
WRONG = [
    None, "", " ", "x" * 100_000, -1, 0.5, 1e308, 2**70, True, [], {}, [[]], {"a": {"b": [None]}}, DEEP,
    "4242424242424242", "../../etc/passwd", "\x00", "null", "{", "[1,", "\u202eana",
]  # fmt: skip
STRANGE_NAMES = ["", "list_customer", "LIST_CUSTOMERS", "list_customers ", "x" * 2000, "__class__"]


@dataclass(frozen=True)
class DrawnCall:
    """A call: as it was meant, and as it arrives; `meant` is None where nothing valid was meant."""

    tool: str
    meant: dict[str, Any] | None
    arrives_at: str
    arrives: dict[str, Any]


@st.composite
def draw_calls(draw: st.DrawFn) -> DrawnCall:
    tool = draw(st.sampled_from(ALL_TOOLS))
    meant = draw(
        st.just(dict(tool.example)) | (REPORTS[tool.name] if tool.name in REPORTS else fitting(tool))
    )
    arrives = draw(through_a_layer(meant, SCHEMAS[tool.name]))
    spoiled = draw(st.integers(0, 3)) == 0
    if spoiled:
        for name in draw(
            st.lists(st.sampled_from([*SCHEMAS[tool.name]["properties"], "surprise"]), min_size=1)
        ):
            arrives[name] = draw(st.sampled_from(WRONG))
    wrapped = draw(st.integers(0, 3)) == 0
    if not wrapped:
        at = draw(st.sampled_from(STRANGE_NAMES)) if spoiled and draw(st.booleans()) else tool.name
        return DrawnCall(tool.name, None if spoiled else meant, at, arrives)
    caller = "call_read_operation" if tool.risk.read_only else "call_write_operation"
    given: Any = json.dumps(arrives) if draw(st.booleans()) else arrives
    inside = {"name": tool.name, "arguments": given}
    return DrawnCall(tool.name, None if spoiled else meant, caller, inside)
