"""A rule of the whitelist or blacklist (conekta-api.md 4.11)."""

from typing import ClassVar

from pydantic import Field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import LocalIso, Result


class AntifraudRule(Result):
    """A rule; Conekta gives its `created_at` as text, not as unix seconds (conekta-api.md 1.4)."""

    # A rule has two ids: one in lists, another where it is created (1.5), so that none is compared.
    KIND: ClassVar[ObjectKind] = ObjectKind(fields=("id",))

    id: str | None = None
    field: str | None = None
    value: str | None = None
    description: str | None = None
    is_global: bool | None = None
    is_test: bool | None = None
    deleted: bool | None = Field(None, description="True when it is gone")
    created_at: LocalIso = None
