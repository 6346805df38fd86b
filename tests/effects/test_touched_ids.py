"""What a write locks: every id that its arguments name, wherever it stands among them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from conekta_mcp.domains.all_writes import WRITE_PLANS
from conekta_mcp.effects.touched_ids import collect_ids
from tests.effects.changes import list_fullest_calls
from tests.effects.creations import CREATIONS
from tests.effects.scenes import SCENES
from tests.effects.world import TOOLS, World

pytestmark = pytest.mark.anyio
PREFIXED = (
    "cus|ord|src|off_ref|plan|sub|ship_cont|fis_ent|tok|line_item|dis_lin|tax_lin|ship_lin|chbk|chbkf|payee"
)
ID = re.compile(rf"(?:{PREFIXED})_\w+|[0-9a-f]{{24}}|[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")
THEIR_OWN = {"reference_id", "national_id", "tax_id"}
"""Names that end like an id's, for what the merchant or the state gives out."""


def named_ids(value: Any, name: str = "") -> Iterator[str]:
    """The values that look like an id of Conekta's, and those whose name says that they are one."""
    if isinstance(value, Mapping):
        for key in value:
            if key != "metadata":
                yield from named_ids(value[key], key)
    elif isinstance(value, list):
        for one in value:
            yield from named_ids(one, name)
    elif isinstance(value, str):
        says_so = name.endswith(("_id", "_ids")) and name not in THEIR_OWN
        if says_so or ID.fullmatch(value):
            yield value


def fullest(tool: str, world: World) -> list[Mapping[str, Any]]:
    """The arguments with which tests call a tool, the most of them that are known."""
    made = list_fullest_calls(tool)
    more = [SCENES[tool](world.shop)] if tool in SCENES and tool not in CREATIONS else []
    return [dict(TOOLS[tool].example), *made, *more]


@pytest.mark.parametrize("tool", sorted(WRITE_PLANS))
async def test_a_write_touches_every_id_that_its_arguments_name(tool: str, world: World) -> None:
    for given in fullest(tool, world):
        effect = WRITE_PLANS[tool].compute_effect(world.arguments(tool, given), None)
        missing = set(named_ids(given)) - effect.touches
        assert not missing, (
            f"{tool} does not lock {missing}: give their types in catalog/fields.py an IdShape"
        )
        assert effect.touches <= set(named_ids(given)), f"{tool} locks what its arguments do not name"
        assert effect.subject is None or effect.subject in effect.touches


def test_ids_inside_lists_and_objects_are_found() -> None:
    source = {"type": "card", "token_id": "tok_1"}
    person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
    arguments = TOOLS["create_customer"].input.model_validate({**person, "payment_sources": [source]})
    assert collect_ids(arguments) == {"tok_1"}
