"""The last chapter: what the audit log recorded, and whether its chain is intact."""

from conekta_mcp.cli.records.audit_verification import describe_walk
from conekta_mcp.cli.records.audited_calls import group_by_call, summarize_call
from conekta_mcp.cli.records.log_lines import format_line
from conekta_mcp.cli.tour.shop import Shop
from conekta_mcp.storage.audit_chain.verification import verify_chain


async def show_audit(shop: Shop) -> None:
    """Show each write and refusal of the tour, and verify the chain."""
    guide, store = shop.guide, shop.app.store
    guide.say("audit_text")
    await guide.ask("audit_ask")
    guide.show()
    records = await store.read_records(shop.opened_at)
    for call in group_by_call(records):
        guide.show_wrapped("· " + format_line(summarize_call(call), guide.language), "  ")
    if not records:
        guide.say("audit_empty")
    await guide.ask("audit_verify_ask")
    guide.show()
    for line in describe_walk(verify_chain(await store.read_chain()), guide.language):
        guide.show_wrapped(line, "    ")
    guide.show()
    guide.say("audit_end")
