"""Tools for the documents of a company's onboarding (conekta-api.md 4.11)."""

from base64 import b64encode
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from conekta_mcp.catalog import (
    GET,
    PATCH,
    POST,
    Endpoint,
    Input,
    Operation,
    Request,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId
from conekta_mcp.catalog.files import FileFields, FileInput, FileReader, UploadOperation
from conekta_mcp.domains.companies.results import CompanyDocument
from conekta_mcp.results.page import Page

MAX_BYTES = 5 * 1024 * 1024
"""For a document. Our limit: Conekta documents none."""

Classification = Literal[
    "id_legal_representative", "id_legal_representative_back", "cfdi", "constitutive_act_basic",
    "proof_of_address", "power_of_attonery", "deposit_account_cover", "permit_casino",
    "license_sanitation", "registration_tourism",
]  # fmt: skip


class ListCompanyDocumentsInput(Input):
    company_id: ObjectId


list_company_documents = Operation(
    name="list_company_documents",
    title="List a company's documents",
    title_es="Listar los documentos de una empresa",
    endpoint=GET("/companies/{company_id}/documents", array=True),
    risk=Risk.READ,
    toolset=Toolset.COMPANIES,
    description=(
        "List the documents a company has handed in, with their status; never their content. Use before "
        "upload_company_document."
    ),
    input=ListCompanyDocumentsInput,
    example={"company_id": "6a0000000000000000000001"},
    output=Page[CompanyDocument],
    card="table",
)


class CompanyDocumentInput(FileInput, FileFields):
    company_id: ObjectId
    file_classification: Annotated[Classification, Field(description="What it is")]
    international: Annotated[Maybe[bool], Field(description="Issued abroad")] = None

    def build_request(self, endpoint: Endpoint, reader: FileReader) -> Request:
        file = self.read_file(reader, MAX_BYTES)
        kept = self.model_dump(exclude_none=True, exclude={"path", "base64", "name"})
        return endpoint.build_request(
            {
                **kept,
                "content_type": file.media_type,
                "file_name": file.name,
                "file_data": b64encode(file.content).decode(),
            }
        )


class UpdateCompanyDocumentInput(CompanyDocumentInput):
    """Published without the document classes, which upload_company_document shows."""

    file_classification: Annotated[
        Classification, WithJsonSchema({"type": "string", "description": "As in upload_company_document"})
    ]


upload_company_document = UploadOperation(
    name="upload_company_document",
    title="Hand in a company's document",
    title_es="Entregar un documento de una empresa",
    endpoint=POST("/companies/{company_id}/document"),
    risk=Risk.WRITE,
    toolset=Toolset.COMPANIES,
    description=(
        "Hand in a document of a company's onboarding: PDF, JPEG or PNG, by path or base64. One of the "
        "same class is replaced with update_company_document."
    ),
    input=CompanyDocumentInput,
    example={
        "base64": "JVBERi0xLjcgbm90YQ==",
        "name": "nota.pdf",
        "company_id": "6a0000000000000000000001",
        "file_classification": "cfdi",
    },
    output=CompanyDocument,
    settled_by="list_company_documents",
)


update_company_document = UploadOperation(
    name="update_company_document",
    title="Replace a company's document",
    title_es="Reemplazar un documento de una empresa",
    endpoint=PATCH("/companies/{company_id}/document"),
    risk=Risk.WRITE,
    toolset=Toolset.COMPANIES,
    description=(
        "Replace a company's document of the same class; Conekta keeps the newer file only. A class that it "
        "does not have yet: upload_company_document."
    ),
    input=UpdateCompanyDocumentInput,
    example={
        "base64": "JVBERi0xLjcgbm90YQ==",
        "name": "nota.pdf",
        "company_id": "6a0000000000000000000001",
        "file_classification": "cfdi",
    },
    output=CompanyDocument,
    settled_by="list_company_documents",
    idempotent=True,
)

TOOLS = (list_company_documents, upload_company_document, update_company_document)
