"""The API version of a request, and the header that echoes it (conekta-api.md 0.2, 1.1)."""

import re

from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import VersionConflict
from conekta_mcp.sandbox.refusals.policies import DEFAULT_VERSION, SUPPORTED_VERSIONS

MEDIA_TYPE = re.compile(r"application/vnd\.conekta-v(\d+\.\d+\.\d+)\+json", re.IGNORECASE)


def parse_version(accept: str) -> str:
    """Return the requested version; raise VersionConflict if Conekta's current API does not have it."""
    named = MEDIA_TYPE.search(accept)
    if named is None:
        return DEFAULT_VERSION
    if named[1] not in SUPPORTED_VERSIONS:
        raise VersionConflict(reasons.unknown_version(named[1]))
    return named[1]


def echo_version(version: str) -> dict[str, str]:
    return {"Conekta-Media-Type": f"conekta-v{version}; format=application/json"}


def parse_language(accept_language: str) -> str:
    return "en" if accept_language.strip().lower().startswith("en") else "es"
