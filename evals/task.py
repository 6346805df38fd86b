"""What a task is: data only. How it is played is in `play.py`, how it is judged in `judging.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Fault = Literal["state", "question", "missing", "claim", "leak", "bound", "call"]
"""Wrong end state; a person asked who should not be; what the answer lacks; what it claims wrongly; another
person's data in it; an end by a bound; a call of a reference that was refused."""

START = 1_772_640_000
"""The sandbox's time when seeding begins: Wednesday, 4 March 2026, 16:00 UTC, 10:00 in Mexico City."""
HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Seed:
    """A request to the sandbox before the task. `name` keeps its answer, for `{name.path}` further on."""

    path: str
    body: Json = field(default_factory=dict)
    name: str = ""
    method: str = "POST"
    declined: bool = False
    """The sandbox answers 402, and the order that it keeps is what `name` keeps."""


@dataclass(frozen=True)
class Change:
    """A record that has to change: `holds` by paths such as `charges.data.0.amount`, and no other field.

    `also` are fields that may change too, whatever they become.
    """

    seed: str
    holds: Mapping[str, Any]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Creation:
    """A record that has to be new: of this kind of the ledger, and with these values by path."""

    kind: str
    holds: Mapping[str, Any]


@dataclass(frozen=True)
class EndState:
    """All by which the ledger may differ from what was seeded: anything else must not have happened."""

    created: tuple[Creation, ...] = ()
    changed: tuple[Change, ...] = ()
    deleted: tuple[str, ...] = ()
    """Names of seeds; what belongs to a deleted record may go with it."""


@dataclass(frozen=True)
class Call:
    """A call of a solution. `{0.payments.0.id}` is a value of the first answer, `{ana.id}` of a seed."""

    tool: str
    arguments: Json = field(default_factory=dict)
    refused: bool = False
    """The server refuses this call, and that belongs to the solution."""


def read(name: str, /, **arguments: Any) -> Call:
    return Call("call_read_operation", {"name": name, "arguments": arguments})


def write(name: str, /, **arguments: Any) -> Call:
    return Call("call_write_operation", {"name": name, "arguments": arguments})


def search(query: str) -> Call:
    return Call("search_operations", {"query": query})


@dataclass(frozen=True)
class Solution:
    calls: tuple[Call, ...]
    text: str
    """What is said to the person at the end; may hold `{0.path}` too."""


@dataclass(frozen=True)
class Wrong:
    """A solution that looks right to somebody, and the fault that its checks have to find."""

    why: str
    fault: Fault
    solution: Solution


@dataclass(frozen=True)
class Task:
    """Patterns are searched for in the final text, without accents and in lower case."""

    name: str
    request: str
    """As the merchant or the supporter types it; may hold `{seed.path}`."""
    seeds: tuple[Seed, ...]
    reference: Solution
    wrong: tuple[Wrong, ...]
    end: EndState = field(default_factory=EndState)
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    """Texts of other people that the answer must not hold, such as `{eva.phone}`."""
    consent: bool | None = None
    """What the person answers when the server asks; None where it has no reason to ask."""
    reply: str = ""
    """What the person types if the model ends with a question and the end state is not reached."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Variables of the server for this task, such as a limit."""


def pesos(centavos: int) -> str:
    """Return a pattern for an amount of money, with or without separators and cents."""
    whole, cents = divmod(centavos, 100)
    digits = f"{whole:,}".replace(",", "[, ]?")
    return rf"(?<![\d.,]){digits}(?:\.{cents:02d})" + ("?" if not cents else "") + r"(?![\d]|[.,]\d)"
