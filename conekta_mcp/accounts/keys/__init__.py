"""Where the API key of a profile is stored: a variable, a private file, the system keyring, a login."""

from conekta_mcp.accounts.keys.sources import (
    FileKey,
    GivenKey,
    KeyringKey,
    KeySource,
    VariableKey,
    check_key_text,
)

__all__ = ["FileKey", "GivenKey", "KeySource", "KeyringKey", "VariableKey", "check_key_text"]
