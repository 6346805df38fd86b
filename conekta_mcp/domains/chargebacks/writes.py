"""Plan of submitting evidence for a chargeback, which can be done once."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Verification
from conekta_mcp.domains.chargebacks.tools import list_chargeback_evidence, submit_chargeback_evidence
from conekta_mcp.effects.answer_check import AtLeastRows
from conekta_mcp.effects.question_text import Facts, build_question, format_count
from conekta_mcp.effects.state_reading import (
    Raw,
    create_lookup,
    create_reader,
    is_truncated,
    list_rows,
)
from conekta_mcp.effects.verify_object import (
    UNKNOWN,
    StateBefore,
    build_verification,
    verify_object,
)
from conekta_mcp.effects.write_plan import WritePlan, observe_facts
from conekta_mcp.results.page import hides_rows

READ_EVIDENCE = create_reader(list_chargeback_evidence, "charge_id", "chargeback_id")


def _count_files(_: Any, page: Raw) -> StateBefore:
    return {"files": len(list_rows(page))}


def _judge_evidence(arguments: Any, page: Raw, noted: StateBefore) -> Verification:
    """Decide by the files: they are accepted once, so earlier files are another call's.

    Another number of files beside earlier ones, or fewer new ones than were sent, is nobody's answer yet.
    """
    files, before = list_rows(page), noted["files"]
    if hides_rows(page) or is_truncated(page) or (before and len(files) != before):
        return UNKNOWN
    if before or not files:
        return build_verification("not_applied")
    return build_verification("applied", {"files": files}) if len(files) >= len(arguments.files) else UNKNOWN


def _describe_evidence(arguments: Any, _: Raw) -> Facts:
    return {"many": format_count(len(arguments.files), ("archivo", "archivos"), ("file", "files"))}


WRITE_PLANS: Mapping[str, WritePlan] = {
    submit_chargeback_evidence.name: WritePlan(
        is_reversible=False,
        subject="chargeback_id",
        observe=observe_facts(_describe_evidence),
        question=build_question(
            "¿Responder el contracargo {chargeback_id} con {many}, una sola vez y sin poder añadir más?",
            "Answer the chargeback {chargeback_id} with {many}, once, with nothing to be added later?",
        ),
        verifier=verify_object(
            READ_EVIDENCE,
            _judge_evidence,
            create_lookup(list_chargeback_evidence, "charge_id", "chargeback_id"),
            _count_files,
        ),
        expect_answer=lambda arguments, _: {"files": AtLeastRows(len(arguments.files))},
    ),
}
