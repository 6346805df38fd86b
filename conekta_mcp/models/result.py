"""The root of curated results: tolerant of what Conekta sends, exact in what it passes on."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)


class Result(BaseModel):
    """A curated object: every field may be absent, unknown fields are left out, null and empty ones too."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True, coerce_numbers_to_str=True)

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Keep what the model names of Conekta's object `raw`, without nulls and empty values."""
        dumped: dict[str, Any] = without_empty(cls.model_validate(raw).model_dump(exclude_none=True))
        return dumped

    @classmethod
    def answer_schema(cls) -> dict[str, Any]:
        """Give the JSON schema of what `curate` gives."""
        return cls.model_json_schema(mode="serialization")

    @field_validator("*", mode="wrap")
    @classmethod
    def _a_success_stays_a_success(cls, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """Leave out a field of an unexpected shape; `detail="full"` still shows it."""
        try:
            return read(value)
        except ValidationError:
            return None


class Child(Result):
    """An object inside another one's answer, or the whole of it."""

    @model_validator(mode="before")
    @classmethod
    def _only_objects(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping | BaseModel) else {}


def rows(envelope: object) -> list[Mapping[str, Any]] | None:
    """Give the rows of a list envelope, of a bare array or of null (conekta-api.md 1.3, 1.7)."""
    if isinstance(envelope, Mapping):
        envelope = envelope.get("data")
    return [row for row in envelope if isinstance(row, Mapping)] if isinstance(envelope, list) else None


Rows = BeforeValidator(rows)


def _seconds(value: object) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


Seconds = Annotated[int | None, BeforeValidator(_seconds)]
"""A moment in unix seconds; Conekta's 0 and "none" mean that there is none."""


def without_empty(value: Any) -> Any:
    """Leave out the empty strings, objects and arrays inside objects."""
    if isinstance(value, dict):
        cleaned = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in ("", {}, [])}
    if isinstance(value, list):
        return [without_empty(item) for item in value]
    return value
