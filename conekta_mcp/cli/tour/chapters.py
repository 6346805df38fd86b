"""The chapters in order, and how one moves between them."""

from collections.abc import Awaitable, Callable

from conekta_mcp.cli.tour.guide import Guide, TourLeft, Way
from conekta_mcp.cli.tour.money import bill_customer, exceed_limits, pay_order, refund_part
from conekta_mcp.cli.tour.people import give_clabe, look_up_customer, show_shop
from conekta_mcp.cli.tour.record import show_audit
from conekta_mcp.cli.tour.shop import Shop

Chapter = Callable[[Shop], Awaitable[None]]
CHAPTERS: tuple[tuple[str, Chapter], ...] = (
    ("shop", show_shop),
    ("people", look_up_customer),
    ("clabe", give_clabe),
    ("bill", bill_customer),
    ("pay", pay_order),
    ("refund", refund_part),
    ("limits", exceed_limits),
    ("audit", show_audit),
)


async def walk(guide: Guide, shop: Shop) -> Way:
    """Run the chapters from the guide's current one; return "skip" at the end, or how it was left."""
    number = guide.chapter
    while number <= len(CHAPTERS):
        name, chapter = CHAPTERS[number - 1]
        guide.show_title(number, len(CHAPTERS), guide.tell(f"{name}_title"))
        try:
            await chapter(shop)
            await guide.pause()
        except TourLeft as left:
            if left.way in {"quit", "stuck"}:
                return left.way
            number = max(1, number - 1) if left.way == "back" else number + 1
        else:
            number += 1
    return "skip"
