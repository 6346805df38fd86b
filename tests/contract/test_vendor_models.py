"""The models of the vendor's own SDK (conekta 9.0.0) accept every body that our tools send, and keep it."""

from copy import deepcopy
from typing import Any

import pytest
from conekta import models
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.catalog import Operation
from conekta_mcp.domains import FOUNDATION
from tests.contract.fields import leaves
from tests.contract.fitting import fitting
from tests.contract.sent_arguments import list_unsent
from tests.depth import tries
from tests.effects.changes import CHANGES, list_fullest_calls
from tests.effects.creations import CREATIONS

SOURCES = {
    "card": models.PaymentMethodTokenRequest,
    "spei_recurrent": models.PaymentMethodSpeiRequest,
    "cash_recurrent": models.PaymentMethodCashRequest,
}
MODELS: dict[str, Any] = {
    "create_customer": models.Customer,
    "update_customer": models.UpdateCustomer,
    "add_card_source": SOURCES["card"],
    "add_spei_recurrent_source": SOURCES["spei_recurrent"],
    "add_cash_recurrent_source": SOURCES["cash_recurrent"],
    "update_payment_source": models.UpdatePaymentMethodsCard,
    "add_shipping_contact": models.CustomerShippingContactsRequest,
    "update_shipping_contact": models.CustomerUpdateShippingContactsRequest,
    "add_fiscal_entity": models.FiscalEntityRequest,
    "update_fiscal_entity": models.UpdateFiscalEntityRequest,
    "create_order": models.OrderRequest,
    "create_order_reusing_clabe": models.OrderRequest,
    "create_card_order": models.OrderRequest,
}
"""What the vendor calls our bodies. Its union of payment sources takes none (two arms fit): hence SOURCES."""

NEWER = "newer than this SDK, which has neither the field nor room for others"
FORGOTTEN = "the model has the field, its from_dict forgets it"
DROPPED: dict[str, dict[str, str]] = {
    "create_order_reusing_clabe": {"reuse_customer_clabe": NEWER},
    "create_customer": {"fiscal_entities[].metadata": FORGOTTEN},
    "add_fiscal_entity": {"metadata": FORGOTTEN},
    "update_fiscal_entity": {"metadata": FORGOTTEN},
}
"""What the vendor's models lose of our bodies, and why that is not ours to mend.

What has a Source(...) in its input is newer than the models, so it is not listed here.
"""


def may_be_lost(tool: Operation[Any]) -> set[str]:
    return {*DROPPED.get(tool.name, ()), *(leaf.path for leaf in leaves(tool.input) if leaf.source)}


TOOLS_WITH_BODY: list[Operation[Any]] = [
    tool for tool in FOUNDATION if isinstance(tool, Operation) and tool.name in MODELS
]
FULLEST = {name: list_fullest_calls(name) for name in (*CREATIONS, *CHANGES)}
FULLEST_FILE = {True: "tests/effects/creations.py: CREATIONS", False: "tests/effects/changes.py: CHANGES"}
every_tool = pytest.mark.parametrize("tool", TOOLS_WITH_BODY, ids=lambda tool: tool.name)


def kept(tool: Operation[Any], body: dict[str, Any]) -> dict[str, Any]:
    """What the vendor's model makes of `body`."""
    rest = deepcopy(body)
    sources = rest.pop("payment_sources", None)
    result: dict[str, Any] = MODELS[tool.name].from_dict(rest).to_dict()
    if sources is not None:
        result["payment_sources"] = [SOURCES[one["type"]].from_dict(dict(one)).to_dict() for one in sources]
    return result


def sent(tool: Operation[Any], arguments: dict[str, Any]) -> dict[str, Any]:
    return dict(tool.build_request(tool.input.model_validate(arguments)).body or {})


def test_every_fullest_call_has_a_model() -> None:
    assert MODELS.keys() <= FULLEST.keys(), "tests/contract/test_vendor_models.py: MODELS"


@every_tool
def test_the_fullest_arguments_use_every_field(tool: Operation[Any]) -> None:
    used = {path for arguments in FULLEST[tool.name] for path in paths(arguments)}
    unused = {leaf.path for leaf in leaves(tool.input)} - used
    assert not unused, f"{FULLEST_FILE[tool.name in CREATIONS]}: {tool.name} does not use {sorted(unused)}"


@every_tool
def test_every_argument_is_sent(tool: Operation[Any]) -> None:
    unsent = list_unsent(tool, FULLEST[tool.name])
    assert not unsent, "\n".join(unsent)


def paths(value: Any, before: str = "") -> set[str]:
    if isinstance(value, dict):
        return {
            path
            for key, inner in value.items()
            for path in paths(inner, f"{before}.{key}" if before else key)
        } | {before}
    if isinstance(value, list):
        return {path for inner in value for path in paths(inner, f"{before}[]")} | {before}
    return {before}


def lost(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """The paths at which `theirs` has not what `ours` has; defaults that the vendor adds do not matter."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            one
            for key, value in ours.items()
            for one in lost(value, theirs.get(key, ...), f"{path}.{key}" if path else key)
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            one for mine, other in zip(ours, theirs, strict=True) for one in lost(mine, other, f"{path}[]")
        ]
    return [] if ours == theirs and type(ours) is type(theirs) else [path]


@every_tool
def test_the_vendors_model_keeps_the_fullest_body(tool: Operation[Any]) -> None:
    for arguments in FULLEST[tool.name]:
        body = sent(tool, arguments)
        dropped = set(lost(body, kept(tool, body))) - may_be_lost(tool)
        assert body
        assert not dropped, (
            f"the vendor's model of {tool.name} drops {sorted(dropped)}: send what it keeps, or give the "
            "reason in tests/contract/test_vendor_models.py: DROPPED"
        )


@every_tool
@tries(20)
@given(random=st.data())
def test_the_vendors_model_keeps_any_body_that_we_send(tool: Operation[Any], random: st.DataObject) -> None:
    body = sent(tool, random.draw(fitting(tool)))
    assert set(lost(body, kept(tool, body))) - may_be_lost(tool) == set()


@pytest.mark.parametrize("name", sorted(DROPPED))
def test_what_the_vendor_drops_is_really_dropped(name: str) -> None:
    (tool,) = [one for one in TOOLS_WITH_BODY if one.name == name]
    bodies = [sent(tool, arguments) for arguments in FULLEST[name]]
    dropped = {path for body in bodies for path in lost(body, kept(tool, body))}
    assert DROPPED[name].keys() <= dropped, f"tests/contract/test_vendor_models.py: DROPPED of {name}"


def test_the_vendors_union_of_payment_sources_still_takes_none() -> None:
    with pytest.raises(ValueError, match="Multiple matches found"):
        models.CreateCustomerPaymentMethodsRequest.from_dict({"type": "spei_recurrent"})
