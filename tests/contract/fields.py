"""Lists the values of input models, each with its path and bounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from conekta_mcp.catalog.fields import Source
from conekta_mcp.server.tools.schema import flatten_schema


@dataclass(frozen=True)
class Leaf:
    """A value such as `address.street1` or `line_items[].quantity`, and its flat schema."""

    path: str
    schema: dict[str, Any]
    required: bool
    source: str | None = None
    """Who documents it, where Conekta's OpenAPI file does not."""


@dataclass(frozen=True)
class Nested:
    """An object, or a list of objects, inside an input."""

    model: type[BaseModel]
    many: bool


def leaves(model: type[BaseModel], before: str = "") -> Iterator[Leaf]:
    """Every single value of `model`, those of the objects inside it included."""
    schemas = flatten_schema(model.model_json_schema())["properties"]
    for name, field in model.model_fields.items():
        inner = nested(field.annotation)
        if inner is None:
            sources = (one.text for one in field.metadata if isinstance(one, Source))
            yield Leaf(
                before + name,
                to_wire(schemas[name], field.annotation),
                field.is_required(),
                next(sources, None),
            )
        else:
            yield from leaves(inner.model, f"{before}{name}{'[]' if inner.many else ''}.")


def to_wire(schema: dict[str, Any], annotation: Any) -> dict[str, Any]:
    """The schema of what Conekta is sent: free keys are published as JSON text, and sent as an object."""
    return {**schema, "type": "object"} if holds_free_keys(annotation) else schema


def holds_free_keys(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in (Annotated, Union, UnionType):
        return holds_free_keys(get_args(annotation)[0])
    return origin is dict


def nested(annotation: Any) -> Nested | None:
    """What object stands behind an annotation, through `Annotated`, `| None` and `list`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return nested(get_args(annotation)[0])
    if origin in (Union, UnionType):
        arms = [arm for arm in get_args(annotation) if arm is not NoneType]
        return nested(arms[0]) if len(arms) == 1 else None
    if origin is list:
        inner = nested(get_args(annotation)[0])
        return Nested(inner.model, many=True) if inner else None
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return Nested(annotation, many=False) if is_model else None
