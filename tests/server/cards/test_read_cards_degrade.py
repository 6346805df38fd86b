"""With or without cards, the answers of tools are the same."""

from typing import Any

import pytest

from tests.server.cards.shop import LINES, PAYER, connect

pytestmark = pytest.mark.anyio


async def walk(mode: str, *, apps: bool) -> list[dict[str, Any]]:
    """What each tool of a default card answers."""
    async with connect(mode, apps=apps, confirm="never") as client:
        answers: list[dict[str, Any]] = []

        async def call(tool: str, **arguments: Any) -> dict[str, Any]:
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, result.content
            # The SDK notes in `_meta` which server answered; there is nothing of ours.
            assert not [name for name in result.meta or {} if not name.startswith("io.modelcontextprotocol/")]
            answers.append(result.model_dump(mode="json", by_alias=True, exclude={"meta"}))
            found: dict[str, Any] = result.structured_content or {}
            return found

        customer = await call("create_customer", **PAYER)
        mine = {"customer_id": customer["id"]}
        await call("update_customer", **mine, name="Ana Ruiz Soto")
        await call("get_customer", **mine)
        await call("list_customers")
        await call("add_spei_recurrent_source", **mine)
        order = await call("create_order_reusing_clabe", **mine, line_items=LINES)
        await call("get_order", order_id=order["id"])
        await call("list_orders")
        await call("cancel_order", order_id=order["id"])
        await call("list_subscriptions", **mine)
    return answers


def drop_random(value: Any) -> Any:
    """Ids and numbers are drawn anew in each shop, and its clock goes on."""
    if isinstance(value, dict):
        return {name: drop_random(one) for name, one in value.items()}
    if isinstance(value, list):
        return [drop_random(one) for one in value]
    return type(value).__name__ if isinstance(value, str) or type(value) is int else value


async def test_answers_are_the_same_with_and_without_cards(era: str) -> None:
    shown, plain = await walk(era, apps=True), await walk(era, apps=False)
    assert drop_random(shown) == drop_random(plain)
    assert all(answer["structuredContent"] for answer in plain)
