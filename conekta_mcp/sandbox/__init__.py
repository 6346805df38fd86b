"""An offline Conekta: an ASGI app over one ledger, with a clock that tests control."""

from conekta_mcp.sandbox.app import create_sandbox
from conekta_mcp.sandbox.core.ledger import Ledger

__all__ = ["Ledger", "create_sandbox"]
