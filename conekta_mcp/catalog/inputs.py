"""The base models of arguments: closed, strict and frozen."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from conekta_mcp.catalog.fields import Cursor, Maybe

RARE_MARK = "rare"
"""In the JSON schema of a model, the mark of what tools/list leaves out."""


class Part(BaseModel):
    """An object inside arguments: unknown keys and coercion are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    rare: ClassVar[frozenset[str]] = frozenset()
    """Arguments that tools/list leaves out and describe_operation shows."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        for name, node in handler.resolve_ref_schema(schema).get("properties", {}).items():
            if name in cls.rare:
                node[RARE_MARK] = True
        return schema


class Input(Part):
    """The arguments of one tool."""

    server_fields: ClassVar[frozenset[str]] = frozenset({"detail"})
    """Arguments that are for this server and never sent."""

    assumed_values: ClassVar[Mapping[str, Any]] = {}
    """Conekta's defaults of a creation: naming them makes no other call."""

    def payload(self) -> Mapping[str, Any]:
        """Return the fields under Conekta's names; override it if the body has another shape."""
        return self.model_dump(exclude_none=True, exclude=set(self.server_fields))


class ChangeInput(Input):
    """Arguments of a change: at least one optional argument has to be given."""

    @model_validator(mode="after")
    def _require_change(self) -> Self:
        fields = type(self).model_fields
        given = [
            name for name in self.model_fields_set - self.server_fields if getattr(self, name) is not None
        ]
        if all(fields[name].is_required() for name in given):
            raise PydanticCustomError("change_missing", "say what to change")
        return self


class DetailInput(Input):
    """Arguments of a tool that can answer with Conekta's complete object."""

    rare = frozenset({"detail"})

    detail: Annotated[Literal["lean", "full"], Field(description="full: whole object")] = "lean"


class ListInput(Input):
    """Arguments of a list (conekta-api.md 1.7)."""

    rare = frozenset({"previous"})

    finds_people: ClassVar[bool] = True
    """Whether `search` may match personal text; under masking it then accepts whole values only."""

    limit: Annotated[int, Field(ge=1, le=250, description="Rows")] = 20
    next: Annotated[Maybe[Cursor], Field(description="From an answer's next")] = None
    previous: Annotated[Maybe[Cursor], Field(description="Newer rows")] = None
