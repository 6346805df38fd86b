"""A lost creation: found by its mark, else by its time; what nothing explains stops."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from conekta_mcp.domains.all_writes import WRITE_HANDLERS
from conekta_mcp.effects.intent_mark import build_mark
from conekta_mcp.effects.reading.new_rows import list_made_ids, read_made_at
from conekta_mcp.errors import RequestRefused
from tests.conftest import LINES, PERSON
from tests.effects.scenes import DAY, SCENES, START, ana
from tests.effects.world import World, outcome, witness_of

pytestmark = pytest.mark.anyio
MARK, OTHER = build_mark("a1b2", "t", "one"), build_mark("a1b2", "t", "two")
MARKED = ("create_order", "create_order_reusing_clabe", "create_card_order", "create_customer",
          "create_payout", "create_charge", "create_charges")  # fmt: skip
ONE_REQUEST = ("create_customer", "create_payment_link", "add_card_source", "add_spei_recurrent_source",
               "add_cash_recurrent_source")  # fmt: skip
WINDOW = {"since": START, "until": START + 10}


@pytest.mark.parametrize("tool", MARKED)
async def test_a_mark_tells_ours_from_one_that_is_equal(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    ours = await world.act(tool, given, MARK)
    with contextlib.suppress(RequestRefused):  # an order is charged once
        await world.act(tool, given, OTHER)
    proof = await world.prove(tool, given, witness, mark=MARK)
    assert proof.answer is not None
    assert (proof.outcome, proof.answer.get("id")) == ("applied", ours.get("id"))


@pytest.mark.parametrize("tool", MARKED)
async def test_what_carries_anothers_mark_is_not_ours(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given, OTHER)
    world.altered = show_no_metadata
    assert await outcome(world, tool, given, witness, mark=MARK) == ("not_applied", None)


@pytest.mark.parametrize("tool", MARKED)
async def test_what_is_alike_may_have_lost_its_mark_to_a_change_of_its_metadata(
    tool: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    world.altered = show_no_metadata
    assert (await outcome(world, tool, given, witness, mark=MARK))[0] == "unknown"
    world.altered = write_over_the_place_of_the_mark
    assert (await outcome(world, tool, given, witness, mark=MARK))[0] == "unknown"
    long_before = {"since": START - 4 * DAY, "until": START - 3 * DAY}
    assert await outcome(world, tool, given, witness, mark=MARK, **long_before) == ("not_applied", None)


def write_over_the_place_of_the_mark(_: Any, answer: dict[str, Any]) -> dict[str, Any]:
    return change_rows(answer, lambda _: {"metadata": {"cart": "7"}, "reference_id": "R-7"})


def change_rows(answer: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """An answer whose rows, and those of its charges, are changed."""
    changed = {
        name: change_rows(one, change) if isinstance(one, dict) and "data" in one else one
        for name, one in answer.items()
    }
    if isinstance(answer.get("data"), list):
        changed["data"] = [{**change_rows(row, change), **change(row)} for row in answer["data"]]
    return changed


@pytest.mark.parametrize(
    "copied",
    [
        lambda _: {"created_at": START - 2 * DAY, "starts_at": START - 2 * DAY},
        lambda _: {"created_at": START + 3 * DAY, "starts_at": START + 3 * DAY},
        lambda _: {"amount": 1, "email": "otra@example.com"},
        lambda _: {"amount": None, "email": None, "object": "error"},
        lambda _: {"id": None},
    ],
    ids=["earlier", "later", "of another sum or person", "no object", "without an id"],
)
@pytest.mark.parametrize("tool", MARKED)
async def test_a_mark_that_was_copied_into_another_row_proves_nothing(
    tool: str, copied: Any, world: World
) -> None:
    given = {**SCENES[tool](world.shop), **({"amount": 50000} if "charge" in tool else {})}
    # A payee has been paid two days before.
    window = {"since": START, "until": START + (2 * DAY if tool == "create_payout" else 0)}
    witness = await witness_of(world, tool, given)
    await world.act(tool, given, MARK)
    assert (await outcome(world, tool, given, witness, mark=MARK, **window))[0] == "applied"
    world.altered = lambda _, answer: change_rows(answer, copied)
    assert (await outcome(world, tool, given, witness, mark=MARK, **window))[0] == "unknown"


@pytest.mark.parametrize("tool", MARKED)
async def test_a_marked_row_of_another_intent_proves_nothing(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    made = await world.act(tool, given, MARK)
    owned = frozenset(list_made_ids(made, {}))
    assert (await outcome(world, tool, given, witness, mark=MARK, owned_ids=owned))[0] == "unknown"


ODD_ROWS = {
    "of another type": lambda _: {"object": "event"},
    "without a type": lambda _: {"object": None},
    "without an id": lambda _: {"id": None},
    "of nulls": lambda row: dict.fromkeys(row.keys() - {"id", "object", "created_at"}),
}
ALIKE_ROWS = [
    ("create_customer", lambda row: {"name": row["name"].upper()}),
    ("create_customer", lambda row: {"email": row["email"].upper()}),
    ("create_customer", lambda row: {"phone": f"+1{row['phone'][-10:]}"}),
    ("create_customer", lambda _: {"phone": None}),
    ("create_order", lambda _: {"line_items": None}),
    ("create_subscription", lambda row: {"plan_id": row["plan_id"].upper()}),
    ("create_subscription", lambda _: {"plan_id": None}),
    ("add_card_source", lambda row: {"type": row["type"].upper()}),
    ("add_spei_recurrent_source", lambda _: {"type": None}),
]
UNMARKED = ("create_customer", "create_order", "create_subscription", "add_card_source",
            "add_spei_recurrent_source", "add_cash_recurrent_source")  # fmt: skip


@pytest.mark.parametrize("odd", ODD_ROWS)
@pytest.mark.parametrize("tool", UNMARKED)
async def test_an_odd_row_proves_nothing(tool: str, odd: str, world: World) -> None:
    assert await look_at_changed_rows(tool, ODD_ROWS[odd], world) == "unknown"


@pytest.mark.parametrize(("tool", "change"), ALIKE_ROWS)
async def test_a_row_that_is_only_alike_proves_nothing(tool: str, change: Any, world: World) -> None:
    assert await look_at_changed_rows(tool, change, world) == "unknown"


async def look_at_changed_rows(tool: str, change: Any, world: World) -> str:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    assert (await outcome(world, tool, given, witness, **WINDOW))[0] == "applied"
    world.altered = lambda _, answer: change_rows(answer, change)
    return (await outcome(world, tool, given, witness, **WINDOW))[0]


def show_no_metadata(_: Any, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer in which every object says that it has no metadata and no reference."""
    return {
        **{name: show_nested(one) for name, one in answer.items()},
        "metadata": answer.get("metadata") or {},
        "reference_id": answer.get("reference_id"),
    }


