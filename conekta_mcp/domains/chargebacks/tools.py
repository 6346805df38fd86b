"""Tools for chargebacks: evidence asked for, evidence sent, sending it once [UP] (conekta-api.md 3.2)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import (
    GET,
    POST,
    Endpoint,
    Input,
    Operation,
    Request,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.endpoint import File
from conekta_mcp.catalog.fields import ChargebackFileId, ChargebackId, ChargeId
from conekta_mcp.catalog.files import FileFields, FileInput, FileReader, UploadOperation
from conekta_mcp.domains.chargebacks.results import Evidence, EvidenceType, SentEvidence
from conekta_mcp.results.page import Page

MAX_FILES = 10
MAX_BYTES = 2 * 1024 * 1024
"""The limit of one file: Conekta says 2 MB, read here as the larger unit (inferred)."""

EvidenceKind = Literal[
    "charge_information", "contract", "other_evidence", "receipt_of_shipment", "identification",
    "order_details", "terms_and_conditions", "cardholder_information", "proof_invalidate_claim",
    "internal_validations", "proof_of_cancellation", "recurring_contract", "proof_of_return", "exhibit_8",
    "duplicate_analysis", "full_evidence",
]  # fmt: skip


class ChargebackInput(Input):
    charge_id: ChargeId
    chargeback_id: ChargebackId


list_chargeback_evidence_types = Operation(
    name="list_chargeback_evidence_types",
    title="What evidence a chargeback takes",
    title_es="Ver qué evidencia admite un contracargo",
    endpoint=GET("/charges/{charge_id}/chargebacks/{chargeback_id}/evidence-types", array=True),
    source="newer than the file, in Conekta's own documentation",
    risk=Risk.READ,
    toolset=Toolset.CHARGEBACKS,
    description=(
        "List what evidence a chargeback takes and what is required. Both ids and the deadline are in "
        "get_order; next is submit_chargeback_evidence."
    ),
    input=ChargebackInput,
    example={"charge_id": "6a0000000000000000000001", "chargeback_id": "chbk_1"},
    output=Page[EvidenceType],
    card="table",
)

list_chargeback_evidence = Operation(
    name="list_chargeback_evidence",
    title="List a chargeback's evidence",
    title_es="Listar la evidencia de un contracargo",
    endpoint=GET("/charges/{charge_id}/chargebacks/{chargeback_id}/files", array=True),
    source="newer than the file, in Conekta's own documentation",
    risk=Risk.READ,
    toolset=Toolset.CHARGEBACKS,
    description=(
        "List the files that were sent for a chargeback: whether a lost submit_chargeback_evidence "
        "arrived. Empty while nothing was sent."
    ),
    input=ChargebackInput,
    example={"charge_id": "6a0000000000000000000001", "chargeback_id": "chbk_1"},
    output=Page[Evidence],
    card="table",
)


class GetChargebackEvidenceInput(ChargebackInput):
    file_id: ChargebackFileId


get_chargeback_evidence = Operation(
    name="get_chargeback_evidence",
    title="Read about a piece of evidence",
    title_es="Ver una evidencia de un contracargo",
    endpoint=GET("/charges/{charge_id}/chargebacks/{chargeback_id}/files/{file_id}"),
    source="newer than the file, in Conekta's own documentation",
    risk=Risk.READ,
    toolset=Toolset.CHARGEBACKS,
    description=(
        "Read name, type and time of one file sent for a chargeback, never its content or address. All of "
        "them are in list_chargeback_evidence."
    ),
    input=GetChargebackEvidenceInput,
    example={"charge_id": "6a0000000000000000000001", "chargeback_id": "chbk_1", "file_id": "chbkf_1"},
    output=Evidence,
)


class EvidenceFile(FileFields):
    """One file of one type."""

    evidence_type: EvidenceKind


class SubmitChargebackEvidenceInput(FileInput, ChargebackInput):
    files: Annotated[
        list[EvidenceFile],
        Field(min_length=1, max_length=MAX_FILES, description="By path, or base64 and name"),
    ]

    @model_validator(mode="after")
    def _refuse_repeated_type(self) -> Self:
        if len({one.evidence_type for one in self.files}) < len(self.files):
            raise PydanticCustomError("same_evidence", "one file for each evidence type")
        return self

    def build_request(self, endpoint: Endpoint, reader: FileReader) -> Request:
        address = endpoint.build_request({"charge_id": self.charge_id, "chargeback_id": self.chargeback_id})
        files: dict[str, File] = {}
        for place, one in enumerate(self.files):
            files[one.evidence_type] = one.read_file(reader, MAX_BYTES, f"files.{place}.")
        return Request(address.method, address.path, files=files)


submit_chargeback_evidence = UploadOperation(
    name="submit_chargeback_evidence",
    title="Answer a chargeback",
    title_es="Responder a un contracargo",
    endpoint=POST("/charges/{charge_id}/chargebacks/{chargeback_id}/files/batch"),
    source="newer than the file, in Conekta's own documentation",
    risk=Risk.WRITE,
    toolset=Toolset.CHARGEBACKS,
    description=(
        "Send all evidence against a chargeback, ONCE: nothing can be added later. Up to 10 PDF, JPEG or "
        "PNG of 2 MB, one per type of list_chargeback_evidence_types, while it is action_required."
    ),
    input=SubmitChargebackEvidenceInput,
    example={
        "charge_id": "6a0000000000000000000001",
        "chargeback_id": "chbk_1",
        "files": [{"base64": "JVBERi0xLjcgbm90YQ==", "name": "nota.pdf", "evidence_type": "order_details"}],
    },
    output=SentEvidence,
    settled_by="list_chargeback_evidence",
    hints={
        "chargebacks.cannot_process": "It was answered already, or is over: see list_chargeback_evidence."
    },
)

TOOLS = (
    list_chargeback_evidence_types,
    list_chargeback_evidence,
    get_chargeback_evidence,
    submit_chargeback_evidence,
)
