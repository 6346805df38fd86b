"""A client of the Python SDK 1.x, which asks for one bill until it is made or refused.

The arguments are how its person answers a form (yes, no, closed, silent, or none: it declares no forms), what
to call with, the environment of the server, and its command. It prints as one JSON object what it saw. A
client of this SDK reads nothing while a form is open: one that stays silent gives the call up.
"""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Any

from anyio import BrokenResourceError
from mcp import ClientSession, McpError, StdioServerParameters, types
from mcp.client.stdio import stdio_client

MOST_CALLS = 60
SECONDS = timedelta(seconds=60)
SHORT = timedelta(seconds=3)
"""For a client whose form hangs: it reads nothing until the form is closed, not even its answer."""


class Person:
    """Whoever sits at the client."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.asked: list[str] = []

    async def answer_form(self, _: Any, form: Any) -> types.ElicitResult:
        self.asked.append(form.message)
        if self.how == "silent":
            await asyncio.Event().wait()
        if self.how == "closed":
            return types.ElicitResult(action="cancel")
        return types.ElicitResult(action="accept", content={"approve": self.how == "yes"})


async def main() -> None:
    how, bill, environment = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
    params = StdioServerParameters(command=sys.argv[4], args=sys.argv[5:], env=environment)
    person = Person(how)
    seen: dict[str, Any] = {"asked": person.asked, "progress": [], "answers": [], "again": None}

    async def note_progress(_: float, __: float | None, message: str | None) -> None:
        seen["progress"].append(message or "")

    async def call(session: ClientSession) -> dict[str, Any]:
        wait = SHORT if how == "silent" else SECONDS
        try:
            given = await session.call_tool("create_order", bill, wait, note_progress)
        except McpError as failure:
            return {"given_up": str(failure)}
        return given.structuredContent or {}

    async def use(session: ClientSession) -> None:
        """Call until there is an answer, or until the session hangs."""
        seen["protocol"] = (await session.initialize()).protocolVersion
        while len(seen["answers"]) < MOST_CALLS:
            seen["answers"].append(answer := await call(session))
            if answer.get("error", {}).get("type") != "consent_pending":
                # The same once more, as a model calls that is not sure.
                seen["again"] = await call(session) if "id" in answer else None
                return

    form = None if how == "none" else person.answer_form
    try:
        async with (
            stdio_client(params) as (read, write),
            ClientSession(read, write, elicitation_callback=form) as session,
        ):
            await use(session)
    except* BrokenResourceError:  # how a session ends that hangs
        if how != "silent":
            raise
    sys.stdout.write(json.dumps(seen))


asyncio.run(main())
