"""One bill that a client which is not ours asks for, counted and answered from outside of that client."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.terminals import AtTerminal, at_terminal
from tests.journeys.processes import COMMAND, finished

BILL: dict[str, Any] = {
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "+525555555555",
    "line_items": [{"name": "Plan mensual", "unit_price": 50000, "quantity": 1}],
    "payment_method": "cash",
    "idempotency_key": "bill-of-ana",
}
NO_SCREEN = {"BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
"""A machine on which no browser can be opened."""


@dataclass(frozen=True)
class BillingShop:
    """A sandbox whose state several processes share: a client's server, and a person's terminal."""

    state: Path

    @property
    def flags(self) -> list[str]:
        return ["--sandbox", "--state", str(self.state)]

    def list_command(self, *flags: str) -> list[str]:
        """Return the command of a server that asks before it bills."""
        return [*COMMAND, "serve", *self.flags, "--confirm", "money", *flags]

    def count_orders(self) -> int:
        found = finished("call", "list_orders", "{}", *self.flags)
        assert found.returncode == 0, found.stderr
        return len(json.loads(found.stdout)["rows"])

    @contextmanager
    def person_at_terminal(self, word: str) -> Iterator[None]:
        """Meanwhile a person waits on a terminal of this machine, and answers the question that comes."""

        with ThreadPoolExecutor() as pool:
            with at_terminal("approvals", "watch", *self.flags, "--language", "en") as terminal:
                terminal.read_until("Waiting for questions")
                answering = pool.submit(answer, terminal, word)
                yield
            answering.result()

    def answer_at_terminal(self, word: str) -> None:
        """Answer the question that stands."""
        with at_terminal("approvals", "watch", *self.flags, "--language", "en") as terminal:
            answer(terminal, word)


def answer(terminal: AtTerminal, word: str) -> None:
    assert "MXN 500.00" in terminal.read_until("Enter alone does nothing: ")
    terminal.type(f"{word}\n")
    terminal.read_until({"yes": "Approved.", "no": "Declined."}[word])
