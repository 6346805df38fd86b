"""Our catalog and our sandbox against Conekta's OpenAPI file: three lists, none copied from another."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.catalog import Operation
from conekta_mcp.domains import SANDBOX_TOOLS
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.app import API, CONTROLS
from tests.contract.declarations import to_file
from tests.contract.fields import Leaf, leaves
from tests.contract.fitting import fitting
from tests.contract.vendor import Vendor, anonymous, route
from tests.depth import tries
from tests.one_test import all_in_one_test

OPERATIONS = [tool for tool in ALL_TOOLS if isinstance(tool, Operation)]
INSIDE = [tool for tool in OPERATIONS if not tool.source]
WITHOUT_BODY = {
    "cancel_order", "cancel_payment_link", "cancel_payout", "cancel_subscription", "pause_subscription",
    "resume_subscription", "retry_subscription", "cancel_customer_subscription",
    "pause_customer_subscription", "resume_customer_subscription", "create_customer_portal", "test_webhook",
}  # fmt: skip
WRITES = [
    tool
    for tool in INSIDE
    if tool.endpoint.method in {"POST", "PUT", "PATCH"} and tool.name not in WITHOUT_BODY
]

every_operation = all_in_one_test("tool", INSIDE)
every_write = pytest.mark.parametrize("tool", WRITES, ids=lambda tool: tool.name)

PAYER = {name: f"customer_info.{name}" for name in ("customer_id", "name", "email", "phone")}
METHOD = "charges[].payment_method."
OF_CHARGE = {
    "payment_method": "payment_method.type",
    **{
        name: f"payment_method.{name}"
        for name in ("token_id", "payment_source_id", "monthly_installments", "expires_at")
    },
}
OF_FILE = {"path": "file_data", "base64": "file_data", "name": "file_name"}
ON_THE_WIRE: dict[str, dict[str, str]] = {
    "list_orders": {
        "created_at_gte": "created_at.gte",
        "created_at_lte": "created_at.lte",
        "updated_at_gte": "updated_at.gte",
        "updated_at_lte": "updated_at.lte",
    },
    "create_order": {**PAYER, "payment_method": f"{METHOD}type", "expires_at": f"{METHOD}expires_at"},
    "create_order_reusing_clabe": {
        "customer_id": "customer_info.customer_id",
        "expires_at": f"{METHOD}expires_at",
    },
    "create_card_order": {
        **PAYER,
        "token_id": f"{METHOD}token_id",
        "payment_source_id": f"{METHOD}payment_source_id",
        "monthly_installments": f"{METHOD}monthly_installments",
    },
    "update_order": PAYER,
    "create_charge": OF_CHARGE,
    "create_charges": OF_CHARGE,
    "create_payment_link": {
        **{
            name: f"order_template.{name}"
            for name in ("line_items[]", "currency", "metadata", "tax_lines[]", "discount_lines[]")
        },
        "customer_id": "order_template.customer_info.customer_id",
        "customer": "order_template.customer_info",
    },
    "create_plan": {"plan_id": "id"},
    "create_payout": {"customer_id": "customer_info.customer_id"},
    "create_company": {"clabe": "bank_account_info.clabe"},
    "upload_company_document": OF_FILE,
    "update_company_document": OF_FILE,
}
"""Arguments, or objects of arguments, that go out under another name or in another place than their own."""

IN_WORDS = "published in words; the guard refuses less than 1. int8 is a slip of the file's: 127 seconds"
LOOSER = {
    "create_payment_link.payments_limit_count": IN_WORDS,
    "create_payment_link.redirection_time": IN_WORDS,
    "update_company_document.file_classification": "the classes are published with upload_company_document",
}
"""Where we take more than the file does."""

SHAPED = {"country": "exactly two letters, by a check that is not in the schema"}


@pytest.fixture(scope="session")
def vendor(openapi: Any) -> Vendor:
    return Vendor(openapi)


def test_the_file_has_112_operations_and_each_of_them_is_declared(vendor: Vendor) -> None:
    assert len(vendor.operations) == 112, "tests/contract/test_openapi.py: the number of operations"
    undeclared = vendor.operations.keys() - {route(tool) for tool in INSIDE}
    assert undeclared == set(), "conekta_mcp/domains/<domain>/tools.py: no tool has this endpoint"


def test_what_is_excepted_is_really_not_in_the_file(vendor: Vendor) -> None:
    excepted = [
        f"{file_of(tool)}: Conekta's file has the route of {tool.name}, so take out its source"
        for tool in OPERATIONS
        if tool.source and route(tool) in vendor.operations
    ]
    assert not excepted, "\n".join(excepted)


def test_only_tools_that_differ_in_their_arguments_share_a_route() -> None:
    shared = [tool.name for tool in OPERATIONS if [route(one) for one in OPERATIONS].count(route(tool)) > 1]
    assert sorted(shared) == sorted(
        [
            "add_card_source",
            "add_spei_recurrent_source",
            "add_cash_recurrent_source",
            "create_order",
            "create_order_reusing_clabe",
            "create_card_order",
        ]
    )


def test_what_has_no_body_in_the_file_has_none_here(vendor: Vendor) -> None:
    without = [
        tool
        for tool in INSIDE
        if tool.endpoint.method in {"POST", "PUT", "PATCH"} and vendor.body(route(tool)) is None
    ]
    expected = {tool.name for tool in without if route(tool) in vendor.operations}
    assert expected == WITHOUT_BODY, "tests/contract/test_openapi.py: WITHOUT_BODY is of other tools"
    assert [tool.name for tool in without if sendable(tool)] == []


def test_the_sandbox_serves_nothing_but_the_catalogs_endpoints_and_its_own_controls() -> None:
    served = {(one.method, anonymous(one.path)) for one in (*API, *CONTROLS)}
    declared = {route(tool) for tool in (*OPERATIONS, *SANDBOX_TOOLS) if isinstance(tool, Operation)}
    controls = {(method, path) for method, path in served if path.startswith("/_sandbox/")}
    assert served - controls - declared == set(), "conekta_mcp/sandbox/: no tool has this endpoint"
    assert ("POST", "/_sandbox/payments") in declared & controls
    assert len(served) == len(API) + len(CONTROLS)


def test_the_sandbox_routes_are_those_of_its_endpoints() -> None:
    ledger = Ledger()
    app = create_sandbox(ledger)
    ledger.close()
    *routes, unknown = app.routes
    assert [getattr(one, "path", None) for one in routes] == [one.path for one in (*API, *CONTROLS)]
    assert getattr(unknown, "path", None) == "/{path:path}"


def file_of(tool: Operation[Any]) -> str:
    """The file of a tool's input."""
    return to_file(tool.input.__module__)


