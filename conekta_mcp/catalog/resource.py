"""The declaration of an MCP resource: what it shows, and how its ids are found."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import quote

from conekta_mcp.catalog.sender import Sender


@dataclass(frozen=True)
class ListedResource:
    """An object in the list of resources."""

    id: str
    name: str


@dataclass(frozen=True)
class ResourcePage:
    """A page of listed objects, and the cursor of the next page."""

    rows: tuple[ListedResource, ...]
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class ResourceDeclaration:
    """A kind of resource; its functions take the ids in its address in order, owners first."""

    kind: str
    title: str
    description: str
    template: str
    """The address, such as conekta://orders/{order_id}."""
    shapes: Mapping[str, str]
    """The variables of the address, in order, each with the pattern of its ids."""
    read: Callable[..., Awaitable[dict[str, Any] | None]]
    """Returns what is shown, given a sender and the ids; None if there is no such object."""
    find: Callable[..., Awaitable[list[str]]]
    """Returns ids for a typed part of a name or id, given a sender and the ids of the owners."""
    tools: tuple[str, ...]
    """The tools that show the same; a policy that denies one of them denies the resource."""
    list_recent: Callable[[Sender, str | None], Awaitable[ResourcePage]] | None = None
    """Returns a page of the newest objects from a cursor; None if they are not listed."""

    @property
    def id_name(self) -> str:
        """The variable of the address for the object's id, such as customer_id."""
        return list(self.shapes)[-1]

    def parse_address(self, address: str) -> tuple[str, ...] | None:
        """Return the ids in `address`; None if it is not an address of this kind."""
        found = re.fullmatch(
            self._fill_template({name: f"({shape})" for name, shape in self.shapes.items()}), address
        )
        return found.groups() if found else None

    def format_address(self, *ids: str) -> str:
        """Return the address of one object."""
        names = list(self.shapes)
        return self._fill_template({names[place]: quote(one, safe="") for place, one in enumerate(ids)})

    def select_owner_ids(self, known: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the ids of the owners among the known ones; None if one is missing or invalid."""
        *names, _ = self.shapes
        found = tuple(known.get(name, "") for name in names)
        fit = (re.fullmatch(self.shapes[name], one) for name, one in zip(names, found, strict=True))
        return found if all(fit) else None

    def _fill_template(self, values: Mapping[str, str]) -> str:
        return reduce(lambda text, name: text.replace("{" + name + "}", values[name]), values, self.template)
