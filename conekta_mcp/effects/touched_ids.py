"""Collects the ids among the arguments of a call: each value whose type is an id of catalog/fields.py."""

from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from conekta_mcp.catalog.fields import IdShape


def collect_ids(arguments: BaseModel) -> frozenset[str]:
    """Return the ids among the arguments, also inside lists and objects."""
    return frozenset(_iterate_ids(arguments))


def _iterate_ids(arguments: BaseModel) -> Iterator[str]:
    for name, field in type(arguments).model_fields.items():
        yield from _find_ids(getattr(arguments, name, None), field.annotation, field.metadata)


def _find_ids(value: Any, annotation: Any, notes: Iterable[Any] = ()) -> Iterator[str]:
    """Find ids in `value`, which has this annotation; `notes` are the metadata of its Annotated."""
    if value is None:
        return
    if any(isinstance(note, IdShape) for note in notes):
        yield str(value)
    elif isinstance(value, BaseModel):
        yield from _iterate_ids(value)
    elif get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        yield from _find_ids(value, inner, more)
    elif get_origin(annotation) in (Union, UnionType):
        for arm in get_args(annotation):
            yield from _find_ids(value, arm)
    elif get_origin(annotation) is list and isinstance(value, list):
        for one in value:
            yield from _find_ids(one, get_args(annotation)[0])
