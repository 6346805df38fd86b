"""A subscription that names no readable customer, plan or order is told as far as it can be read."""

from typing import Any

import anyio
import pytest

from conekta_mcp.catalog import Request
from conekta_mcp.domains.support.explaining.subscription_check import check_subscription
from conekta_mcp.domains.support.fields import CheckSubscriptionInput
from conekta_mcp.domains.support.profile_report import _describe_deletion, _read_plans
from conekta_mcp.results.times import use_times
from tests.domains.support.asking import MEXICO_CITY, START


class Subscriptions:
    """A reader of one subscription; nothing else exists."""

    is_time_known, now, whole_values_only = True, float(START), False

    def __init__(self, **fields: Any) -> None:
        self.row = {"id": "sub_2tXyZ1234567890ab", "object": "subscription", "status": "past_due", **fields}
        self.asked: list[str] = []

    def has_budget(self, _requests: int = 1) -> bool:
        return True

    def is_open(self, _tool: str) -> bool:
        return True

    async def tell(self, _done: int, _of: int) -> None:
        """Nobody waits for progress."""

    async def send(self, request: Request) -> dict[str, Any]:
        self.asked.append(request.path)
        return {"object": "list", "data": [self.row], "has_more": False}


@pytest.mark.parametrize("odd", [None, 7, "", "Ana Ruiz", ["cus_1"]], ids=str)
def test_ids_that_are_none_are_not_read(odd: object) -> None:
    reader: Any = Subscriptions(customer_id=odd, last_billing_cycle_order_id=odd)
    asked = CheckSubscriptionInput(customer_id="cus_2tXyZ1234567890ab")
    with use_times(MEXICO_CITY, "en"):
        told = anyio.run(check_subscription, reader, asked)
    assert [one["subscription"]["id"] for one in told["subscriptions"]] == ["sub_2tXyZ1234567890ab"]
    assert not any("payment_sources" in path for path in reader.asked)


@pytest.mark.parametrize("end", [10**25, -(10**25), 10**12], ids=str)
@pytest.mark.parametrize("status", ["active", "in_trial", "past_due"])
def test_an_end_outside_of_the_calendar_is_left_out(end: int, status: str) -> None:
    card = {"type": "card", "id": "src_1", "exp_month": "12", "exp_year": "30", "last4": "4242"}
    reader: Any = Subscriptions(
        **card, customer_id="cus_2tXyZ1234567890ab", status=status, billing_cycle_end=end, trial_end=end
    )
    reader.row |= {"card_id": reader.row["id"]}
    asked = CheckSubscriptionInput(customer_id="cus_2tXyZ1234567890ab")
    with use_times(MEXICO_CITY, "en"):
        told = anyio.run(check_subscription, reader, asked)
    assert "expires in" not in told["subscriptions"][0]["now"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("active", "1 live subscription"),
        (" Active", "1 live subscription"),
        ({"a": 1}, "nothing else"),
        (None, "nothing else"),
    ],
    ids=str,
)
def test_a_deletion_counts_the_subscriptions_that_run_however_it_is_written(
    status: object, told: str
) -> None:
    with use_times(MEXICO_CITY, "en"):
        assert told in _describe_deletion({"owed_is_complete": True}, [{"status": status}])


def test_a_plan_whose_id_is_none_is_not_read() -> None:
    rows = [{"status": "active", "plan_id": one} for one in ({"a": 1}, [None, 1], None, 7)]
    reader: Any = Subscriptions()
    assert anyio.run(_read_plans, reader, rows) == {}
    assert reader.asked == []
