"""An API key: what is known about it, never the key itself (conekta-api.md 3.1, 9)."""

from typing import Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Child, Seconds
from conekta_mcp.results.times import format_moment


class ApiKey(Child):
    """A key, without its secret."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("api_key",), ("api_key_id",))

    id: str | None = None
    prefix: str | None = Field(None, description="What follows key_ in the key")
    role: str | None = Field(None, description="private or public")
    description: str | None = None
    active: bool | None = None
    deleted: bool | None = None
    created_at: Seconds = None
    updated_at: Seconds = None
    deactivated_at: Seconds = None
    last_used_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def last_used_at_text(self) -> str | None:
        """When it was used last."""
        return format_moment(self.last_used_at)

    @model_validator(mode="before")
    @classmethod
    def _shorten_prefix(cls, raw: Any) -> Any:
        # Whatever begins with key_ is masked where answers are rendered, so the prefix is shown without it.
        prefix = raw.get("prefix") if isinstance(raw, dict) else None
        return {**raw, "prefix": prefix.removeprefix("key_")} if isinstance(prefix, str) else raw


class NewApiKey(ApiKey):
    """A key that was just created: `authentication_token` is left out, whatever else is asked for."""

    @computed_field
    def secret(self) -> str:
        """Where the key itself is."""
        return (
            "Never shown here. Look in Conekta's panel, under developers and API keys; if the panel hides it "
            "too, delete this key and let the merchant create one there."
        )
