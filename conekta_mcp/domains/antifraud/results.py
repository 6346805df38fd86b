"""A rule of the white or the black list (conekta-api.md 4.11)."""

from conekta_mcp.results.base import Result


class AntifraudRule(Result):
    """A rule; its `created_at` is a text of Conekta's, not unix seconds (conekta-api.md 1.4)."""

    id: str | None = None
    field: str | None = None
    value: str | None = None
    description: str | None = None
    is_global: bool | None = None
    is_test: bool | None = None
    created_at: str | None = None
