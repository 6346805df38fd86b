"""Answers of the tools that search, describe and call operations."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from conekta_mcp.results.base import Result


class FoundOperation(Result):
    name: str | None = None
    purpose: str | None = None
    risk: str | None = None
    parameters: str | None = Field(None, description="* is required")


class ClosedOperation(Result):
    name: str | None = None
    purpose: str | None = None
    switch: str | None = Field(None, description="Who can switch it on, and how")


class FoundOperations(Result):
    """Operations that fit a request, best first."""

    operations: list[FoundOperation] | None = None
    not_switched_on: list[ClosedOperation] | None = Field(None, description="Fit too, and are closed here")
    hint: str | None = None

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Keep the order of `raw`: what fits best stands first."""
        facts = super().curate(raw)
        return {name: facts[name] for name in raw if name in facts}


class DescribedOperation(Result):
    name: str | None = None
    purpose: str | None = None
    risk: str | None = None
    call_with: str | None = None
    rules: str | None = Field(None, description="Limits, and when a person is asked")
    input_schema: dict[str, object] | None = None


class OperationAnswer(Result):
    """The answer of the operation that was called, of any shape."""
