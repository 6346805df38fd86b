"""Objects of any shape inside an answer: without card data and keys, and limited in length."""

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import to_json

from conekta_mcp.privacy.secret_fields import hide_secrets
from conekta_mcp.redaction import redact_value

MAX_LENGTH = 2000


def bound_value(value: Any) -> Any:
    """Return the object, or the start of its JSON if that is longer than 2000 characters."""
    safe = redact_value(hide_secrets(value, in_body=True))
    text = to_json(safe).decode()
    return safe if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


Bounded = Annotated[Any, BeforeValidator(bound_value)]
