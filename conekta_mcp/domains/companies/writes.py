"""Antifraud rules, companies and their documents, chargebacks."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from conekta_mcp.catalog import Kind, Operation, Proof, Sender
from conekta_mcp.domains.antifraud.tools import (
    create_blacklist_rule,
    create_whitelist_rule,
    delete_blacklist_rule,
    delete_whitelist_rule,
    list_blacklist_rules,
    list_whitelist_rules,
)
from conekta_mcp.domains.chargebacks.tools import list_chargeback_evidence, submit_chargeback_evidence
from conekta_mcp.domains.companies.document_tools import (
    list_company_documents,
    update_company_document,
    upload_company_document,
)
from conekta_mcp.domains.companies.tools import create_company, get_company, list_companies
from conekta_mcp.effects.comparison import digest
from conekta_mcp.effects.question_text import Both, Facts, asking, several
from conekta_mcp.effects.state_reading import (
    Raw,
    ask,
    inside,
    looking,
    reading,
    written,
)
from conekta_mcp.effects.verify_new_row import new_row
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    Witness,
    gone,
    on_object,
    proof_of,
)
from conekta_mcp.effects.write_plan import Handling, facts_only
from conekta_mcp.privacy.untrusted_text import quoted

DOCUMENTS = reading(list_company_documents, "company_id")
EVIDENCE = reading(list_chargeback_evidence, "charge_id", "chargeback_id")
LISTED_AS = {"phone": ("phone", "phone_number")}
"""How lists name the field of a rule (conekta-api.md 4.11)."""


def _all(page: Raw) -> list[Raw]:
    return inside({"page": page}, "page")


def _rule_there(tool: Operation[Any]) -> Any:
    async def read(api: Sender, arguments: Any) -> Raw:  # noqa: ARG001 - a reading
        return await ask(api, tool)

    return read


def _rule(arguments: Any, page: Raw) -> Raw:
    return next((row for row in _all(page) if row.get("id") == arguments.rule_id), {})


def _of_rule(arguments: Any, page: Raw) -> Facts:
    rule = _rule(arguments, page)
    why = rule.get("description")
    reason = (f" (anotado: {quoted(str(why))})", f" (noted: {quoted(str(why))})") if why else ""
    return {"payer": quoted(str(rule.get("value") or "?")), "why": reason}


def _new_rule(rules: Operation[Any], text: Both) -> Handling:
    def wanted(arguments: Any) -> Mapping[str, Any]:
        return {"value": arguments.value, "description": arguments.description}

    return Handling(
        said=asking(*text),
        proof=new_row(rules, wanted, looking(rules), named=lambda *_: written(rules)),
    )


def _old_rule(rules: Operation[Any], text: Both) -> Handling:
    read = _rule_there(rules)
    return Handling(
        kind=Kind.REMOVAL,
        subject="rule_id",
        read=read,
        see=facts_only(_of_rule),
        said=asking(*text),
        proof=gone(read, "rule_id", looking(rules), _rule),
    )


def _document(arguments: Any, page: Raw) -> Raw:
    kind = arguments.file_classification
    return next((row for row in _all(page) if row.get("file_classification") == kind), {})


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


def _sent_before(_: Any, page: Raw) -> Witness:
    return {"files": len(_all(page))}


def _answered(_: Any, page: Raw, noted: Witness) -> Proof:
    """Decide by the files: they are taken once, so files from before were another's."""
    files = _all(page)
    return proof_of("applied" if files and not noted["files"] else "not_applied", {"files": files})


def _evidence(arguments: Any, _: Raw) -> Facts:
    return {"many": several(len(arguments.files), ("archivo", "archivos"), ("file", "files"))}


HANDLINGS: Mapping[str, Handling] = {
    create_whitelist_rule.name: _new_rule(
        list_whitelist_rules,
        (
            "¿Dejar pasar siempre a {value}, aunque el antifraude lo detendría, por {description}?",
            "Always let {value} pass, even where antifraud would stop it, for {description}?",
        ),
    ),
    delete_whitelist_rule.name: _old_rule(
        list_whitelist_rules,
        ("¿Dejar de confiar en {payer}{why}?", "Stop trusting {payer}{why}?"),
    ),
    create_blacklist_rule.name: _new_rule(
        list_blacklist_rules,
        (
            "¿Rechazar desde ahora todo cobro a tarjeta de {value} por {description}?",
            "Decline every card charge of {value} from now on, for {description}?",
        ),
    ),
    delete_blacklist_rule.name: _old_rule(
        list_blacklist_rules,
        (
            "¿Desbloquear a {payer}{why}, para que se le pueda cobrar otra vez?",
            "Unblock {payer}{why}, so that they can be charged again?",
        ),
    ),
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
    submit_chargeback_evidence.name: Handling(
        subject="chargeback_id",
        see=facts_only(_evidence),
        said=asking(
            "¿Responder el contracargo {chargeback_id} con {many}, una sola vez y sin poder añadir más?",
            "Answer the chargeback {chargeback_id} with {many}, once, with nothing to be added later?",
        ),
        proof=on_object(
            EVIDENCE,
            _answered,
            looking(list_chargeback_evidence, "charge_id", "chargeback_id"),
            _sent_before,
        ),
    ),
}
