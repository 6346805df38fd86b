"""How a question shows where a webhook goes."""

from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.redaction import mask_credentials


def format_address(url: object) -> str:
    """Quote an address without the password in it."""
    return quote_text(mask_credentials(str(url or "")))
