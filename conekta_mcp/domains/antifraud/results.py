"""A rule of the whitelist or blacklist (conekta-api.md 4.11)."""

from conekta_mcp.results.base import Result


class AntifraudRule(Result):
    """A rule; Conekta gives its `created_at` as text, not as unix seconds (conekta-api.md 1.4)."""

    id: str | None = None
    field: str | None = None
    value: str | None = None
    description: str | None = None
    is_global: bool | None = None
    is_test: bool | None = None
    created_at: str | None = None
