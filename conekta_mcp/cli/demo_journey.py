"""The recurring-CLABE journey step by step, over any client; the demo prints it and tests run it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Answer = dict[str, Any]
CallTool = Callable[[str, Answer], Awaitable[Answer]]
"""Calls a tool and returns its structured content, of a success or an error."""


@dataclass(frozen=True)
class Step:
    """One step: its title in Spanish and English, what came, and whether that is right."""

    title: dict[str, str]
    outcome: str
    well: bool


class Journey:
    """A customer gets a CLABE, is billed twice on it and once on a fresh one, pays, and is refused thrice."""

    def __init__(self, call: CallTool, tell: Callable[[Step], None]) -> None:
        self._call = call
        self._tell = tell
        self.well = True

    async def run(self) -> bool:
        """Walk all steps, also after one that went wrong; return whether all went well."""
        customer = await self._call("create_customer", ANA)
        self._record_step("customer", str(customer.get("id")), well="id" in customer)
        mine = {"customer_id": customer.get("id", "cus_none")}
        source = await self._call("add_spei_recurrent_source", mine)
        clabe = source.get("clabe")
        self._record_step("clabe", f"{clabe} ({source.get('bank')})", well=clabe is not None)
        first = await self._bill_customer("first", mine, "Plan mensual, noviembre", 50_000, clabe)
        await self._bill_customer("second", mine, "Plan mensual, diciembre", 50_000, clabe)
        await self._create_fresh_order(mine, clabe)
        await self._pay_order(first, clabe)
        await self._provoke_refusals(mine)
        return self.well

    async def _bill_customer(self, step: str, mine: Answer, name: str, cents: int, clabe: object) -> Answer:
        order = await self._call(
            "create_order_reusing_clabe", {**mine, "line_items": build_line_items(name, cents)}
        )
        self._record_step(step, format_order(order), well=clabe is not None and order.get("clabe") == clabe)
        return order

    async def _create_fresh_order(self, mine: Answer, clabe: object) -> None:
        order = await self._call(
            "create_order", {**mine, "line_items": build_line_items("Compra única", 10_000)}
        )
        self._record_step("fresh", format_order(order), well=order.get("clabe") not in {None, clabe})

    async def _pay_order(self, order: Answer, clabe: object) -> None:
        await self._call("simulate_payment", {"reference": clabe, "order_id": order.get("id", "ord_none")})
        wanted = {"order_id": order.get("id", "ord_none")}
        seen = await self._call("call_read_operation", {"name": "get_order", "arguments": wanted})
        self._record_step("paid", format_order(seen), well=seen.get("payment_status") == "paid")

    # The three documented refusals of reuse_customer_clabe (conekta-api.md 2.3).
    async def _provoke_refusals(self, mine: Answer) -> None:
        bill = {"line_items": build_line_items("Plan mensual", 50_000)}
        nobody = await self._call("create_order", {**ANA, **bill, "reuse_customer_clabe": True})
        self._record_refusal("no_customer", nobody, 422, "customer_info.customer_id.missing")
        other = await self._call("create_customer", LUIS)
        without = {"customer_id": other.get("id", "cus_none"), **bill}
        missing = await self._call("create_order_reusing_clabe", without)
        self._record_refusal("no_reference", missing, 404, "offline_recurrent_reference.not_found")
        text = await self._call("create_order", {**mine, **bill, "reuse_customer_clabe": "true"})
        self._record_refusal("no_boolean", text, None, "reuse_customer_clabe.invalid_datatype")

    def _record_refusal(self, step: str, answer: Answer, status: int | None, code: str) -> None:
        error = answer.get("error", {})
        said = f"{error.get('http_status', 'local')} · {error.get('message')} → {error.get('hint')}"
        well = error.get("http_status") == status and str(error.get("code")).endswith(code)
        self._record_step(step, said, well=well and error.get("outcome") == "not_applied")

    def _record_step(self, name: str, outcome: str, *, well: bool) -> None:
        self.well = self.well and well
        spanish, english = TITLES[name]
        self._tell(Step({"es": spanish, "en": english}, outcome, well))


def build_line_items(name: str, cents: int) -> list[Answer]:
    return [{"name": name, "unit_price": cents, "quantity": 1}]


def find_root_cause(broken: BaseException) -> BaseException:
    while isinstance(broken, BaseExceptionGroup):
        broken = broken.exceptions[0]
    return broken


def format_order(order: Answer) -> str:
    if "error" in order:
        return str(order["error"].get("message"))
    return "{amount_text} · CLABE {clabe} · {payment_status} · {id}".format_map(defaultdict(str, order))


ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LUIS = {"name": "Luis Mora", "email": "luis@example.com", "phone": "+525555555556"}

TITLES = {
    "customer": ("Crear a la cliente", "Create the customer"),
    "clabe": ("Darle una CLABE recurrente", "Give her a recurring CLABE"),
    "first": ("Cobrar en esa CLABE", "Bill on that CLABE"),
    "second": ("Cobrar otra vez en la misma CLABE", "Bill again on the same CLABE"),
    "fresh": ("Una orden con CLABE propia", "An order with a CLABE of its own"),
    "paid": ("Llega el pago de la primera", "The first one's payment arrives"),
    "no_customer": ("Rechazo: falta customer_id", "Refusal: customer_id is missing"),
    "no_reference": ("Rechazo: sin CLABE recurrente", "Refusal: no recurring CLABE"),
    "no_boolean": ("Rechazo: la bandera no es booleana", "Refusal: the flag is not a boolean"),
}
