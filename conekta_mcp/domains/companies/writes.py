"""Companies, and the documents they upload."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from conekta_mcp.catalog import Proof
from conekta_mcp.domains.companies.document_tools import (
    list_company_documents,
    update_company_document,
    upload_company_document,
)
from conekta_mcp.domains.companies.tools import create_company, get_company, list_companies
from conekta_mcp.effects.comparison import digest
from conekta_mcp.effects.question_text import Both, asking
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    list_rows,
    looking,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    Witness,
    on_object,
    proof_of,
)
from conekta_mcp.effects.write_plan import Handling, facts_only
from conekta_mcp.privacy.untrusted_text import quoted

DOCUMENTS = reading(list_company_documents, "company_id")


def _document(arguments: Any, page: Raw) -> Raw:
    kind = arguments.file_classification
    return next((row for row in list_rows(page) if row.get("file_classification") == kind), {})


def _document_before(arguments: Any, page: Raw) -> Witness:
    there = _document(arguments, page)
    return {"document": digest(dict(there)) if there else None}


def _handed_in(arguments: Any, page: Raw, noted: Witness) -> Proof:
    """Decide by the one document of its class; the same name again tells nothing."""
    there = _document(arguments, page)
    if not there:
        return proof_of("not_applied")
    fits = there.get("file_name") in (None, _file_name(arguments))
    if noted["document"] == digest(dict(there)):
        return UNKNOWN if fits else proof_of("not_applied")
    return proof_of("applied", there) if fits else UNKNOWN


def _file_name(arguments: Any) -> str:
    return arguments.name or PurePath(arguments.path or "").name


def _handing_in(text: Both) -> Handling:
    return Handling(
        subject="company_id",
        see=facts_only(lambda arguments, _: {"file": quoted(_file_name(arguments))}),
        said=asking(*text),
        proof=on_object(
            DOCUMENTS, _handed_in, looking(list_company_documents, "company_id"), _document_before
        ),
    )


HANDLINGS: Mapping[str, Handling] = {
    create_company.name: Handling(
        said=asking(
            "¿Crear la empresa {name}, que no se puede borrar?",
            "Create the company {name}, which cannot be deleted?",
        ),
        proof=new_row(
            list_companies,
            lambda arguments: {"name": arguments.name},
            looking(list_companies),
            whole=lambda api, _, row: ask(api, get_company, company_id=str(row["id"])),
            named=lambda _, row: written(get_company, company_id=str(row.get("id"))),
        ),
    ),
    upload_company_document.name: _handing_in(
        (
            "¿Entregar {file} como {file_classification} de la empresa {company_id}?",
            "Hand in {file} as {file_classification} of the company {company_id}?",
        )
    ),
    update_company_document.name: _handing_in(
        (
            "¿Reemplazar por {file} el documento {file_classification} de la empresa {company_id}?",
            "Replace the document {file_classification} of the company {company_id} by {file}?",
        )
    ),
}
