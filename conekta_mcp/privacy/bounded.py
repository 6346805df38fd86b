"""Objects of any shape inside an answer: without card data and keys, and never too long for an agent."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import to_json

from conekta_mcp.redaction import redact_value

MAX_LENGTH = 2000
HIDDEN = "[redacted]"


def bound_value(value: Any) -> Any:
    """Give the object as it is, or the start of its JSON if that has more than 2000 characters."""
    safe = redact_value(hide_secrets(value, in_body=True))
    text = to_json(safe).decode()
    return safe if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def has_secret_fields(text: bytes) -> bool:
    """Tell, quickly, whether JSON text may have a field whose value is hidden wherever it stands."""
    from conekta_mcp.privacy.field_lookup import SECRET_NAMES

    lowered = text.lower()
    return any(name in lowered for name in SECRET_NAMES)


def hide_secrets(value: Any, *, in_body: bool = False) -> Any:
    """Hide card data and keys by the names of their fields; in a body, of whatever else has such a name."""
    from conekta_mcp.privacy.field_lookup import BODIES, is_secret

    if isinstance(value, Mapping):
        return {
            name: HIDDEN
            if is_secret(name, in_body)
            else hide_secrets(item, in_body=in_body or name in BODIES)
            for name, item in value.items()
        }
    return [hide_secrets(item, in_body=in_body) for item in value] if isinstance(value, list) else value


Bounded = Annotated[Any, BeforeValidator(bound_value)]
