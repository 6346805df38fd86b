"""What searching and describing operations answers."""

from pydantic import Field

from conekta_mcp.results.base import Result


class FoundOperation(Result):
    """An operation that fits a request."""

    name: str | None = None
    purpose: str | None = None
    risk: str | None = None
    parameters: str | None = Field(None, description="* is required")


class FoundOperations(Result):
    """The operations that fit a request, best first."""

    operations: list[FoundOperation] | None = None
    hint: str | None = None


class DescribedOperation(Result):
    """Everything about one operation."""

    name: str | None = None
    purpose: str | None = None
    risk: str | None = None
    call_with: str | None = None
    input_schema: dict[str, object] | None = None


class OperationAnswer(Result):
    """The answer of whatever operation was called."""
