"""The declaration of a resource: what it shows, and how its ids are found."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from conekta_mcp.catalog.sender import Sender


@dataclass(frozen=True)
class Named:
    """An object as a list of resources shows it."""

    id: str
    name: str


@dataclass(frozen=True)
class Names:
    """A page of named objects and the cursor of the next one."""

    rows: tuple[Named, ...]
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class Readable:
    """A kind of resource, `conekta://{kind}s/{id}`."""

    kind: str
    title: str
    description: str
    pattern: str
    """The shape of an id."""
    read: Callable[[Sender, str], Awaitable[dict[str, Any]]]
    find: Callable[[Sender, str], Awaitable[list[str]]]
    """Ids for what was typed, a part of a name or of an id."""
    recent: Callable[[Sender, str | None], Awaitable[Names]] | None = None
    """A page of the newest ones, from a cursor; None where they are not listed."""

    @property
    def id_name(self) -> str:
        """The variable of the address, such as customer_id."""
        return f"{self.kind}_id"

    @property
    def address(self) -> str:
        """The address without its id."""
        return f"conekta://{self.kind}s/"
