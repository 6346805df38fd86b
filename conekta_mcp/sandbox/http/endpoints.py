"""An endpoint, and the call that its handler answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.uploads import Uploads


@dataclass(frozen=True)
class Call:
    """One authenticated request; `url` is its address without the query."""

    account: Account
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    url: str
    version: str
    """Of the API, as the request names it."""
    files: Uploads = ()


Handler = Callable[[Call], Json | list[Json]]
"""Returns an object, or an array for the few lists without an envelope."""


class Endpoint(NamedTuple):
    """A method and a path template with its handler, and the status of a success."""

    method: str
    path: str
    handler: Handler
    status: int = 200
