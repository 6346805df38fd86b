"""The first chapters: the shop, one of its customers, and their CLABE."""

from conekta_mcp.cli.tour.guide import TourLeft
from conekta_mcp.cli.tour.shop import Shop, find_clabe
from conekta_mcp.cli.tour.showing import show_error, show_facts, show_rows

NO = {"no", "n"}


async def show_shop(shop: Shop) -> None:
    """List the people and the orders of the shop."""
    guide = shop.guide
    guide.say("shop_text")
    guide.say("keys")
    show_rows(guide, await shop.show_call("list_customers"), ("name", "email", "id"))
    orders = await shop.read("list_orders")
    show_rows(guide, orders, ("customer_name", "amount_text", "payment_status", "clabe"))
    guide.show()
    guide.say("shop_end")


async def look_up_customer(shop: Shop) -> None:
    """Let the person search for a customer and choose one of the results."""
    guide = shop.guide
    guide.say("people_text")
    while True:
        found = await shop.show_call("list_customers", search=await guide.ask("people_ask", "Ana"))
        if "error" in found:
            show_error(guide, found["error"])
        elif found["rows"]:
            break
        else:
            guide.say("people_none")
    show_rows(guide, found, ("name", "email", "id"))
    number = await guide.choose("people_which", len(found["rows"])) if len(found["rows"]) > 1 else 1
    chosen = dict(zip(found["columns"], found["rows"][number - 1], strict=True))
    # A new customer: earlier bills are not theirs.
    if chosen["id"] != shop.customer.get("id"):
        shop.customer, shop.clabe, shop.order = chosen, None, {}
    guide.show()
    guide.say("people_end", name=chosen["name"])


async def give_clabe(shop: Shop) -> None:
    """Read the customer's CLABE, and give them one if there is none."""
    guide = shop.guide
    guide.say("clabe_text")
    await shop.ensure_customer()
    known = await shop.show_call("get_customer", customer_id=shop.customer["id"])
    shop.clabe = find_clabe(known)
    show_facts(guide, {**known, "clabe": shop.clabe})
    if shop.clabe is None:
        guide.say("clabe_none", name=known["name"])
        if (await guide.ask("clabe_ask")).lower() in NO:
            raise TourLeft("skip")
        source = await shop.show_call("add_spei_recurrent_source", customer_id=shop.customer["id"])
        if "error" in source:
            show_error(guide, source["error"])
            return
        show_facts(guide, source)
        shop.clabe = source["clabe"]
    guide.show()
    guide.say("clabe_end", clabe=shop.clabe)
