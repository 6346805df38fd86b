"""Tools for API keys (conekta-api.md 3.1, 9); the keys themselves never reach a model."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    ChangeInput,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import Maybe, ObjectId, SpanishText, Text
from conekta_mcp.domains.api_keys.results import ApiKey, NewApiKey
from conekta_mcp.results.page import Page

SETTLED_BY = "list_api_keys"
Purpose = Annotated[str, StringConstraints(max_length=249)]


class ListApiKeysInput(ListInput):
    finds_people = False

    search: Annotated[
        Maybe[Text],
        Field(description="Id, description or prefix"),
        SpanishText("id, descripción o prefijo"),
    ] = None


list_api_keys = Operation(
    name="list_api_keys",
    title="List API keys",
    title_es="Listar llaves de API",
    endpoint=GET("/api_keys"),
    risk=Risk.SECRET,
    toolset=Toolset.API_KEYS,
    description=(
        "List the merchant's API keys without their secrets: which exist, are active, were used last. "
        "Changes nothing. Look here before update_api_key or delete_api_key."
    ),
    input=ListApiKeysInput,
    example={},
    output=Page[ApiKey],
    card="table",
    settled_by=SETTLED_BY,
    idempotent=True,
)


class ApiKeyInput(Input):
    api_key_id: ObjectId


get_api_key = Operation(
    name="get_api_key",
    title="Read an API key",
    title_es="Ver una llave de API",
    endpoint=GET("/api_keys/{api_key_id}"),
    risk=Risk.SECRET,
    toolset=Toolset.API_KEYS,
    description=(
        "Read what is known of one API key: role, active or not, last use; never the key itself. Without "
        "the id use list_api_keys."
    ),
    input=ApiKeyInput,
    example={"api_key_id": "6a0000000000000000000001"},
    output=ApiKey,
    settled_by=SETTLED_BY,
    idempotent=True,
)


class CreateApiKeyInput(Input):
    role: Annotated[Literal["private", "public"], Field(description="private: full access")]
    description: Annotated[Maybe[Purpose], Field(description="What it is for")] = None


create_api_key = Operation(
    name="create_api_key",
    title="Create an API key",
    title_es="Crear una llave de API",
    endpoint=POST("/api_keys"),
    risk=Risk.SECRET,
    toolset=Toolset.API_KEYS,
    description=(
        "Create an API key: with role private it can do everything, for good, until update_api_key or "
        "delete_api_key. The key itself is not shown; the answer says where to find it."
    ),
    input=CreateApiKeyInput,
    example={"role": "private"},
    output=NewApiKey,
    settled_by=SETTLED_BY,
)


class UpdateApiKeyInput(ChangeInput, ApiKeyInput):
    active: Annotated[Maybe[bool], Field(description="false: refused at once")] = None
    description: Annotated[Maybe[Purpose], Field(description="What it is for")] = None


update_api_key = Operation(
    name="update_api_key",
    title="Switch or rename an API key",
    title_es="Activar o describir una llave de API",
    endpoint=PUT("/api_keys/{api_key_id}"),
    risk=Risk.SECRET,
    toolset=Toolset.API_KEYS,
    description=(
        "Deactivate, reactivate or describe an API key. Deactivating stops every system that uses it, even "
        "this server if it is its own. For good: delete_api_key."
    ),
    input=UpdateApiKeyInput,
    example={"api_key_id": "6a0000000000000000000001", "active": False},
    output=ApiKey,
    settled_by=SETTLED_BY,
    idempotent=True,
)

delete_api_key = Operation(
    name="delete_api_key",
    title="Delete an API key",
    title_es="Eliminar una llave de API",
    endpoint=DELETE("/api_keys/{api_key_id}"),
    risk=Risk.SECRET,
    toolset=Toolset.API_KEYS,
    description=(
        "Delete an API key for good: every system that uses it is locked out, even this server if it is "
        "its own. To be able to go back use update_api_key with active false."
    ),
    input=ApiKeyInput,
    example={"api_key_id": "6a0000000000000000000001"},
    output=ApiKey,
    settled_by=SETTLED_BY,
    idempotent=True,
)

TOOLS = (list_api_keys, get_api_key, create_api_key, update_api_key, delete_api_key)
