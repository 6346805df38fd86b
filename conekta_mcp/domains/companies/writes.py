"""Plans of the writes on companies and their documents."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from conekta_mcp.catalog import Verification
from conekta_mcp.domains.companies.document_tools import (
    list_company_documents,
    update_company_document,
    upload_company_document,
)
from conekta_mcp.domains.companies.tools import create_company, get_company, list_companies
from conekta_mcp.effects.answer_check import expect_answer
from conekta_mcp.effects.comparison import digest_value, normalize_value
from conekta_mcp.effects.new_row import NewRow, hide_field
from conekta_mcp.effects.question_text import BilingualText, Facts, build_question, format_both
from conekta_mcp.effects.state_reading import (
    Raw,
    call_read_tool,
    create_lookup,
    create_reader,
    format_call,
    list_rows,
)
from conekta_mcp.effects.verify_new_row import verify_new_row
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    StateBefore,
    build_verification,
    verify_object,
)
from conekta_mcp.effects.write_plan import WritePlan, observe_facts
from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.results.page import hides_rows

UNSHOWN = hide_field("companies are shown with their name, status and documents (conekta-api.md 4.11)")
COMPANY_FIELDS = dict.fromkeys(
    ("type_company", "comercial_info", "fiscal_info", "bank_account_info", "users"), UNSHOWN
)
READ_DOCUMENTS = create_reader(list_company_documents, "company_id")


def _find_document(arguments: Any, page: Raw) -> Raw:
    kind = arguments.file_classification
    return next((row for row in list_rows(page) if row.get("file_classification") == kind), {})


def _note_document(arguments: Any, page: Raw) -> StateBefore:
    there = _find_document(arguments, page)
    return {"document": digest_value(dict(there)) if there else None}


def _judge_upload(arguments: Any, page: Raw, noted: StateBefore) -> Verification:
    """Decide by the document of the same class; an unchanged file name proves nothing."""
    there = _find_document(arguments, page)
    kinds = [row.get("file_classification") for row in list_rows(page)]
    is_told = all(isinstance(kind, str) and kind.strip() for kind in kinds)
    is_respelt = any(normalize_value(kind) == arguments.file_classification for kind in kinds if is_told)
    if not there and (hides_rows(page) or not is_told or is_respelt):
        return UNKNOWN
    if not there:
        return build_verification("not_applied")
    fits = there.get("file_name") in (None, _get_file_name(arguments))
    if noted["document"] == digest_value(dict(there)):
        return UNKNOWN if fits else build_verification("not_applied")
    is_named = there.get("file_name") is not None
    return build_verification("applied", there) if fits and is_named else UNKNOWN


def _describe_settlement(arguments: Any, _: Raw) -> Facts:
    """Return where the money of a new company goes, by the digits that banks show too, and who sees it."""
    digits = arguments.clabe[-4:] if arguments.clabe else ""
    account = (
        f", con liquidaciones a la CLABE que termina en {digits}",
        f", settled to the CLABE that ends in {digits}",
    )
    people = " ".join(map(quote_text, arguments.users or ()))
    users = format_both(", con acceso para {people}", ", with access for {people}", people=people)
    parts = [*([account] if digits else []), *([users] if people else [])]
    return {"account": ("".join(one for one, _ in parts), "".join(one for _, one in parts))}


def _get_file_name(arguments: Any) -> str:
    return arguments.name or PurePath(arguments.path or "").name


def _plan_upload(text: BilingualText) -> WritePlan:
    return WritePlan(
        is_reversible=False,
        subject="company_id",
        observe=observe_facts(lambda arguments, _: {"file": quote_text(_get_file_name(arguments))}),
        question=build_question(*text),
        verifier=verify_object(
            READ_DOCUMENTS, _judge_upload, create_lookup(list_company_documents, "company_id"), _note_document
        ),
        expect_answer=lambda arguments, _: {"file_classification": arguments.file_classification},
    )


WRITE_PLANS: Mapping[str, WritePlan] = {
    create_company.name: WritePlan(
        is_reversible=False,
        decides_destination=True,
        observe=observe_facts(_describe_settlement),
        question=build_question(
            "¿Crear la empresa {name}{account}, que no se puede borrar?",
            "Create the company {name}{account}, which cannot be deleted?",
        ),
        verifier=verify_new_row(
            list_companies,
            NewRow(tool=create_company, shown=COMPANY_FIELDS),
            create_lookup(list_companies),
            read_full=lambda api, _, row: call_read_tool(api, get_company, company_id=str(row["id"])),
            row_lookup=lambda _, row: format_call(get_company, company_id=str(row.get("id"))),
        ),
        expect_answer=expect_answer(create_company),
    ),
    upload_company_document.name: _plan_upload(
        (
            "¿Entregar {file} como {file_classification} de la empresa {company_id}?",
            "Hand in {file} as {file_classification} of the company {company_id}?",
        )
    ),
    update_company_document.name: _plan_upload(
        (
            (
                "¿Reemplazar para siempre el documento {file_classification} de la empresa {company_id} por "
                "{file}?"
            ),
            "Replace for good the document {file_classification} of the company {company_id} by {file}?",
        )
    ),
}
