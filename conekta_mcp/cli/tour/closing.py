"""The end of the tour: the box of next steps, and the offer to run one now."""

import anyio

from conekta_mcp.cli.installing.clients import CLIENT_NAMES
from conekta_mcp.cli.starting.next_steps import draw_next_steps
from conekta_mcp.cli.tour.guide import Guide, TourLeft


def close(guide: Guide) -> int:
    """Show the next steps, run the one that is chosen, and return its exit code."""
    guide.show()
    guide.show(draw_next_steps(guide.language, without="conekta-mcp tour"))
    if guide.is_unattended:
        return 0
    try:
        words = anyio.run(_ask_what_next, guide)
    except TourLeft:
        return 0
    if not words:
        return 0
    from conekta_mcp.cli import run_command

    return run_command([*words, "--language", guide.language])


async def _ask_what_next(guide: Guide) -> list[str]:
    """Return the command that the person wants now, empty for none."""
    while True:
        wanted = (await guide.ask("offer")).lower()
        if not wanted:
            return []
        if wanted == "login":
            return ["login"]
        if wanted == "install":
            break
        guide.say("offer_unknown", typed=wanted)
    while True:
        client = (await guide.ask("offer_client", CLIENT_NAMES[0], names=", ".join(CLIENT_NAMES))).lower()
        if client in CLIENT_NAMES:
            # Onto the sandbox, which is what the person has just seen: no key, no money.
            return ["install", client, "--sandbox"]
        guide.say("offer_unknown", typed=client)
