"""What a route is made of: an endpoint, and the call its handler answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from conekta_mcp.sandbox.account import Account, Json


@dataclass(frozen=True)
class Call:
    """One authenticated request; `url` is its address without the query."""

    account: Account
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    url: str


class Endpoint(NamedTuple):
    """A method and a path template with the function that answers it."""

    method: str
    path: str
    handler: Callable[[Call], Json]
