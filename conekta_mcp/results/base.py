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

EMPTY_VALUES: tuple[object, ...] = (None, "", {}, [])


class Result(BaseModel):
    """A curated object: every field may be absent, unknown fields are left out, null and empty ones too."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True, coerce_numbers_to_str=True)

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Keep what the model names of Conekta's object `raw`, without nulls and empty values."""
        return cls.model_validate(raw).model_dump(exclude_none=True)

    @classmethod
    def build_answer_schema(cls) -> dict[str, Any]:
        """Give the JSON schema of what `curate` gives."""
        return cls.model_json_schema(mode="serialization")

    @field_validator("*", mode="wrap")
    @classmethod
    def _drop_unreadable_field(cls, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """Leave out an empty field, and one of an unexpected shape; `detail="full"` still shows it."""
        if value in EMPTY_VALUES:
            return None
        try:
            return read(value)
        except ValidationError:
            return None


class Child(Result):
    """An object inside another one's answer, or the whole of it."""

    @model_validator(mode="before")
    @classmethod
    def _replace_non_object(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping | BaseModel) else {}


def get_rows(envelope: object) -> list[Mapping[str, Any]] | None:
    """Give the rows of a list envelope, of a bare array or of null (conekta-api.md 1.3, 1.7)."""
    if isinstance(envelope, Mapping):
        envelope = envelope.get("data")
    return [row for row in envelope if isinstance(row, Mapping)] if isinstance(envelope, list) else None


Rows = BeforeValidator(get_rows)


def _parse_seconds(value: object) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


Seconds = Annotated[int | None, BeforeValidator(_parse_seconds)]
"""A moment in unix seconds; Conekta's 0 and "none" mean that there is none."""
