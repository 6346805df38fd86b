"""Conekta's errors, in its codes and texts (conekta-api.md 2).

Refusal
├── MalformedRequest      400 malformed_request_error
├── WrongState            400 resource_error, a chargeback that no longer waits for evidence
├── Unauthorized          401 authentication_error
├── Declined              402 processing_error, the only one that leaves its order behind
├── TokenAlreadyUsed      402 processing_error, nothing was created: the token was used before
├── NoChargeableCard      402 processing_error, nothing was created: there is no card to charge
├── NotRefundable         402 processing_error, nothing was created: nothing can be refunded, or canceled
├── PayoutFailed          402 processing_error, a payout order that cannot be made, found or changed
├── Forbidden             403 processing_error, the account lacks the service
├── NotFound              404 resource_not_found_error
├── VersionConflict       409 conflict_error
├── KeyConflict           409 conflict_error, an Idempotency-Key that came with another request before
├── Invalid               422 parameter_validation_error
└── PreconditionRequired  428 precondition_required_error
"""

from dataclasses import dataclass
from typing import Any, ClassVar

PREFIX = "conekta.errors."


@dataclass(frozen=True)
class Detail:
    """One detail of an error: `es` and `en` are its texts, `en` also the debug_message."""

    code: str
    es: str
    en: str
    param: str | None = None

    def to_json(self, language: str) -> dict[str, str]:
        """Return the detail in the field order of the seed's errors."""
        texts = {"debug_message": self.en, "message": self.en if language == "en" else self.es}
        param = {} if self.param is None else {"param": self.param}
        return {**texts, **param, "code": PREFIX + self.code}


class Refusal(Exception):
    """An error answer; a subclass sets its status and type."""

    status: ClassVar[int]
    type: ClassVar[str]

    def __init__(self, *details: Detail, data: dict[str, Any] | None = None) -> None:
        super().__init__(*details)
        self.details = details
        self.data = data

    def to_envelope(self, language: str, log_id: str | None) -> dict[str, Any]:
        """Return the error body of conekta-api.md 2.1."""
        body: dict[str, Any] = {
            "details": [detail.to_json(language) for detail in self.details],
            "object": "error",
            "type": self.type,
        }
        if not self._is_unlogged():
            body["log_id"] = log_id
        if self.data is not None:
            body["data"] = self.data
        return body

    def _is_unlogged(self) -> bool:
        # The third seed case shows no log_id (conekta-api.md 2.3); no other refusal is known to omit it.
        codes = {detail.code for detail in self.details}
        return codes == {"parameter_validation.reuse_customer_clabe.invalid_datatype"}


class MalformedRequest(Refusal):
    status = 400
    type = "malformed_request_error"


class WrongState(Refusal):
    status = 400
    type = "resource_error"


class Unauthorized(Refusal):
    status = 401
    type = "authentication_error"


class Declined(Refusal):
    status = 402
    type = "processing_error"


class TokenAlreadyUsed(Refusal):
    status = 402
    type = "processing_error"


class NoChargeableCard(Refusal):
    status = 402
    type = "processing_error"


class NotRefundable(Refusal):
    status = 402
    type = "processing_error"


class PayoutFailed(Refusal):
    status = 402
    type = "processing_error"


class Forbidden(Refusal):
    status = 403
    type = "processing_error"


class NotFound(Refusal):
    status = 404
    type = "resource_not_found_error"


class VersionConflict(Refusal):
    status = 409
    type = "conflict_error"


class KeyConflict(Refusal):
    status = 409
    type = "conflict_error"


class Invalid(Refusal):
    status = 422
    type = "parameter_validation_error"


class PreconditionRequired(Refusal):
    status = 428
    type = "precondition_required_error"
