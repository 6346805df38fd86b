"""Chargebacks and their evidence (conekta-api.md 3.2, 4.11); URLs of files stay out."""

from typing import Annotated, ClassVar

from pydantic import Field, computed_field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Child, LocalIso, Result, Rows, Seconds
from conekta_mcp.results.times import format_iso, format_moment


class Chargeback(Child):
    id: str | None = None
    status: str | None = None
    reason: str | None = None
    evidence_due_by: Seconds = None

    @computed_field
    def evidence_due_by_text(self) -> str | None:
        """Until when evidence can be sent."""
        return format_moment(self.evidence_due_by)

    @computed_field
    def evidence_due_by_iso(self) -> str | None:
        return format_iso(self.evidence_due_by)


class EvidenceType(Child):
    """A kind of evidence that a chargeback accepts."""

    type: str | None = None
    required: bool | None = None
    permit_formats: list[str] | None = None


class Evidence(Child):
    """A file that was sent, without its URL, where anyone could read it."""

    KIND: ClassVar[ObjectKind] = ObjectKind(
        id_arguments=("file_id",), fields=(), any_fields=("id", "name", "evidence_type")
    )

    id: str | None = None
    name: str | None = None
    evidence_type: str | None = None
    created_at: LocalIso = Field(None, description="RFC 3339")


class SentEvidence(Result):
    """The result of one submission."""

    files: Annotated[list[Evidence] | None, Rows] = None
