"""The schemas in snapshots/ equal those of the models."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Field

from conekta_mcp.catalog import Part
from conekta_mcp.domains import SANDBOX_TOOLS, TOOLS
from conekta_mcp.domains import all_tools as whole
from conekta_mcp.server.discovery.tools import DISCOVERY_TOOLS
from conekta_mcp.server.tools.published_schemas import SNAPSHOTS_FOLDER, derive_schemas, load_schemas
from conekta_mcp.server.tools.schema import flatten_schema, lean_schema
from tests.one_test import all_in_one_test

ALL = (*whole.ALL_TOOLS, *DISCOVERY_TOOLS, *SANDBOX_TOOLS)


@all_in_one_test("tool", ALL)
def test_a_published_schema_is_the_one_of_the_models(tool: Any) -> None:
    assert load_schemas(tool) == derive_schemas(tool)


def test_every_file_has_a_tool() -> None:
    files = {path.stem for path in Path(SNAPSHOTS_FOLDER).iterdir()}
    assert files <= {tool.name for tool in ALL}, "make snapshot removes it"


def test_a_tool_without_a_file_gets_its_schemas_from_its_models() -> None:
    new = replace(TOOLS[0], name="list_unheard_of")
    assert load_schemas(new) == derive_schemas(TOOLS[0])


class Inner(Part):
    """Not for agents."""

    rare: ClassVar[frozenset[str]] = frozenset({"seldom"})

    title: str
    size: Annotated[int, Field(ge=1, le=9, description="How big")] = 1
    seldom: Annotated[str, Field(max_length=9)] = "no"


class Outer(BaseModel):
    """Not for agents either."""

    inner: Annotated[Inner, Field(description="One")]
    maybe: Annotated[str | None, Field(description="Or not")] = None
    many: Annotated[list[list[Inner]], Field(min_length=1, max_length=3, description="All")]
    word: Annotated[str, Field(min_length=2, max_length=9, description="One")] = "uno"
    months: Annotated[Literal[3, 6] | None, Field(description="Months")] = None
    at_all: Annotated[bool, Field(description="Ever")] = False


def test_a_schema_is_flat_and_lean_and_has_nothing_that_a_provider_refuses() -> None:
    inner = {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "size": {"type": "integer", "minimum": 1, "description": "How big"},
        },
        "required": ["title"],
    }
    assert lean_schema(Outer) == {
        "type": "object",
        "properties": {
            "inner": {**inner, "description": "One"},
            "maybe": {"type": "string", "description": "Or not"},
            "many": {
                "type": "array",
                "items": {"type": "array", "items": inner},
                "minItems": 1,
                "maxItems": 3,
                "description": "All",
            },
            "word": {"type": "string", "description": "One; default uno"},
            "months": {"type": "integer", "minimum": 3, "maximum": 6, "description": "Months: 3, 6"},
            "at_all": {"type": "boolean", "description": "Ever"},
        },
        "required": ["inner", "many"],
    }
    whole = lean_schema(Outer, whole=True)["properties"]["inner"]["properties"]
    assert whole == {**inner["properties"], "seldom": {"type": "string"}}


def test_a_choice_of_several_types_stays_one() -> None:
    schema = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}], "default": None}
    assert flatten_schema(schema) == {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}
