"""A lost submission of evidence is told by its files: those of before, and as many new ones as were sent."""

from typing import Any

import pytest

from tests.effects.scenes import SCENES
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
ONE, TWO, THREE = ({"id": f"chbkf_{number}", "evidence_type": "order_details"} for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ([], {"data": []}, "not_applied"),
        ([], {"data": [ONE, TWO]}, "applied"),
        ([], {"data": [ONE]}, "unknown"),
        ([], {"data": [], "total": 2}, "unknown"),
        ([], {"data": [], "has_more": True}, "unknown"),
        ([], {"data": ["chbkf_1", "chbkf_2"]}, "unknown"),
        ([ONE], {"data": [ONE]}, "not_applied"),
        ([ONE], {"data": [ONE, TWO, THREE]}, "unknown"),
        ([ONE, TWO], {"data": []}, "unknown"),
    ],
    ids=str,
)
async def test_files_that_nobody_explains_do_not_say_how_a_submission_ended(
    before: Any, now: Any, found: str, world: World
) -> None:
    given = SCENES["submit_chargeback_evidence"](world.shop)
    world.altered = lambda _, __: {"object": "list", "has_more": False, "data": before}
    witness = await witness_of(world, "submit_chargeback_evidence", given)
    world.altered = lambda _, __: {"object": "list", **now}
    assert (await outcome(world, "submit_chargeback_evidence", given, witness))[0] == found
