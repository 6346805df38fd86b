"""The shop of the tour: the real server on a separate sandbox, and a client that calls its tools."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mcp import Client
from mcp.types import Implementation

from conekta_mcp import __version__
from conekta_mcp.app import App
from conekta_mcp.cli.tour.approval_prompt import TourPrompt
from conekta_mcp.cli.tour.guide import Guide
from conekta_mcp.settings import Settings

Answer = dict[str, Any]
MOST, MOST_REFUNDED = 2_000_000, 30_000
"""Limits of the shop in centavos: for one call, and for the refunds of a day."""
CLIENT = "conekta-mcp tour"
REASON = "requested_by_client"
PEOPLE = {
    "ana": {"name": "Ana Ruiz", "email": "ana.ruiz@example.com", "phone": "+525555555501"},
    "torres": {"name": "Ana Torres", "email": "ana.torres@example.com", "phone": "+525555555502"},
    "luis": {"name": "Luis Mora", "email": "luis@example.com", "phone": "+525555555503"},
    "maria": {"name": "María Hernández", "email": "maria@example.com", "phone": "+525555555504"},
    "jorge": {"name": "Jorge Peña", "email": "jorge@example.com", "phone": "+525555555505"},
}
SOLD = {
    "luis": ({"es": "Clases de noviembre", "en": "Lessons, November"}, 75_000),
    "maria": ({"es": "Renta de bodega", "en": "Storage rent"}, 120_000),
}


class Shop:
    """Calls tools as an agent would, and remembers the objects that were made."""

    def __init__(self, app: App, client: Client, guide: Guide, prompt: TourPrompt) -> None:
        self.app, self.guide, self.opened_at = app, guide, 0.0
        self._client, self._prompt = client, prompt
        self.customer: Answer = {}
        """Whom the person looked up."""
        self.clabe: str | None = None
        self.order: Answer = {}
        """What the person billed last, as it stood when it was last read."""
        self._made = 0

    async def open(self) -> None:
        """Create people, CLABEs and orders in the shop."""
        with self._prompt.answer_by_itself():
            ids = {}
            for name, person in PEOPLE.items():
                ids[name] = (await self.call("create_customer", **person))["id"]
            for name, (title, amount) in SOLD.items():
                await self.call("add_spei_recurrent_source", customer_id=ids[name])
                sold = build_bill(ids[name], title[self.guide.language], amount)
                order = await self.call("create_order_reusing_clabe", **sold)
                if name == "luis":
                    await self.call("simulate_payment", order_id=order["id"])
        self.opened_at = self.app.clock()

    async def call(self, tool: str, **arguments: Any) -> Answer:
        """Call a tool; the caller shows the answer."""
        return (await self._client.call_tool(tool, arguments)).structured_content or {}

    async def show_call(self, tool: str, **arguments: Any) -> Answer:
        """Show the call, make it, and follow the words typed at its question."""
        self.guide.show_call(tool, arguments)
        self.guide.terminal.typed = ""
        answer = await self.call(tool, **arguments)
        self.guide.note_answer(answer)
        self.guide.follow(self.guide.terminal.typed)
        return answer

    async def read(self, name: str, **arguments: Any) -> Answer:
        """Show and make a call of an unlisted operation."""
        return await self.show_call("call_read_operation", name=name, arguments=arguments)

    def name_intent(self) -> dict[str, str]:
        """Return a key for each write after the first, so that it is not taken for a repeat."""
        self._made += 1
        return {"idempotency_key": f"tour-{self._made}"} if self._made > 1 else {}

    async def ensure_customer(self) -> None:
        """Use the first customer if the chapter that chooses one was skipped."""
        if not self.customer:
            found = await self.call("list_customers", search=PEOPLE["ana"]["name"])
            self.customer = dict(zip(found["columns"], found["rows"][0], strict=True))
            self.guide.say("took_customer", name=self.customer["name"])

    async def ensure_clabe(self) -> None:
        await self.ensure_customer()
        if self.clabe is None:
            known = await self.call("get_customer", customer_id=self.customer["id"])
            self.clabe = find_clabe(known)
        if self.clabe is None:
            source = await self.call("add_spei_recurrent_source", customer_id=self.customer["id"])
            self.clabe = source["clabe"]
            self.guide.say("made_clabe", name=self.customer["name"], clabe=self.clabe)

    async def ensure_order(self, *, paid: bool = False) -> None:
        """Bill and pay as the skipped chapters would have."""
        await self.ensure_clabe()
        with self._prompt.answer_by_itself():
            if not self.order:
                bill = build_bill(self.customer["id"], self.guide.tell("plan"), 50_000)
                self.order = await self.call("create_order_reusing_clabe", **bill, **self.name_intent())
                self.guide.say("made_order", amount=self.order["amount_text"])
            if paid and self.order["payment_status"] == "pending_payment":
                await self.call("simulate_payment", reference=self.clabe, order_id=self.order["id"])
                self.order = await self.read_order()
                self.guide.say("made_payment")

    async def read_order(self) -> Answer:
        wanted = {"order_id": self.order["id"]}
        return await self.call("call_read_operation", name="get_order", arguments=wanted)


@asynccontextmanager
async def open_shop(guide: Guide, settings: Settings, folder: str) -> AsyncIterator[Shop]:
    """Open the shop in a folder; of the person's settings it uses only language and time zone."""
    app = App(
        Settings(
            sandbox=True,
            state=str(Path(folder) / "shop.sqlite3"),
            confirm="money",
            max_amount=MOST,
            max_daily_refunds=MOST_REFUNDED,
            language=settings.language,
            timezone=settings.timezone,
            log_level=settings.log_level,
        )
    )
    prompt = TourPrompt(guide, app)
    app.channels = replace(app.channels, browser=None, prompt=prompt)
    try:
        async with Client(app.server, client_info=Implementation(name=CLIENT, version=__version__)) as client:
            shop = Shop(app, client, guide, prompt)
            guide.say("opening")
            await shop.open()
            yield shop
    finally:
        await app.close()


def build_bill(customer_id: str, title: str, amount: int) -> Answer:
    return {
        "customer_id": customer_id,
        "line_items": [{"name": title, "unit_price": amount, "quantity": 1}],
    }


def find_clabe(customer: Answer) -> str | None:
    """Return the recurring CLABE of a customer."""
    sources = customer.get("payment_sources") or []
    return next((one["clabe"] for one in sources if one.get("clabe")), None)