def sendable(tool: Operation[Any]) -> list[Leaf]:
    """The values that go out in a query or a body, by their path there."""
    moved = ON_THE_WIRE.get(tool.name, {})
    hidden = {*tool.endpoint.path_fields, *tool.input.server_fields}
    return [replace(one, path=place(one.path, moved)) for one in leaves(tool.input) if one.path not in hidden]


def place(path: str, moved: dict[str, str]) -> str:
    """Where an argument goes: itself moved, or the object that it stands in."""
    first, dot, rest = path.partition(".")
    return moved.get(path) or moved.get(first, first) + dot + rest


def said(vendor: Vendor, tool: Operation[Any], path: str) -> list[Any]:
    """What Conekta's file says about the value at `path`."""
    if tool.endpoint.method == "GET":
        return [schema for name, schema in vendor.query(route(tool)).items() if name == path]
    body = vendor.body(route(tool))
    return vendor.find(body, path) if body else []


def find_undocumented(tool: Operation[Any], vendor: Vendor) -> list[str]:
    """Return what a tool sends that neither Conekta's file has nor a `Source` documents."""
    return [one.path for one in sendable(tool) if not one.source and not said(vendor, tool, one.path)]


@every_operation
def test_every_field_we_can_send_is_in_conektas_file(tool: Operation[Any], vendor: Vendor) -> None:
    missing = find_undocumented(tool, vendor)
    assert not missing, (
        f"Conekta's file does not have {missing} of {tool.name}: say in tests/contract/test_openapi.py: "
        f"ON_THE_WIRE what they are named there, or in {file_of(tool)} by a Source(...) who documents them"
    )


@every_operation
def test_what_is_excepted_is_really_missing(tool: Operation[Any], vendor: Vendor) -> None:
    found = [one.path for one in sendable(tool) if one.source and said(vendor, tool, one.path)]
    assert not found, (
        f"{file_of(tool)}: Conekta's file has {found} of {tool.name}, so take out the Source(...)"
    )


def wider(tool: Operation[Any], vendor: Vendor) -> dict[str, list[str]]:
    """What we take and Conekta's file does not, by tool and path."""
    return {
        f"{tool.name}.{one.path}": problems
        for one in sendable(tool)
        if (nodes := said(vendor, tool, one.path))
        and (problems := min((looser(one.schema, node) for node in nodes), key=len))
        and one.path.rpartition(".")[2] not in SHAPED
    }