def show_nested(value: Any) -> Any:
    if isinstance(value, list):
        return [show_no_metadata(None, one) if isinstance(one, dict) else one for one in value]
    return show_no_metadata(None, value) if isinstance(value, dict) and "data" in value else value


@pytest.mark.parametrize("tool", ["create_customer", "create_charge", "create_charges"])
async def test_where_a_row_leaves_out_the_place_of_the_mark_an_equal_one_may_be_ours(
    tool: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    ana(world.shop, name="Eva Luna")
    assert await outcome(world, tool, given, witness, mark=MARK) == ("not_applied", None)
    await world.act(tool, given)
    assert (await outcome(world, tool, given, witness, mark=MARK))[0] == "unknown"


@pytest.mark.parametrize("tool", MARKED)
async def test_a_mark_is_found_whatever_conekta_made_of_the_rest(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given, MARK)
    world.altered = in_other_words
    assert (await outcome(world, tool, given, witness, mark=MARK))[0] == "applied"


def in_other_words(_: Any, answer: dict[str, Any]) -> dict[str, Any]:
    rows = answer.get("data", [answer]) if isinstance(answer.get("data", []), list) else [answer]
    for row in rows:
        row.update({name: "another" for name in ("name", "reason", "phone") if name in row})
    return answer


@pytest.mark.parametrize(
    ("tool", "used"),
    [("create_charge", {"reference_id": "R-1"}), ("create_order", {"metadata": {"mcp_intent": "own"}})],
)
async def test_where_the_merchant_uses_the_place_of_the_mark_its_lack_says_nothing(
    tool: str, used: dict[str, Any], world: World
) -> None:
    given = {**SCENES[tool](world.shop), **used}
    witness = await witness_of(world, tool, given)
    await world.act(tool, given, MARK)
    assert (await outcome(world, tool, given, witness, mark=MARK))[0] == "applied"


@pytest.mark.parametrize("tool", ["create_order", "create_customer", "create_payout", "create_payment_link"])
async def test_twice_the_same_mark_is_unknown_and_both_are_named(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    made = [(await world.act(tool, given, MARK))["id"] for _ in range(2)]
    found, look = await outcome(world, tool, given, witness, mark=MARK)
    assert (found, [one in (look or "") for one in made]) == ("unknown", [True, True])


@pytest.mark.parametrize("tool", ONE_REQUEST)
async def test_what_is_dated_needs_nothing_read_before(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    world.asked.clear()
    assert await witness_of(world, tool, given) == {}
    assert not WRITE_HANDLERS[tool].needs_state(world.arguments(tool, given))
    # Whose it is is read for the question alone.
    assert [one.path for one in world.asked] in ([], [f"/customers/{given.get('customer_id')}"])


@pytest.mark.parametrize("tool", [*ONE_REQUEST, "create_order", "create_plan", "create_subscription"])
async def test_what_was_made_outside_the_attempts_is_not_ours(tool: str, world: World) -> None:
    given = SCENES[tool](world.shop)
    witness = await witness_of(world, tool, given)
    await world.act(tool, given)
    assert (await outcome(world, tool, given, witness, **WINDOW))[0] == "applied"
    later = {"since": START + 2 * DAY, "until": START + 3 * DAY}
    # Where all rows were noted before the call, none that is new can be older than it.
    found = "unknown" if witness.get("all") else "not_applied"
    assert (await outcome(world, tool, given, witness, **later))[0] == found
    before = {"since": START - 3 * DAY, "until": START - 2 * DAY}
    assert await outcome(world, tool, given, witness, **before) == ("not_applied", None)


@pytest.mark.parametrize(("seconds", "found"), [(5, "applied"), (6, "not_applied")])
async def test_five_seconds_of_difference_between_clocks_are_allowed(
    seconds: int, found: str, world: World
) -> None:
    await world.act("create_customer", PERSON)
    for window in ({"since": START + seconds}, {"until": START - seconds}):
        assert (await outcome(world, "create_customer", PERSON, {}, **window))[0] == found


@pytest.mark.parametrize("tool", ONE_REQUEST)
async def test_where_it_is_not_known_when_it_was_sent_what_is_alike_proves_nothing(
    tool: str, world: World
) -> None:
    given = SCENES[tool](world.shop)
    await world.act(tool, given)
    assert (await outcome(world, tool, given, {}, since=0.0))[0] == "unknown"
    assert (await outcome(world, tool, given, {}, **WINDOW))[0] == "applied"


async def test_what_another_intent_owns_is_not_ours(world: World) -> None:
    made = await world.act("create_customer", PERSON)
    owned = frozenset({made["id"]})
    assert await outcome(world, "create_customer", PERSON, {}, owned_ids=owned) == ("not_applied", None)


async def test_a_new_row_that_does_not_fit_stops(world: World) -> None:
    ana(world.shop, name="Eva Luna")
    assert (await outcome(world, "create_customer", PERSON, {}, **WINDOW))[0] == "unknown"
    await world.act("create_customer", PERSON)
    assert (await outcome(world, "create_customer", PERSON, {}, **WINDOW))[0] == "applied"


@pytest.mark.parametrize("created", [0, None, "yesterday"])
async def test_a_row_without_a_date_stops_where_nothing_was_noted(created: Any, world: World) -> None:
    await world.act("create_customer", PERSON)
    world.altered = lambda _, answer: {
        **answer, "data": [{**row, "created_at": created} for row in answer.get("data", ())]
    }  # fmt: skip
    assert (await outcome(world, "create_customer", PERSON, {}, **WINDOW))[0] == "unknown"


async def test_an_order_by_the_panel_twenty_days_later_is_not_ours(world: World) -> None:
    given = {"customer_id": ana(world.shop), "line_items": LINES}
    world.shop.advance(20 * DAY)
    await world.act("create_order", given)
    assert await outcome(world, "create_order", given, {}, **WINDOW) == ("not_applied", None)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ({"data": [], "has_more": False}, "not_applied"),
        ({"data": [], "has_more": True}, "unknown"),
        ({"data": [], "has_more": True, "next_page_url": "https://x.example.com?next=cus_1"}, "unknown"),
    ],
)
async def test_a_list_that_goes_on_unseen_is_not_an_empty_one(
    page: dict[str, Any], found: str, world: World
) -> None:
    world.altered = lambda _, __: page
    assert (await outcome(world, "create_customer", PERSON, {}))[0] == found


@pytest.mark.parametrize(
    ("row", "made"),
    [
        ({"created_at": START}, (START, START)),
        ({"created_at": "2026-01-16 12:00:55.000000+00:00"}, (START, START)),
        ({"starts_at": START}, (START, START + DAY)),
        ({"created_at": 0, "starts_at": None}, None),
        ({"created_at": True}, None),
        ({}, None),
    ],
)
def test_when_a_row_was_made(row: dict[str, Any], made: Any) -> None:
    assert read_made_at(row) == made


async def test_what_a_call_made_is_claimed_by_no_other(world: World) -> None:
    made = await world.act("create_customer", PERSON)
    assert list_made_ids(made, {}) == (made["id"],)
    given = SCENES["create_charges"](world.shop)
    charges = await world.act("create_charges", given)
    assert list_made_ids(charges, {"ids": []}) == tuple(row["id"] for row in charges["data"])
    assert list_made_ids({"files": []}, {}) == ()


async def test_of_a_refund_only_the_one_new_row_is_claimed(world: World) -> None:
    given = SCENES["refund_order"](world.shop)
    witness = await witness_of(world, "refund_order", given)
    first = await world.act("refund_order", given)
    (row,) = list_made_ids(first, witness)
    assert row == first["charges"]["data"][0]["refunds"]["data"][0]["id"]
    assert list_made_ids(await world.act("refund_order", given), witness) == ()
