"""demo --approve: a client that cannot ask bills, and a person answers on a page or a terminal."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, MCPError, StdioServerParameters

from conekta_mcp.cli.approving.answers import TerminalAnswers
from conekta_mcp.cli.demonstration.journey import ANA, Answer, build_line_items, explain_break, format_order
from conekta_mcp.cli.starting.next_steps import draw_next_steps
from conekta_mcp.cli.tables import find_width, wrap_lines
from conekta_mcp.cli.terminal import Terminal, open_terminal
from conekta_mcp.settings import Settings
from conekta_mcp.settings.approvals import CHANNELS
from conekta_mcp.storage.opening import open_store

WAIT_SECONDS = 5
POLL_SECONDS = 0.2
INTERRUPTED = 130
TEXTS = {
    "es": {
        "start": "Un cliente MCP que no puede preguntar, como Claude Desktop, cobra en el sandbox, sin red.",
        "customer": "Crear a la cliente y darle una CLABE",
        "asked": "El modelo llama a create_order_reusing_clabe. El servidor pregunta a una persona:",
        "pending": "La llamada respondió consent_pending: no se ha hecho nada. El modelo espera y la repite.",
        "command": "O en otra terminal: {command}",
        "approved": "La persona dijo que sí: la misma llamada, repetida, hizo la orden, una vez",
        "paid": "Llega el pago",
        "declined": "La persona dijo que no: no se cobró nada",
        "ill": "Esto no salió como debía: {told}",
        "nobody": (
            "Aquí nadie puede responder: no se abre ningún navegador y esto no es una terminal. Corre "
            "conekta-mcp demo --approve en una terminal y escribe sí cuando pregunte."
        ),
        "well": "Listo. Ningún peso se movió.",
        "broken": "El servidor no contestó: {told}",
    },
    "en": {
        "start": "An MCP client that can ask nobody, like Claude Desktop, bills on the sandbox, no network.",
        "customer": "Create the customer and give her a CLABE",
        "asked": "The model calls create_order_reusing_clabe. The server asks a person:",
        "pending": "The call answered consent_pending: nothing was done. The model waits and repeats it.",
        "command": "Or on another terminal: {command}",
        "approved": "The person said yes: the same call, repeated, made the order, once",
        "paid": "The payment arrives",
        "declined": "The person said no: nothing was billed",
        "ill": "This was not as it must be: {told}",
        "nobody": (
            "Nobody can answer here: no browser opens, and this is no terminal. Run "
            "conekta-mcp demo --approve on a terminal, and type yes when it asks."
        ),
        "well": "Done. No money moved.",
        "broken": "The server did not answer: {told}",
    },
}


def show_approval(language: str) -> int:
    """Bill with a person's approval; return 0 if it ended as the person answered, else 1."""
    terminal = open_terminal(sys.stdout)
    code = 1
    try:
        with tempfile.TemporaryDirectory(prefix="conekta-mcp-demo-") as folder:
            state = str(Path(folder) / "demo.sqlite3")
            return 0 if anyio.run(ApprovalDemo(language, state, terminal).run) else 1
    # The client's task groups wrap whatever ends them into exception groups.
    except* (MCPError, OSError) as broken:
        told = explain_break(broken, language)
        print(TEXTS[language]["broken"].format(told=told))
    except* KeyboardInterrupt:
        print()
        code = INTERRUPTED
    return code