@every_operation
def test_our_types_enums_and_bounds_are_within_conektas(tool: Operation[Any], vendor: Vendor) -> None:
    beyond = {path: problems for path, problems in wider(tool, vendor).items() if path not in LOOSER}
    assert not beyond, (
        f"{file_of(tool)} takes more than Conekta's file: {beyond}. Take less there, or give the reason in "
        "tests/contract/test_openapi.py: LOOSER"
    )


def test_where_we_are_looser_is_really_looser(vendor: Vendor) -> None:
    assert {path for tool in INSIDE for path in wider(tool, vendor)} == LOOSER.keys()


HIGHEST = {"int8": 2**7 - 1, "int32": 2**31 - 1, "int64": 2**63 - 1}


def looser(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """The ways in which we accept more than Conekta does."""
    problems = []
    if theirs.get("type", ours.get("type")) != ours.get("type"):
        problems.append(f"type {ours.get('type')}, not {theirs['type']}")
    if "enum" in theirs and not set(ours.get("enum", [None])) <= set(theirs["enum"]):
        problems.append(f"enum {ours.get('enum')}, not within {theirs['enum']}")
    for word in ("maxLength", "maximum", "maxItems"):
        bound = theirs.get(word, HIGHEST.get(theirs.get("format", "")) if word == "maximum" else None)
        if bound is not None and not at_most(ours, word, bound):
            problems.append(f"{word} above {bound}")
    lowest = {word: theirs[word] for word in ("minLength", "minimum", "minItems") if word in theirs}
    return problems + [
        f"{word} below {bound}" for word, bound in lowest.items() if ours.get(word, bound - 1) < bound
    ]


def at_most(ours: dict[str, Any], word: str, bound: int) -> bool:
    if "enum" in ours:
        return all(one <= bound if isinstance(one, int) else len(one) <= bound for one in ours["enum"])
    # Seconds have no published bound; they are checked to lie before the year 2100.
    return ours.get(word, 4_102_444_800 if word == "maximum" else bound + 1) <= bound


SOURCED = {one.path for tool in WRITES for one in sendable(tool) if one.source}


def skip_without_body(tool: Operation[Any], vendor: Vendor) -> None:
    if vendor.body(route(tool)) is None:
        pytest.skip("no body in Conekta's file: other tests say what to do about that")


@every_write
@tries(15)
@given(random=st.data())
def test_every_body_we_send_is_valid_for_conektas_file(
    tool: Operation[Any], vendor: Vendor, random: st.DataObject
) -> None:
    skip_without_body(tool, vendor)
    arguments = tool.input.model_validate(random.draw(fitting(tool)))
    sent = tool.build_request(arguments).body
    body = {key: value for key, value in (sent or {}).items() if key not in SOURCED}
    problems = [f"{one.json_path}: {one.message}" for one in vendor.checker(route(tool)).iter_errors(body)]
    assert problems == [] or (sent is None and not vendor.needs_body(route(tool)))


@every_write
def test_a_field_that_conekta_does_not_know_would_be_noticed(tool: Operation[Any], vendor: Vendor) -> None:
    skip_without_body(tool, vendor)
    least = tool.build_request(tool.input.model_validate(NEEDED.get(tool.name, tool.example))).body or {}
    [error] = vendor.checker(route(tool)).iter_errors({**least, "not_theirs": 1})
    assert "not_theirs" in error.message


NEEDED = {"capture_order": {"order_id": "ord_1", "amount": 500}}
"""Where the least is no body at all, and a body needs a field."""


@pytest.mark.parametrize(
    ("ours", "theirs", "noticed"),
    [
        ({"type": "string", "maxLength": 300}, {"type": "string", "maxLength": 249}, ["maxLength above 249"]),
        ({"type": "string"}, {"type": "string", "minLength": 3}, ["minLength below 3"]),
        ({"maximum": 2**31}, {"format": "int32"}, ["maximum above 2147483647"]),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, ["enum ['a', 'b'], not within ['a']"]),
        ({"type": "integer", "enum": [200]}, {"type": "integer", "format": "int8"}, ["maximum above 127"]),
        ({"type": "string"}, {"type": "integer"}, ["type string, not integer"]),
        ({"type": "integer", "enum": [24]}, {"type": "integer", "format": "int8"}, []),
    ],
)  # fmt: skip
def test_what_is_wider_than_conektas_would_be_noticed(
    ours: dict[str, Any], theirs: dict[str, Any], noticed: list[str]
) -> None:
    assert looser(ours, theirs) == noticed
