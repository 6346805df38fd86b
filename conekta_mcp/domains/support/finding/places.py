"""Where payments are searched: the lists that Conekta filters by a clue, then all orders in turn."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import anyio

from conekta_mcp.catalog import Reader
from conekta_mcp.catalog.fields import INT32_MAX
from conekta_mcp.domains.charges.tools import list_charges
from conekta_mcp.domains.customers.tools import GetCustomerInput, get_customer, list_customers
from conekta_mcp.domains.folding import fold_email
from conekta_mcp.domains.orders.tools import GetOrderInput, get_order, list_orders
from conekta_mcp.domains.support.clues.clue import Clue, Kind, iter_readings
from conekta_mcp.domains.support.finding.comparison import Asked, Comparison, get_email, get_last_digits
from conekta_mcp.domains.support.finding.order_facts import OrderFacts
from conekta_mcp.domains.support.finding.searched_list import Place, note_refusal
from conekta_mcp.domains.support.walking import Raw, Walk, iter_pages
from conekta_mcp.effects.state_reading import is_truncated, list_rows
from conekta_mcp.errors import Failure
from conekta_mcp.results.times import say

MAX_PAGES_OF_A_SEARCH = 3
MAX_SEARCHED_PEOPLE = 3


@dataclass
class Search:
    """Searches orders that match the clues."""

    reader: Reader
    asked: Asked
    span: Mapping[str, int]
    """Filters of list_orders for the given time."""
    orders: dict[str, Raw] = field(default_factory=dict)
    facts: dict[str, OrderFacts] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    people: dict[str, set[str]] = field(default_factory=dict)
    beyond: list[Place] = field(default_factory=list)
    """Lists that were searched without the time, because nothing matched in it."""
    is_narrowed: bool = False
    """Whether matching orders were dropped in favour of those with more of the words."""

    def list_comparisons(self, *, is_lenient: bool = False) -> list[Comparison]:
        return self._compare(list(self.orders), is_lenient=is_lenient)

    def _compare(self, order_ids: Sequence[str], *, is_lenient: bool = False) -> list[Comparison]:
        asked = replace(self.asked, people=self.people, is_lenient=is_lenient)
        return [found for found in (asked.compare(self.facts[one]) for one in order_ids) if found.fits]

    async def look_at_filters(self) -> None:
        """Ask Conekta with all possible filters at the same time.

        Raises:
            Failure: the first one that is not just an empty result.
        """
        failures: list[Failure] = []

        async def look(step: Callable[[], Awaitable[object]]) -> None:
            try:
                await step()
            except Failure as failure:
                failures.append(failure)

        async with anyio.create_task_group() as group:
            for step in self._list_steps():
                group.start_soon(look, step)
        if failures:
            raise failures[0]

    async def look_beyond_span(self) -> None:
        """Ask again without the time, by the other filters: an amount, a name."""
        if (amount := _find_sure_amount(list(self.asked.clues))) is not None and self.reader.has_budget():
            self.beyond.append(await self.filter_amount(amount, {}))
        elif any(one.most for one in iter_readings(list(self.asked.clues), "amount")):
            newest = say("las órdenes más nuevas, de cualquier día", "the newest orders, of any day")
            self.beyond.append(await self._search(newest))  # Conekta cannot filter by a range
        if (word := self._select_name()) and self.reader.has_budget():
            self.beyond.append(await self._search_word(word, {}))

    async def walk_orders(self, start: str | None) -> Place:
        """Walk all orders, newest first, until one matches completely or the budget ends."""
        what = say("todas las órdenes, de la más nueva a la más antigua", "all orders, newest first")
        place = Place(what, Walk(next=start), filters=self.span)
        self.places.append(place)
        async for rows in iter_pages(self.reader, list_orders, place.walk, **self.span):
            added = self._keep(rows)
            await self.reader.tell(place.walk.rows, max(place.walk.rows, 1))
            if any(one.is_whole for one in self._compare(added)):
                break
        return place

    def _list_steps(self) -> list[Callable[[], Awaitable[object]]]:
        clues = list(self.asked.clues)
        steps: list[Callable[[], Awaitable[object]]] = []
        looks: tuple[tuple[Kind, Callable[[str], Awaitable[object]]], ...] = (
            ("order_id", self._read_order),
            ("charge_id", self._look_for_charge),
            ("customer_id", self._look_for_customer),
            ("email", self._search_email),
            ("phone", self._look_for_phone),
        )
        for kind, look in looks:
            texts = dict.fromkeys(one.text for one in iter_readings(clues, kind))
            steps += [_bind(look, text) for text in texts]
        if word := self._select_name():
            steps.append(lambda: self._search_word(word, self.span))
        if (amount := _find_sure_amount(clues)) is not None:
            steps.append(lambda: self.filter_amount(amount, self.span))
        return steps

    def _select_name(self) -> str:
        """Return the word to search by name; None if answers are masked."""
        if self.asked.whole_values_only:
            return ""
        names = [one.text for one in iter_readings(list(self.asked.clues), "name")]
        required = [clue for clue in self.asked.clues if not clue.is_optional] or list(self.asked.clues)
        words = [one.text for one in iter_readings(required, "words") if not one.text.isdigit()]
        return max(" ".join(names or words).split(), key=len, default="")

    async def _read_order(self, order_id: str) -> None:
        place = self.begin_place(say(f"la orden {order_id}", f"order {order_id}"))
        order = await self.ask(place, lambda: get_order.call(self.reader, GetOrderInput(order_id=order_id)))
        if order:
            self._keep([order])

    async def _look_for_charge(self, charge_id: str) -> None:
        place = self.begin_place(say(f"el cargo {charge_id}", f"charge {charge_id}"))
        asked = list_charges.input(search=charge_id, limit=5)
        page = await self.ask(place, lambda: list_charges.call(self.reader, asked))
        for row in list_rows(page):
            if row.get("id") == charge_id and row.get("order_id"):
                await self._read_order(str(row["order_id"]))

    async def _look_for_customer(self, customer_id: str) -> None:
        place = self.begin_place(say(f"el cliente {customer_id}", f"customer {customer_id}"))
        asked = GetCustomerInput(customer_id=customer_id)
        customer = await self.ask(place, lambda: get_customer.call(self.reader, asked))
        if email := str(customer.get("email") or ""):
            await self._search_email(email)

    async def _look_for_phone(self, phone: str) -> None:
        place = self.begin_place(say("clientes con ese teléfono", "customers with that phone"))
        asked = list_customers.input(search=phone, limit=100)
        page = await self.ask(place, lambda: list_customers.call(self.reader, asked))
        found = [row for row in list_rows(page) if get_last_digits(row.get("phone")) == phone]
        place.walk.complete = bool(page) and not is_truncated(page) and len(found) <= MAX_SEARCHED_PEOPLE
        self._count_only(place, found)
        self.people[phone] = {str(row.get("id")) for row in found}
        for email in dict.fromkeys(str(row.get("email") or "") for row in found[:MAX_SEARCHED_PEOPLE]):
            if email:
                await self._search_email(email)

    async def _search_email(self, email: str) -> None:
        what = say("órdenes con ese correo", "orders with that e-mail")
        place = await self._search(what, search=email[:249])
        wanted = fold_email(email)
        self._count_only(place, [one for one in place.walk.found if get_email(one) == wanted])

    async def _search_word(self, word: str, span: Mapping[str, int]) -> Place:
        is_name = any(iter_readings(list(self.asked.clues), "name"))
        what = say("órdenes por el nombre", "orders by the name")
        other = say("órdenes por la palabra más larga", "orders by the longest word")
        return await self._search(what if is_name else other, search=word, **span)

    async def filter_amount(self, amount: int, span: Mapping[str, int]) -> Place:
        what = say("órdenes de exactamente ese monto", "orders of exactly that amount")
        return await self._search(what, amount=amount, **span)

    def _count_only(self, place: Place, found: Sequence[Raw]) -> None:
        """If answers are masked, return only the number of orders with the whole value."""
        if self.asked.whole_values_only:
            place.walk.rows = len(found)

    async def _search(self, what: str, **asked: Any) -> Place:
        place = self.begin_place(what)
        place.filters = {name: value for name, value in asked.items() if name in self.span}
        pages = 0
        try:
            async for rows in iter_pages(self.reader, list_orders, place.walk, **asked):
                self._keep(rows)
                place.walk.found += rows
                pages += 1
                if pages == MAX_PAGES_OF_A_SEARCH:
                    break
        except Failure as failure:
            note_refusal(place, failure)
        # This cursor only continues this filter; the caller gets the cursor of the walk over all orders.
        place.walk.next = None
        return place

    def begin_place(self, what: str) -> Place:
        place = Place(what)
        self.places.append(place)
        return place

    async def ask(self, place: Place, ask: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        if not self.reader.has_budget():
            return {}
        try:
            answer = await ask()
        except Failure as failure:
            note_refusal(place, failure)
            return {}
        place.walk.complete = True
        place.walk.rows = len(answer["data"]) if isinstance(answer.get("data"), list) else 1
        return answer

    def _keep(self, rows: Sequence[Raw]) -> list[str]:
        """Store orders, and return the ids of the new ones."""
        added = {str(row.get("id")): row for row in reversed(rows) if str(row.get("id")) not in self.orders}
        self.orders |= dict(reversed(added.items()))
        self.facts |= {name: OrderFacts(row) for name, row in added.items()}
        return list(added)


def _find_sure_amount(clues: Sequence[Clue]) -> int | None:
    """Return an unambiguous amount that Conekta can filter by."""
    candidates = [clue.readings for clue in clues if not any(one.most for one in clue.readings)]
    amounts = {
        one.amount for readings in candidates if all(r.kind == "amount" for r in readings) for one in readings
    }
    bare = {readings[0].amount for readings in candidates if readings[0].kind == "amount"}
    found = amounts or bare
    # A long number without a currency, such as part of a reference, exceeds any order's amount.
    return found.pop() if len(found) == 1 and max(found) <= INT32_MAX else None


def _bind(look: Callable[[str], Awaitable[object]], text: str) -> Callable[[], Awaitable[object]]:
    return lambda: look(text)
