"""/charges/{charge_id}/chargebacks/{chargeback_id}/...: evidence, sent once [UP] (conekta-api.md 3.2).

Every chargeback takes the same types here (Conekta's depend on it); contents are checked and not kept.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from conekta_mcp.sandbox.chargebacks import chargebacks
from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.uploads import MEDIA_TYPES, Upload
from conekta_mcp.sandbox.refusals import money, reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid, WrongState

KIND = "chargeback_file"
MAX_FILES = 10
MAX_BYTES = 2 * 1024 * 1024
REQUIRED_TYPE = "order_details"
EVIDENCE_TYPES = (
    REQUIRED_TYPE,
    "charge_information",
    "contract",
    "receipt_of_shipment",
    "identification",
    "terms_and_conditions",
    "cardholder_information",
    "internal_validations",
    "proof_of_cancellation",
    "proof_of_return",
    "duplicate_analysis",
    "other_evidence",
)


def list_evidence_types(call: Call) -> list[Json]:
    _load_chargeback(call)
    return [
        {"type": name, "permit_formats": list(MEDIA_TYPES), "required": name == REQUIRED_TYPE}
        for name in EVIDENCE_TYPES
    ]


def list_files(call: Call) -> list[Json]:
    return call.account.list_records(KIND, parent=_load_chargeback(call)["id"])


def get_file(call: Call) -> Json:
    file = load_record(call.account, KIND, call.path["file_id"], "File", parent=_load_chargeback(call)["id"])
    signature = f"{call.account.ledger.random.getrandbits(128):032x}"
    return {**file, "url": f"https://files.example.com/{file['id']}?signature={signature}"}


def upload_files(call: Call) -> Json:
    """Store one part for each type, all at once, while the chargeback waits for them."""
    record, account = _load_chargeback(call), call.account
    if record["status"] != "action_required":
        raise WrongState(money.closed_chargeback(record["status"]))
    details = list(_validate_files(call.files))
    if details:
        raise Invalid(*details)
    # A text here, unix seconds in the chargeback's own `files`.
    created_at = datetime.fromtimestamp(account.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    files = [
        {
            "id": account.make_id("chbkf_"),
            "name": upload.name,
            "created_at": created_at,
            "evidence_type": upload.part,
        }
        for upload in call.files
    ]
    for file in files:
        account.add(KIND, file, parent=record["id"])
        shown = {"id": file["id"], "file_name": file["name"], "url": None, "created_at": account.now()}
        record["files"].append(shown)
    chargebacks.move_chargeback(account, record, "pending_review", account.now())
    return {"files": files}


def _validate_files(files: tuple[Upload, ...]) -> Iterator[Detail]:
    if len(files) > MAX_FILES:
        yield reasons.invalid_param("files")
    counted = Counter(upload.part for upload in files)
    if not counted[REQUIRED_TYPE]:
        yield reasons.missing_param(REQUIRED_TYPE)
    for upload in files:
        if upload.part not in EVIDENCE_TYPES:
            yield reasons.unknown_param(upload.part)
        elif counted[upload.part] > 1 or not _is_readable(upload):
            yield reasons.invalid_param(upload.part)


def _is_readable(upload: Upload) -> bool:
    fits = 0 < len(upload.content) <= MAX_BYTES
    return fits and bool(upload.name) and upload.media_type in MEDIA_TYPES


def _load_chargeback(call: Call) -> Json:
    return chargebacks.load_chargeback(call.account, call.path["charge_id"], call.path["chargeback_id"])


CHARGEBACK_PATH = "/charges/{charge_id}/chargebacks/{chargeback_id}"
ENDPOINTS = (
    Endpoint("GET", f"{CHARGEBACK_PATH}/evidence-types", list_evidence_types),
    Endpoint("GET", f"{CHARGEBACK_PATH}/files", list_files),
    Endpoint("GET", f"{CHARGEBACK_PATH}/files/{{file_id}}", get_file),
    Endpoint("POST", f"{CHARGEBACK_PATH}/files/batch", upload_files),
)
