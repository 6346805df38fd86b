"""Logs to stderr, without API keys and card numbers."""

import logging
import sys

from conekta_mcp.redaction import redact


class RedactingFormatter(logging.Formatter):
    """Formats a record and its traceback without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def log_to_stderr(level: str) -> None:
    """Set up logging before the SDK does; it keeps existing handlers of the root logger."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # At INFO httpx logs each URL, with the ids and searches in it.
    logging.getLogger("httpx").setLevel(max(logging.WARNING, logging.getLevelName(level)))
