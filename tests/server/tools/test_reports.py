"""Reports are subject to what reads are: selection, policy, masking, accounts, and a budget."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client

from conekta_mcp.api.in_process import InProcessTransport
from conekta_mcp.app import App
from conekta_mcp.catalog import Report, Request
from conekta_mcp.domains.support.tools import TOOLS
from conekta_mcp.effects.reading.budget import BudgetedReader, NoNews, Surroundings
from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.settings.table import SANDBOX_KEY, Settings
from tests.sandbox.shop import Shop

pytestmark = pytest.mark.anyio
START = 1_768_564_855
VISA = {"type": "card", "token_id": "tok_test_visa_4242"}
DENY = '[[rule]]\nname = "no lists"\neffect = "deny"\ntools = ["list_orders"]\n'


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with closing(Ledger(clock=lambda: START, seed=1)) as opened:
        yield opened


@pytest.fixture
def order(ledger: Ledger) -> dict[str, Any]:
    shop = Shop(ledger, SANDBOX_KEY)
    found: dict[str, Any] = shop.order(shop.customer()["id"], VISA)
    return found


async def call(ledger: Ledger, tool: str, arguments: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """Call a tool of a server on this sandbox, and return its structured answer."""
    chosen = Settings(**{"sandbox": True, "store": "memory", "language": "en", **settings})
    app = App(chosen, lambda: InProcessTransport(create_sandbox(ledger)))
    try:
        async with Client(app.server) as client:
            return (await client.call_tool(tool, arguments)).structured_content or {}
    finally:
        await app.close()


async def test_a_report_is_called_by_its_name_and_as_an_operation(ledger: Ledger, order: Any) -> None:
    direct = await call(ledger, "explain_payment", {"id": order["id"]})
    asked = {"name": "explain_payment", "arguments": {"id": order["id"]}}
    assert direct["now"].startswith("It is paid: MXN 500.00")
    assert await call(ledger, "call_read_operation", asked) == direct
    assert direct["typed_text"].endswith("customer_name, description.")


async def test_it_is_there_with_its_toolset_alone_and_where_only_reads_are(
    ledger: Ledger, order: Any
) -> None:
    for settings in ({"toolsets": ("support",)}, {"read_only": True}):
        answer = await call(ledger, "find_payment", {"text": "500"}, **settings)
        assert answer["payments"][0]["id"] == order["id"]


@pytest.mark.parametrize("exclude", ["list_orders", "orders"])
async def test_what_the_operator_excludes_is_not_shown_by_a_report(
    exclude: str, ledger: Ledger, order: Any
) -> None:
    answer = await call(ledger, "find_payment", {"text": order["id"]}, exclude=(exclude,))
    assert answer["error"]["code"] == "conekta_mcp.errors.not_switched_on"
    assert answer["error"]["message"] == "list_orders exists and is not switched on here."


async def test_what_the_policy_denies_is_not_shown_by_a_report(
    ledger: Ledger, order: Any, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(DENY, encoding="utf-8")
    answer = await call(ledger, "find_payment", {"text": order["id"]}, policy=str(policy))
    assert answer["error"]["type"] == "policy_denied"


async def test_only_tools_that_this_server_has_are_proposed(ledger: Ledger, order: Any) -> None:
    asked = {"id": order["id"]}
    whole = await call(ledger, "explain_payment", asked)
    assert [one["tool"] for one in whole["next_steps"]] == ["refund_order"]
    reading = await call(ledger, "explain_payment", asked, read_only=True)
    assert "next_steps" not in reading


async def test_people_are_masked_in_reports(ledger: Ledger, order: Any) -> None:
    customer = {"customer_id": order["customer_info"]["customer_id"]}
    found = await call(ledger, "find_payment", {"email": "ana@example.com"}, pii="masked")
    assert found["payments"][0]["customer_name"] == "A** R**"
    profile = await call(ledger, "get_customer_profile", customer, pii="masked")
    assert profile["customer"]["email"] == "a**@example.com"
    shop = Shop(ledger, SANDBOX_KEY)
    pending = shop.order(None, {"type": "spei"})
    clabe = shop.method_of(pending)["clabe"]
    # Whoever pays needs the CLABE; whoever is searched does not.
    told = await call(ledger, "explain_payment", {"id": pending["id"]}, pii="masked")
    assert (told["order"]["clabe"], told["order"]["customer_name"]) == (clabe, "E** L**")
    found = await call(ledger, "find_payment", {"id": pending["id"]}, pii="masked")
    assert found["payments"][0]["clabe"] != clabe
    minimal = await call(ledger, "get_customer_profile", customer, pii="minimal")
    assert "email" not in minimal["customer"]


async def test_a_wrong_argument_is_refused_in_both_languages(ledger: Ledger) -> None:
    for language, said in (("en", "say at least one thing"), ("es", "di al menos un dato")):
        answer = await call(ledger, "find_payment", {}, language=language)
        assert said in answer["error"]["message"]
        assert answer["error"]["hint"].startswith("Nothing was sent")


def build_reader(report: Report[Any], sender: Any, **surroundings: Any) -> BudgetedReader:
    async def ignore(_done: int, _of: int) -> None:
        """Tell nobody."""

    return BudgetedReader(report, sender, "account", Surroundings(**surroundings), lambda _: True, ignore)


class Counter:
    """Counts the requests under way."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def send(self, request: Request) -> dict[str, Any]:
        self.now += 1
        self.most = max(self.most, self.now)
        await anyio.lowlevel.checkpoint()
        self.now -= 1
        return {"path": request.path}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_report_cannot_write(method: Any) -> None:
    reader = build_reader(TOOLS[0], Counter())
    with pytest.raises(TypeError, match=f"find_payment may not send {method} /orders"):
        await reader.send(Request(method, "/orders"))


async def test_a_report_sends_no_more_than_its_budget_and_a_few_at_a_time() -> None:
    counter = Counter()
    reader = build_reader(TOOLS[0], counter)
    async with anyio.create_task_group() as group:
        for _ in range(TOOLS[0].max_requests):
            group.start_soon(reader.send, Request("GET", "/orders"))
    assert (reader.has_budget(), counter.most) == (False, 4)
    with pytest.raises(TypeError, match="has sent all of its 20 requests"):
        await reader.send(Request("GET", "/orders"))


async def test_a_report_has_no_room_once_its_time_is_over() -> None:
    moments = iter([0.0, 39.9, 40.0])
    reader = build_reader(TOOLS[0], Counter(), monotonic=lambda: next(moments))
    assert (reader.has_budget(), reader.has_budget()) == (True, False)


async def test_a_report_without_a_reader_is_a_defect() -> None:
    with pytest.raises(TypeError, match="find_payment needs a reader"):
        await TOOLS[0].call(Counter(), TOOLS[0].input.model_construct())


async def test_without_news_a_wait_lasts_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def note(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(anyio, "sleep", note)
    await NoNews().wait("ord_1", 2.5)
    assert slept == [2.5]


def test_every_report_names_operations_that_there_are() -> None:
    from conekta_mcp.domains.all_tools import ALL_TOOLS

    names = {tool.name: tool for tool in ALL_TOOLS}
    for report in TOOLS:
        assert report.reads
        assert all(names[name].risk.read_only for name in report.reads)
