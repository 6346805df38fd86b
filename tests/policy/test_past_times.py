"""A time that is over is refused before anything is sent, and the argument is named."""

from email.utils import formatdate
from typing import Any

import httpx
import pytest

from conekta_mcp.catalog import Effect, EffectKind
from conekta_mcp.domains.all_tools import ALL_TOOLS
from conekta_mcp.errors import InvalidArguments
from conekta_mcp.policy.limits import find_exceeded_limit
from conekta_mcp.policy.past_times import FUTURE_FIELDS, refuse_later_birth, refuse_past_times
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings.limits import Limits
from tests.contract.fields import leaves
from tests.writes.wire import LINES, NOON, ORDER, Scene, ask, paid_order, scene

BEFORE, FAR = round(NOON) - 60, 1_900_000_000
LINK = {"name": "Curso", "line_items": LINES}
CALLS: dict[str, dict[str, Any]] = {
    "create_order": {**ORDER, "payment_method": "spei"},
    "create_payment_link": LINK,
    "create_payout": {"customer_id": "cus_2zAAAAAAAAAAAAAA1", "amount": 500, "reason": "Premio"},
    "refund_order": {"order_id": "", "amount": 500, "reason": "requested_by_client"},
    "create_charge": {"order_id": "", "payment_method": "spei"},
}


@pytest.mark.anyio
@pytest.mark.parametrize("tool", CALLS)
async def test_what_is_over_is_refused_and_nothing_is_sent(tool: str) -> None:
    async with scene("memory") as one:
        app = one.server()
        order = await paid_order(app)
        given = {**CALLS[tool], **({"order_id": order} if "order_id" in CALLS[tool] else {})}
        sent = len(one.wire.posts())
        answer = await ask(app, tool, {**given, "expires_at": BEFORE})
        assert (answer["error"]["type"], answer["error"]["outcome"]) == (
            "parameter_validation_error",
            "not_applied",
        )
        assert (answer["error"]["param"], len(one.wire.posts())) == ("expires_at", sent)
        assert "21 Nov 2026, 11:59" in answer["error"]["message"]


@pytest.mark.anyio
@pytest.mark.parametrize("tool", ["create_subscription", "update_subscription"])
async def test_a_trial_that_is_over_is_refused(tool: str) -> None:
    async with scene("memory") as one:
        app = one.server()
        given = {"customer_id": "cus_2zAAAAAAAAAAAAAA1", "plan_id": "gold", "trial_end": BEFORE}
        named = {"subscription_id": "sub_2zAAAAAAAAAAAAAA1"} if tool == "update_subscription" else {}
        answer = await ask(app, tool, {**given, **named})
        assert (answer["error"]["param"], one.wire.posts()) == ("trial_end", [])


@pytest.mark.anyio
async def test_a_repeat_gets_its_answer_though_its_time_is_over() -> None:
    async with scene("memory") as one:
        app = one.server()
        call = {**ORDER, "payment_method": "spei", "expires_at": FAR, "idempotency_key": "k-1"}
        made = await ask(app, "create_order", call)
        assert "error" not in made, made
        show_time(one, FAR + 60)
        await ask(app, "list_orders", {})
        assert await ask(app, "create_order", call) == {**made, "repeated": True}
        late = await ask(app, "create_order", {**call, "idempotency_key": "k-2"})
        assert late["error"]["param"] == "expires_at"


def show_time(one: Scene, seconds: float) -> None:
    """Let Conekta's answers bear another date."""
    answer = one.wire.handle_async_request

    async def dated(request: httpx.Request) -> httpx.Response:
        told = await answer(request)
        told.headers["date"] = formatdate(seconds, usegmt=True)
        return told

    one.wire.handle_async_request = dated  # type: ignore[method-assign]  # as long as the test lasts


def test_every_time_that_a_call_lasts_until_is_known() -> None:
    times = {
        leaf.path.rpartition(".")[2]
        for tool in ALL_TOOLS
        if not tool.risk.read_only
        for leaf in leaves(tool.input)
        if leaf.path.endswith(("expires_at", "_end", "_until", "ends_at"))
    }
    assert times == FUTURE_FIELDS


def test_each_time_is_named_by_its_path_and_metadata_are_the_merchants() -> None:
    given = {
        "payment_sources": [{"expires_at": 5}, {"expires_at": 15}],
        "trial_end": 10,
        "metadata": {"expires_at": 1},
    }
    with pytest.raises(InvalidArguments) as caught:
        refuse_past_times(given, 10, LocalTimes(), "es")
    assert [one.param for one in caught.value.details] == ["payment_sources.0.expires_at", "trial_end"]
    assert "se esperaba una hora futura" in str(caught.value)
    refuse_past_times(given, 4, LocalTimes(), "es")


@pytest.mark.anyio
@pytest.mark.parametrize("tool", ["create_customer", "update_customer"])
async def test_a_birth_that_is_to_come_is_refused(tool: str) -> None:
    async with scene("memory") as one:
        person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"}
        named = person if tool == "create_customer" else {"customer_id": "cus_2zAAAAAAAAAAAAAA1"}
        answer = await ask(one.server(), tool, {**named, "date_of_birth": "01/01/2099"})
        assert (answer["error"]["param"], answer["error"]["outcome"]) == ("date_of_birth", "not_applied")
        assert answer["error"]["code"].endswith(".date_of_birth.invalid")
        assert answer["error"]["message"].startswith("date_of_birth: nobody was born after today, ")
        assert one.wire.posts() == []


def test_the_day_of_a_birth_is_the_merchants() -> None:
    midnight = 1_798_416_000  # 2026-12-28T00:00:00Z
    born = {"date_of_birth": "28/12/2026"}
    with pytest.raises(InvalidArguments, match="nadie nació después de hoy, 27/12/2026"):
        refuse_later_birth(born, midnight, LocalTimes(), "es")
    refuse_later_birth(born, midnight, LocalTimes("UTC"), "es")
    refuse_later_birth({"date_of_birth": "27/12/2026"}, midnight, LocalTimes(), "es")
    refuse_later_birth({"email": "ana@example.com"}, midnight, LocalTimes(), "es")


@pytest.mark.parametrize("kind", [EffectKind.CHARGE, EffectKind.BILL, EffectKind.REFUND, EffectKind.PAYOUT])
@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_than_nothing_is_no_amount(kind: EffectKind, amount: int) -> None:
    over = find_exceeded_limit(Limits(), Effect(kind=kind, amount=amount))
    assert over is not None
    assert over.limit == "amount"
