"""A refund of a charge (conekta-api.md 4.7)."""

from pydantic import Field, computed_field

from conekta_mcp.results.base import Child, Seconds
from conekta_mcp.results.text import format_moment


class Refund(Child):
    id: str | None = None
    amount: int | None = Field(None, description="Centavos, negative")
    status: str | None = Field(None, description="pending: can be cancelled")
    reason: str | None = None
    auth_code: str | None = None
    created_at: Seconds = None
    expires_at: Seconds = None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when the cash can be collected, UTC."""
        return format_moment(self.expires_at)
