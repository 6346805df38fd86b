"""The address of a webhook as questions show it."""

from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.redaction import mask_credentials


def format_address(url: object) -> str:
    """Return an address in quotes, without its password."""
    return quote_text(mask_credentials(str(url or "")))
