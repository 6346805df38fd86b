"""The recurring-CLABE journey step by step, over any client; the demo prints it and tests run it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from conekta_mcp.effects.question_facts import STATUS_TEXTS
from conekta_mcp.settings.table import LANGUAGES

Answer = dict[str, Any]
CallTool = Callable[[str, Answer], Awaitable[Answer]]
"""Calls a tool and returns its structured content, of a success or an error."""


@dataclass(frozen=True)
class Step:
    """One step: its title in Spanish and English, its answer, and whether that is as expected."""

    title: dict[str, str]
    outcome: str
    """The outcome in the answer; `told` is the text about it."""
    told: dict[str, str]
    well: bool


class Journey:
    """A customer gets a CLABE, is billed twice on it and once on a new one, pays, and is refused thrice."""

    def __init__(self, call: CallTool, tell: Callable[[Step], None]) -> None:
        self._call = call
        self._tell = tell
        self.well = True

    async def run(self) -> bool:
        """Run all steps, also after a failure; return whether all were as expected."""
        customer = await self._call("create_customer", ANA)
        self._record_step("customer", *to_both_languages(str(customer.get("id"))), well="id" in customer)
        mine = {"customer_id": customer.get("id", "cus_none")}
        source = await self._call("add_spei_recurrent_source", mine)
        clabe = source.get("clabe")
        self._record_step(
            "clabe", *to_both_languages(f"{clabe} ({source.get('bank')})"), well=clabe is not None
        )
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
        well = clabe is not None and order.get("clabe") == clabe
        self._record_step(step, *describe_order(order), well=well)
        return order

    async def _create_fresh_order(self, mine: Answer, clabe: object) -> None:
        order = await self._call(
            "create_order", {**mine, "line_items": build_line_items("Compra única", 10_000)}
        )
        self._record_step("fresh", *describe_order(order), well=order.get("clabe") not in {None, clabe})

    async def _pay_order(self, order: Answer, clabe: object) -> None:
        await self._call("simulate_payment", {"reference": clabe, "order_id": order.get("id", "ord_none")})
        wanted = {"order_id": order.get("id", "ord_none")}
        seen = await self._call("call_read_operation", {"name": "get_order", "arguments": wanted})
        self._record_step("paid", *describe_order(seen), well=seen.get("payment_status") == "paid")

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
        summary = f"{error.get('http_status', 'local')} · {error.get('message')} → {error.get('hint')}"
        well = error.get("http_status") == status and str(error.get("code")).endswith(code)
        told = {language: describe_refusal(error, language) for language in LANGUAGES}
        self._record_step(step, summary, told, well=well and error.get("outcome") == "not_applied")

    def _record_step(self, name: str, outcome: str, told: dict[str, str], *, well: bool) -> None:
        self.well = self.well and well
        self._tell(Step(TITLES[name], outcome, told, well))


def build_line_items(name: str, cents: int) -> list[Answer]:
    return [{"name": name, "unit_price": cents, "quantity": 1}]


def find_root_cause(broken: BaseException) -> BaseException:
    while isinstance(broken, BaseExceptionGroup):
        broken = broken.exceptions[0]
    return broken


def explain_break(broken: BaseException, language: str) -> str:
    """Return why the server did not answer; texts of the SDK and the system are in English."""
    cause = find_root_cause(broken)
    kind = "missing" if isinstance(cause, FileNotFoundError) else "ended"
    reason = BREAKS["late" if isinstance(cause, TimeoutError) else kind][language]
    return f"{reason} ({str(cause) or type(cause).__name__})"


def to_both_languages(text: str) -> tuple[str, dict[str, str]]:
    return text, dict.fromkeys(LANGUAGES, text)


def describe_order(order: Answer) -> tuple[str, dict[str, str]]:
    """Return an order from its answer, and a text about it in each language."""
    if "error" in order:
        return to_both_languages(str(order["error"].get("message")))
    return _fill_order(order), {language: format_order(order, language) for language in LANGUAGES}


def format_order(order: Answer, language: str) -> str:
    if "error" in order:
        return str(order["error"].get("message"))
    status = order.get("payment_status")
    words = STATUS_TEXTS.get(str(status))
    return _fill_order({**order, "payment_status": words[LANGUAGES.index(language)] if words else status})


def describe_refusal(error: Answer, language: str) -> str:
    """Return what refused a call and why; its hint is for models, and in English."""
    where = error.get("http_status") or LOCAL[language]
    hint = f" → {error.get('hint')}" if language == "en" else ""
    return f"{where} · {error.get('message')}{hint}"


def _fill_order(order: Answer) -> str:
    return "{amount_text} · CLABE {clabe} · {payment_status} · {id}".format_map(defaultdict(str, order))


ANA = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}
LUIS = {"name": "Luis Mora", "email": "luis@example.com", "phone": "+525555555556"}

LOCAL = {"es": "antes de enviar nada", "en": "before anything was sent"}
BREAKS = {
    "missing": {"es": "no se encontró el programa", "en": "its program was not found"},
    "late": {"es": "no contestó a tiempo", "en": "it did not answer in time"},
    "ended": {"es": "terminó o cerró la conexión", "en": "it ended, or closed the connection"},
}
TITLES = {
    "customer": {"es": "Crear a la cliente", "en": "Create the customer"},
    "clabe": {"es": "Darle una CLABE recurrente", "en": "Give her a recurring CLABE"},
    "first": {"es": "Cobrar en esa CLABE", "en": "Bill on that CLABE"},
    "second": {"es": "Cobrar otra vez en la misma CLABE", "en": "Bill again on the same CLABE"},
    "fresh": {"es": "Una orden con CLABE propia", "en": "An order with a CLABE of its own"},
    "paid": {"es": "Llega el pago de la primera", "en": "The first one's payment arrives"},
    "no_customer": {"es": "Rechazo: falta customer_id", "en": "Refusal: customer_id is missing"},
    "no_reference": {"es": "Rechazo: sin CLABE recurrente", "en": "Refusal: no recurring CLABE"},
    "no_boolean": {"es": "Rechazo: la bandera no es booleana", "en": "Refusal: the flag is not a boolean"},
}
