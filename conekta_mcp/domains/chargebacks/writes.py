"""Chargeback evidence: submitted once."""

from collections.abc import Mapping
from typing import Any

from conekta_mcp.catalog import Proof
from conekta_mcp.domains.chargebacks.tools import list_chargeback_evidence, submit_chargeback_evidence
from conekta_mcp.effects.question_text import Facts, asking, several
from conekta_mcp.effects.state_reading import (
    Raw,
    list_rows,
    looking,
    reading,
)
from conekta_mcp.effects.verify_object import (
    Witness,
    on_object,
    proof_of,
)
from conekta_mcp.effects.write_plan import Handling, facts_only

EVIDENCE = reading(list_chargeback_evidence, "charge_id", "chargeback_id")


def _sent_before(_: Any, page: Raw) -> Witness:
    return {"files": len(list_rows(page))}


def _answered(_: Any, page: Raw, noted: Witness) -> Proof:
    """Decide by the files: they are taken once, so files from before were another's."""
    files = list_rows(page)
    return proof_of("applied" if files and not noted["files"] else "not_applied", {"files": files})


def _evidence(arguments: Any, _: Raw) -> Facts:
    return {"many": several(len(arguments.files), ("archivo", "archivos"), ("file", "files"))}


HANDLINGS: Mapping[str, Handling] = {
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
