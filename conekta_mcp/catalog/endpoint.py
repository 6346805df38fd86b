"""A method and path template of Conekta's API, and the request that arguments make of them."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class File:
    """A file to send, with its name and media type."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True)
class ObjectKind:
    """The properties of Conekta's objects of one kind, in every answer (conekta-api.md 4)."""

    names: tuple[str, ...] = ()
    """The possible values of `object`: several where Conekta's sources disagree; () if it has none."""
    id_arguments: tuple[str, ...] = ()
    """The arguments that are the id of such an object in a path."""
    fields: tuple[str, ...] = ("id", "object")
    """Fields that every object of this kind has."""
    any_fields: tuple[str, ...] = ()
    """Fields of which every object of this kind has at least one."""
    is_list: bool = False

    def find_id(self, path_fields: Mapping[str, Any]) -> str | None:
        """Return the id that the answer must have; None if the path names no such object."""
        return next((str(path_fields[name]) for name in self.id_arguments if name in path_fields), None)


LIST = ObjectKind(("list",), fields=(), is_list=True)
PARENTS = ("order_id", "customer_id", "subscription_id")
"""The arguments in a path that are the id of what an object belongs to."""


@dataclass(frozen=True)
class AnswerShape:
    """What a body must be to be accepted as the answer of an endpoint."""

    kind: ObjectKind
    id: str | None = None
    """The id of the object that the request names."""
    parent: tuple[str, str] | None = None
    """The argument and the id of what the object, or every row of the list, belongs to."""

    def is_shape_of(self, body: Mapping[str, Any]) -> bool:
        """Tell whether a body is such an answer.

        An error envelope with status 200 is not, and neither is a non-empty list without objects, or what
        shows that it belongs to another customer, order or subscription.
        """
        if not body or body.get("object") == "error":
            return False
        if self.kind.is_list:
            rows = body.get("data")
            shown_rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            is_list = isinstance(rows, list) and (not rows or bool(shown_rows))
            return is_list and all(map(self._is_of_parent, shown_rows))
        shown = body.get("id")
        is_named = all(isinstance(body.get(name), str) and body[name] for name in self.kind.fields)
        told = self.kind.any_fields
        if told and all(body.get(name) is None for name in told):
            return False
        is_meant = self.id is None or shown is None or shown == self.id
        return is_named and is_meant and self._is_of_parent(body)

    def _is_of_parent(self, one: Mapping[str, Any]) -> bool:
        if self.parent is None:
            return True
        name, wanted = self.parent
        inner = one.get(name.removesuffix("_id"))
        told = [one.get("parent_id"), one.get(name), inner.get("id") if isinstance(inner, Mapping) else None]
        return all(each in (None, "", wanted) for each in told)


@dataclass(frozen=True)
class Request:
    """One request to Conekta: the path is already encoded, query and body are not."""

    method: Method
    path: str
    query: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    files: Mapping[str, File] = field(default_factory=dict)
    """The files of a multipart form by name; such a request has no body."""
    array: bool = False
    """Whether a success is a bare array, which the sender returns as {"data": [...]}."""

    reads: bool = False
    """Whether it changes nothing although its method could."""

    accepts_key: bool = False
    """Whether Conekta accepts an Idempotency-Key, and acts once for requests with the same key."""

    idempotency_key: str | None = None

    before_sending: Callable[[], Awaitable[None]] | None = field(default=None, repr=False, compare=False)
    """Awaited immediately before the request is sent, each time; may raise Failure."""

    shape: AnswerShape | None = field(default=None, compare=False, repr=False)
    """The required shape of a success; None accepts any JSON object."""

    @property
    def writes(self) -> bool:
        """Whether the request can change something."""
        return self.method != "GET" and not self.reads


@dataclass(frozen=True)
class Endpoint:
    """A route of Conekta's API, such as `POST /orders/{id}/cancel`."""

    method: Method
    template: str
    array: bool = False
    reads: bool = False
    accepts_key: bool = False

    @cached_property
    def path_fields(self) -> tuple[str, ...]:
        """The names between braces, in order."""
        return tuple(re.findall(r"{(\w+)}", self.template))

    def build_request(self, fields: Mapping[str, Any]) -> Request:
        """Fill the path from `fields`; the others become the query of a GET, else the body."""
        path = self.template
        for name in self.path_fields:
            path = path.replace("{" + name + "}", encode_segment(fields[name]))
        rest = {key: value for key, value in fields.items() if key not in self.path_fields}
        if self.method == "GET":
            return Request(self.method, path, query=rest, array=self.array)
        return Request(self.method, path, body=rest or None, reads=self.reads, accepts_key=self.accepts_key)


def encode_segment(value: str) -> str:
    """Encode one path segment, so that no id can lead to another route."""
    if value in {"", ".", ".."}:
        raise ValueError("an id cannot be empty, '.' or '..'")
    return quote(value, safe="")


def GET(template: str, *, array: bool = False) -> Endpoint:  # noqa: N802 - reads as HTTP does
    """Read the resource at `template`; `array` says that it is a list without an envelope."""
    return Endpoint("GET", template, array)


def POST(template: str, *, reads: bool = False, accepts_key: bool = False) -> Endpoint:  # noqa: N802
    """Create at, or act on, the resource at `template`.

    `reads` says that nothing changes, `accepts_key` that Conekta takes an Idempotency-Key (conekta-api.md 0,
    from its files newer than the specification).
    """
    return Endpoint("POST", template, reads=reads, accepts_key=accepts_key)


def PUT(template: str) -> Endpoint:  # noqa: N802
    """Change the resource at `template`."""
    return Endpoint("PUT", template)


def PATCH(template: str) -> Endpoint:  # noqa: N802
    """Change a part of the resource at `template`."""
    return Endpoint("PATCH", template)


def DELETE(template: str) -> Endpoint:  # noqa: N802
    """Remove the resource at `template`."""
    return Endpoint("DELETE", template)
