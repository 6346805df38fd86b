"""Logs to stderr, without API keys and card numbers."""

import logging
import sys

from conekta_mcp.redaction import redact
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings.timezone import MEXICO_CITY


class RedactingFormatter(logging.Formatter):
    """Formats a record and its traceback without secrets, its time in the merchant's zone with the offset."""

    def __init__(self, text: str, zone: str = MEXICO_CITY) -> None:
        super().__init__(text)
        self._times = LocalTimes(zone)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802  logging's own name and arguments
        local = self._times.find_local(record.created)
        return local.isoformat(timespec="milliseconds") if local else ""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def log_to_stderr(level: str, zone: str = MEXICO_CITY) -> None:
    """Set up logging before the SDK does, which leaves a root logger with handlers alone."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s", zone))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # At INFO httpx logs each URL, with the ids and searches in it.
    logging.getLogger("httpx").setLevel(max(logging.WARNING, logging.getLevelName(level)))
