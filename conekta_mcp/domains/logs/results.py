"""A log: one API request and its answer (conekta-api.md 4.10)."""

from typing import ClassVar

from pydantic import Field, computed_field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.privacy.bounded import Bounded
from conekta_mcp.results.base import Child, Seconds
from conekta_mcp.results.times import format_moment


class LogRow(Child):
    KIND: ClassVar[ObjectKind] = ObjectKind(id_arguments=("log_id",), fields=("id",))

    id: str | None = None
    method: str | None = None
    url: str | None = Field(None, description="Path")
    status: str | None = Field(None, description="HTTP status")
    version: str | None = None
    created_at: Seconds = None
    loggable_type: str | None = Field(None, description="What it was about")
    loggable_id: str | None = None

    @computed_field
    def created_at_text(self) -> str | None:
        """When it was asked."""
        return format_moment(self.created_at)


class Log(LogRow):
    """A request with both bodies; one of more than 2000 characters is text, cut."""

    query_string: Bounded = None
    request_body: Bounded = Field(None, description="Cut to 2000 characters")
    response_body: Bounded = Field(None, description="Cut to 2000 characters")
    livemode: bool | None = None
