"""The base of curated results: accepts any JSON of Conekta and returns only the declared fields."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.times import to_local_iso

EMPTY_VALUES: tuple[object, ...] = (None, "", {}, [])


class Result(BaseModel):
    """A curated object: every field is optional; unknown, null and empty fields are left out."""

    KIND: ClassVar[ObjectKind] = ObjectKind(fields=())
    """The kind of object that an answer of this class must be; by default, anything."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True, coerce_numbers_to_str=True)

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of Conekta's object `raw` that the model names, without null and empty values."""
        return cls.model_validate(raw).model_dump(exclude_none=True)

    @classmethod
    def build_answer_schema(cls) -> dict[str, Any]:
        return cls.model_json_schema(mode="serialization")

    @field_validator("*", mode="wrap")
    @classmethod
    def _drop_unreadable_field(cls, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        """Leave out a field that is empty or of an unexpected shape; `detail="full"` still shows it."""
        if not value and value in EMPTY_VALUES:
            return None
        try:
            return read(value)
        # One odd field must not turn a payment that was made into an error.
        except ValidationError:
            return None


class Child(Result):
    """An object inside an answer; a value that is not an object becomes an empty one."""

    @model_validator(mode="before")
    @classmethod
    def _replace_non_object(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping | BaseModel) else {}


def get_rows(envelope: object) -> list[Mapping[str, Any]] | None:
    """Return the rows of a list envelope or a bare array, None for null (conekta-api.md 1.3, 1.7)."""
    # Of JSON, so dict: asking for Mapping takes several times as long, and each row of a list comes here.
    if isinstance(envelope, dict):
        envelope = envelope.get("data")
    return [row for row in envelope if isinstance(row, dict)] if isinstance(envelope, list) else None


Rows = BeforeValidator(get_rows)
DIGITS = re.compile("[0-9]{1,12}")


def _parse_seconds(value: object) -> object:
    # The expiry of a customer's CLABE is a text (conekta-api.md 1.4).
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


Seconds = Annotated[int | None, BeforeValidator(_parse_seconds)]
"""Unix seconds; Conekta's 0 and "none" mean that there is no such moment."""

LocalIso = Annotated[str | None, BeforeValidator(to_local_iso)]
"""A moment that Conekta writes as text, mostly in UTC."""
