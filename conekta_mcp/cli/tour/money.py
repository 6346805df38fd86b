"""The chapters about money: bill with approval, pay, refund a part, and exceed a limit."""

from conekta_mcp.cli.tour.shop import MOST, MOST_REFUNDED, REASON, Answer, Shop, build_bill
from conekta_mcp.cli.tour.showing import show_error, show_facts

ORDER = ("id", "amount_text", "clabe", "payment_status", "amount_refunded")
TOO_MUCH = 5_000_000
UNANSWERED = "consent_pending"


async def bill_customer(shop: Shop) -> None:
    """Bill on the customer's CLABE; the person is asked for approval."""
    guide = shop.guide
    guide.say("bill_text", most=guide.format_amount(MOST))
    await shop.ensure_clabe()
    while True:
        amount = await guide.ask_pesos("bill_ask", 50_000, name=shop.customer["name"])
        title = await guide.ask("bill_title_ask", guide.tell("plan"))
        bill = build_bill(shop.customer["id"], title, amount)
        order = await ask_until_answered(shop, "create_order_reusing_clabe", bill)
        if "error" not in order:
            break
    _show_order(shop, order, "bill_end")


async def pay_order(shop: Shop) -> None:
    """Let the person act as the payer, then ask whether the payment arrived."""
    guide = shop.guide
    guide.say("pay_text")
    await shop.ensure_order()
    if shop.order["payment_status"] != "pending_payment":
        shop.order = {}  # it was paid when the person was here before
        await shop.ensure_order()
    while True:
        amount = await guide.ask_pesos("pay_ask", shop.order["amount"], clabe=shop.clabe)
        paid = await shop.show_call(
            "simulate_payment", reference=shop.clabe, order_id=shop.order["id"], amount=amount
        )
        if "error" in paid:
            show_error(guide, paid["error"])
            continue
        show_facts(guide, paid, ("status", "reason", "amount_text"))
        if paid["status"] == "applied":
            break
        guide.say("pay_returned")
    text = await guide.ask("pay_find", guide.tell("pay_message", name=shop.customer["name"]))
    await show_found_payment(shop, text)
    shop.order = await shop.read_order()
    guide.show()
    guide.say("pay_end")


async def show_found_payment(shop: Shop, text: str) -> None:
    found = await shop.show_call("find_payment", text=text)
    if "error" in found:
        show_error(shop.guide, found["error"])
        return
    shop.guide.show_wrapped(found["found"], "    ")
    for payment in found.get("payments", []):
        show_facts(
            shop.guide,
            payment,
            ("id", "customer_name", "certainty", "payment_status", "amount_text", "paid_at_text"),
        )


async def refund_part(shop: Shop) -> None:
    """Refund a part; the person is asked for approval."""
    guide = shop.guide
    guide.say("refund_text", most=guide.format_amount(MOST_REFUNDED))
    await shop.ensure_order(paid=True)
    while True:
        amount = await guide.ask_pesos("refund_ask", 15_000, total=shop.order["amount_text"])
        wanted = {"order_id": shop.order["id"], "amount": amount, "reason": REASON}
        order = await ask_until_answered(shop, "refund_order", wanted)
        if "error" not in order:
            break
    _show_order(shop, order, "refund_end")


async def exceed_limits(shop: Shop) -> None:
    """Let the person exceed the limit of one call, and then the limit of the day."""
    guide = shop.guide
    most = guide.format_amount(MOST)
    guide.say("limits_text", most=most, day=guide.format_amount(MOST_REFUNDED))
    await shop.ensure_order(paid=True)
    while (amount := await guide.ask_pesos("limits_ask", TOO_MUCH, most=most)) <= MOST:
        guide.say("limits_small", most=most)
    bill = build_bill(shop.customer["id"], guide.tell("plan"), amount)
    answer = await shop.show_call("create_order_reusing_clabe", **bill, **shop.name_intent())
    tell_refusal(shop, answer)
    refund = await guide.ask_pesos("limits_refund_ask", MOST_REFUNDED + 100, total=shop.order["amount_text"])
    wanted = {"order_id": shop.order["id"], "amount": refund, "reason": REASON}
    tell_refusal(shop, await shop.show_call("refund_order", **wanted, **shop.name_intent()))
    guide.show()
    guide.say("limits_end")


async def ask_until_answered(shop: Shop, tool: str, arguments: Answer) -> Answer:
    """Make one call, repeated until the person answers; show how it was refused."""
    guide, intent = shop.guide, shop.name_intent()
    while True:
        answer = await shop.show_call(tool, **arguments, **intent)
        error = answer.get("error")
        if error is None:
            return answer
        show_error(guide, error)
        if error["type"] != UNANSWERED:
            guide.say("declined" if error["type"] == "consent_declined" else "refused")
            return answer
        guide.say("unanswered")
        await guide.ask("ask_again")


def tell_refusal(shop: Shop, answer: Answer) -> None:
    if "error" in answer:
        show_error(shop.guide, answer["error"])
    else:
        show_facts(shop.guide, answer, ORDER)
        shop.guide.say("limits_fitted")


def _show_order(shop: Shop, order: Answer, end: str) -> None:
    """Remember an order as that of the tour, show it, and end the chapter with a text."""
    shop.order = order
    show_facts(shop.guide, order, ORDER)
    shop.guide.show()
    shop.guide.say(end)
