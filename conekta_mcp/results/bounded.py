"""Objects of any shape inside an answer: without card data and keys, and limited in length."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import to_json

from conekta_mcp.redaction import redact_value

MAX_LENGTH = 2000
SECRET_FIELDS = frozenset({"number", "cvc", "cvv", "exp_month", "exp_year", "authentication_token"})
HIDDEN = "[redacted]"


def bound_value(value: Any) -> Any:
    """Return the redacted object, or the start of its JSON if that has more than 2000 characters."""
    safe = redact_value(_redact_secrets(value))
    text = to_json(safe).decode()
    return safe if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def _redact_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: HIDDEN if key in SECRET_FIELDS else _redact_secrets(item) for key, item in value.items()}
    return [_redact_secrets(item) for item in value] if isinstance(value, list) else value


Bounded = Annotated[Any, BeforeValidator(bound_value)]
