"""The declaration of a tool: one block from which everything else is derived."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from conekta_mcp.catalog.endpoint import PARENTS, AnswerShape, Endpoint, ObjectKind, Request
from conekta_mcp.catalog.inputs import Input
from conekta_mcp.catalog.risk import Risk
from conekta_mcp.catalog.sender import Reader, Sender
from conekta_mcp.catalog.toolset import Toolset

In = TypeVar("In", bound=Input)


class CuratedResult(Protocol):
    """The interface of result classes; implemented in `conekta_mcp.results` and the domains."""

    KIND: ClassVar[ObjectKind]

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of Conekta's object that an agent needs."""
        ...

    @classmethod
    def build_answer_schema(cls) -> dict[str, Any]:
        """Return the JSON schema of what `curate` returns."""
        ...


@dataclass(frozen=True)
class Quotation:
    """What an answer repeats of other requests, such as the bodies in a log."""

    find_path: Callable[[Mapping[str, Any]], str]
    """Returns the path of the request that shows the same, given an object or a row."""
    fields: tuple[str, ...]
    """The fields that repeat it."""


@dataclass(frozen=True, kw_only=True)
class Tool(Generic[In]):
    """The fields that every tool declares."""

    name: str
    title: str
    title_es: str
    """The title in Spanish."""
    risk: Risk
    toolset: Toolset
    description: str
    input: type[In]
    example: Mapping[str, Any]
    """The least arguments of a valid call, with made-up ids; the tests call every tool with them."""
    output: type[CuratedResult]
    settled_by: str | None = None
    """For a write: the read tool that tells whether a lost answer was applied, and how to call it."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What to do next, by the end of Conekta's error code."""
    idempotent: bool = False
    """Whether a second identical call changes nothing more."""
    quotes: Quotation | None = None
    """What its answers repeat of other tools' data."""
    echo: Callable[[In], Mapping[str, Any]] | None = None
    """Returns fields for the answer from the arguments, if Conekta's object does not have them."""
    deprecated: bool = False
    """Whether Conekta keeps it only for old clients; found by searching, last."""
    twin_of: str | None = None
    """The equivalent tool on another route: what denies that one denies this one; they share keys."""
    card: str | None = None
    """The card of its answers, a name in `server/cards/all_cards.py`; answers are complete without it."""

    @property
    def loaded(self) -> "Tool[In]":
        """The tool itself, imported."""
        return self

    @property
    def shortened(self) -> bool:
        """Whether tools/list leaves out arguments, which describe_operation shows."""
        return bool(self.input.rare)

    @property
    def changes(self) -> bool:
        """Whether a call may change something at Conekta; reading a secret does not."""
        return not self.risk.read_only

    async def call(self, api: Sender, arguments: In) -> dict[str, Any]:
        """Make the call and return Conekta's object."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Operation(Tool[In]):
    """A tool that is one request."""

    endpoint: Endpoint
    equal_endpoint: Endpoint | None = None
    """The route of an equivalent tool with the same arguments: their calls count as equal."""
    source: str | None = None
    """Who documents the route, if Conekta's OpenAPI file does not have it."""
    refusal_explanation: "RefusalExplanation | None" = None
    """What can be read to explain a refusal."""

    @property
    def changes(self) -> bool:
        """Whether a call may change something at Conekta; reading a secret does not."""
        return not self.risk.read_only and self.endpoint.method != "GET"

    def build_request(self, arguments: In) -> Request:
        return self.endpoint.build_request(arguments.payload())

    async def call(self, api: Sender, arguments: In) -> dict[str, Any]:
        shape = self.build_answer_shape(arguments)
        return await api.send(replace(self.build_request(arguments), shape=shape))

    def build_answer_shape(self, arguments: In) -> AnswerShape:
        """Return the shape of the answer: a list, or an object with the id in the path.

        A read has to be of the parent in the path; a write compares more (effects/answer_check.py).
        """
        kind = self.output.KIND
        named = {name: getattr(arguments, name) for name in self.endpoint.path_fields}
        if self.endpoint.method != "GET":
            return AnswerShape(kind, kind.find_id(named))
        above = [name for name in named if name in PARENTS and name not in kind.id_arguments]
        return AnswerShape(kind, kind.find_id(named), (above[0], str(named[above[0]])) if above else None)


@dataclass(frozen=True)
class RefusalExplanation:
    """How to explain a refused write: by one read with the tool `reads`, if the caller may use it."""

    code: str
    """The end of Conekta's error code."""
    reads: str
    describe: Callable[[Sender], Awaitable[str]]
    """Return a sentence for the hint."""


@dataclass(frozen=True, kw_only=True)
class Workflow(Tool[In]):
    """A tool that makes several requests."""

    run: Callable[[Sender, In], Awaitable[dict[str, Any]]]

    async def call(self, api: Sender, arguments: In) -> dict[str, Any]:
        return await self.run(api, arguments)


@dataclass(frozen=True, kw_only=True)
class Report(Tool[In]):
    """A tool that reads several objects to answer one question, and changes nothing."""

    run: Callable[[Reader, In], Awaitable[dict[str, Any]]]
    reads: tuple[str, ...]
    """The operations whose data it shows; if one of them is closed or denied, so is the report."""
    max_requests: int = 20
    max_seconds: float = 40

    async def call(self, api: Sender, arguments: In) -> dict[str, Any]:  # noqa: ARG002 - a tool's
        raise TypeError(f"{self.name} needs a reader with a budget: server/tools/reports.py makes one")


class DeferredTool(Tool[Any]):
    """A tool of which only the listing is loaded; any other use imports its declaration."""

    def __init__(self, known: Mapping[str, Any], load: Callable[[], Tool[Any]]) -> None:
        vars(self).update(_known=known, _load=load)

    def __getattribute__(self, name: str) -> Any:
        if name in {"__class__", "__dict__"}:
            return super().__getattribute__(name)
        own = super().__getattribute__("__dict__")
        if name in own["_known"]:
            return own["_known"][name]
        whole = own.get("_whole") or own.setdefault("_whole", own["_load"]())
        return whole if name == "loaded" else getattr(whole, name)


def echo_deletion(_: Any) -> Mapping[str, Any]:
    """Mark a removed object as deleted: most of Conekta's answers show it as before."""
    return {"deleted": True}
