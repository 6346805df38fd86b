"""The only package that speaks HTTP to Conekta."""

from conekta_mcp.api.client import Conekta

__all__ = ["Conekta"]
