"""A conversation with a model, as both kinds of endpoint can say it."""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from evals.task import Json

Ending = Literal["answered", "refused", "cut off"]


class EndpointError(Exception):
    """The endpoint did not answer, or answered what is none of its kind; a play ends with it."""


@dataclass(frozen=True)
class ToolCall:
    id: str
    tool: str
    arguments: Json | None
    """None where the model wrote what is no JSON object."""


@dataclass(frozen=True)
class Reply:
    text: str
    calls: tuple[ToolCall, ...]
    ending: Ending
    input_tokens: int
    output_tokens: int
    sent: Any = None
    """The reply as it came, to be sent back as it is."""


@dataclass(frozen=True)
class Said:
    """The person's."""

    text: str


@dataclass(frozen=True)
class Result:
    call: ToolCall
    content: str
    failed: bool


@dataclass(frozen=True)
class ToolText:
    """A tool, as every kind of endpoint takes it."""

    name: str
    description: str
    schema: Json


Turn = Said | Reply | tuple[Result, ...]


@dataclass
class Conversation:
    system: str
    tools: tuple[ToolText, ...]
    turns: list[Turn] = field(default_factory=list)


class Endpoint(Protocol):
    async def reply(self, conversation: Conversation) -> Reply:
        """Ask the model for its next turn; raise EndpointError where there is none."""
        ...