@dataclass
class ApprovalDemo:
    language: str
    state: str
    terminal: Terminal | None
    tell: Callable[[str], None] = print

    async def run(self) -> bool:
        """Walk through it; return whether it ended as the person answered."""
        texts = TEXTS[self.language]
        self._print(texts["start"])
        async with Client(self._describe_server()) as client:
            customer = await _call(client, "create_customer", ANA)
            mine = {"customer_id": customer.get("id", "cus_none")}
            source = await _call(client, "add_spei_recurrent_source", mine)
            self._print(f"  ✓ {texts['customer']}\n       {source.get('clabe')}")
            self._print(f"  … {texts['asked']}")
            order: Answer = {}
            async with anyio.create_task_group() as group:
                if self.terminal:
                    group.start_soon(self._ask_at_terminal, self.terminal)
                order = await self._bill(client, mine)
                group.cancel_scope.cancel()
            return bool(order) and await self._finish(client, order)

    async def _bill(self, client: Client, mine: Answer) -> Answer:
        """Make the same call until a person has answered; return what it was answered, {} if nobody can."""
        texts, bill = TEXTS[self.language], build_line_items("Plan mensual, noviembre", 50_000)
        is_told = False
        while True:
            order = await _call(client, "create_order_reusing_clabe", {**mine, "line_items": bill})
            error = order.get("error", {})
            if error.get("type") != "consent_pending":
                return order
            places = {
                one["param"]: one["message"] for one in error["details"] if one.get("param") in CHANNELS
            }
            if not is_told:
                is_told = True
                self._print(f"  … {texts['pending']}")
                for place in places.values():
                    self._print(f"       {place}")
                # Copied by the person: it stays one line.
                self._show("       " + texts["command"].format(command=self._get_command()))
            if self.terminal is None and "browser" not in places:
                self._print(texts["nobody"])
                return {}

    async def _finish(self, client: Client, order: Answer) -> bool:
        texts, error = TEXTS[self.language], order.get("error", {})
        if error.get("type") == "consent_declined":
            self._print(f"  ✓ {texts['declined']}")
        elif "id" in order:
            self._print(f"  ✓ {texts['approved']}\n       {format_order(order, self.language)}")
            await _call(
                client, "simulate_payment", {"reference": order.get("clabe"), "order_id": order["id"]}
            )
            wanted = {"name": "get_order", "arguments": {"order_id": order["id"]}}
            paid = await _call(client, "call_read_operation", wanted)
            self._print(f"  ✓ {texts['paid']}\n       {format_order(paid, self.language)}")
        else:
            self._print("  ✗ " + texts["ill"].format(told=error.get("message")))
            return False
        self._print(f"{texts['well']}\n\n{draw_next_steps(self.language, without='conekta-mcp demo')}")
        return True

    async def _ask_at_terminal(self, terminal: Terminal) -> None:
        """Ask here too, as conekta-mcp approvals watch does; the first answer counts."""
        store = open_store(None, sandbox_state=self.state, sandbox=True, clock=time.time)
        try:
            answers = TerminalAnswers(terminal, store, Settings(language=self.language))
            while True:
                for one in await answers.pending.list_open():
                    person = await answers.identify()
                    if person and await answers.answer(one, person) in {"approved", "declined"}:
                        return
                await anyio.sleep(POLL_SECONDS)
        finally:
            with anyio.CancelScope(shield=True):
                await store.close()

    def _describe_server(self) -> StdioServerParameters:
        words = ["--sandbox", "--state", self.state, "--confirm", "money", "--language", self.language]
        words += ["--approval-wait", str(WAIT_SECONDS)]
        # The display is in the environment, and so may a real key be, which a demo does not use.
        environment = {name: text for name, text in os.environ.items() if not name.startswith("CONEKTA_")}
        return StdioServerParameters(
            command=sys.executable, args=["-m", "conekta_mcp", "serve", *words], env=environment
        )

    def _get_command(self) -> str:
        return f"conekta-mcp approvals watch --sandbox --state {self.state}"

    def _print(self, text: str) -> None:
        self._show(wrap_lines(text, find_width()))

    def _show(self, text: str) -> None:
        if self.terminal:
            self.terminal.show(text)
        else:
            print(text, flush=True)


async def _call(client: Client, tool: str, arguments: dict[str, Any]) -> Answer:
    return (await client.call_tool(tool, arguments)).structured_content or {}
