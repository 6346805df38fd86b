"""Environment variables and flags: the table of all settings, and how their text is parsed."""

from conekta_mcp.settings.reading import read_settings
from conekta_mcp.settings.table import Settings

__all__ = ["Settings", "read_settings"]
