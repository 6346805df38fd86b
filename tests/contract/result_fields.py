"""Lists the text fields of result models, and compares them with the table of fields."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

import conekta_mcp.domains
from conekta_mcp.privacy.field_lookup import ANY_SHAPE, OBJECTS, find_plain_rule
from conekta_mcp.privacy.fields import FIELDS, UNKNOWN
from conekta_mcp.results.base import Result

TABLE = "conekta_mcp/privacy/fields.py"
LOOKUP = "conekta_mcp/privacy/field_lookup.py"
HERE = "tests/contract/result_fields.py"
ROOT = Path(__file__).parents[2]
MADE_HERE = {
    "account_last4", "card_brand", "card_last4", "checkout_expires_at", "customer_name", "defaults_text",
    "fee_if_paid", "never_expires", "of_method", "owed_is_complete", "paid_amount",
    "returnable",
}  # fmt: skip
"""Fields of objects that Conekta does not send: this server makes them of others."""


def result_models() -> list[type[Result]]:
    """Every model of what a tool answers, each module with results imported."""
    for file in sorted(Path(conekta_mcp.domains.__path__[0]).glob("*/*results.py")):
        import_module(f"conekta_mcp.domains.{file.parent.name}.{file.stem}")
    import_module("conekta_mcp.server.discovery.results")
    import_module("conekta_mcp.results.page")
    ours = {one for one in subclasses(Result) if one.__module__.startswith("conekta_mcp.")}
    return sorted((one for one in ours if "[" not in one.__name__), key=lambda one: one.__name__)


def subclasses(model: type[Result]) -> Iterator[type[Result]]:
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)


def fields_of(model: type[BaseModel]) -> dict[str, Any]:
    """Every field of `model` that an answer can have, and its annotation."""
    declared = {name: field.annotation for name, field in model.model_fields.items() if not field.exclude}
    return declared | {name: field.return_type for name, field in model.model_computed_fields.items()}


def can_hold_text(annotation: Any) -> bool:
    """Whether a value may be or contain a text that no Literal spells out."""
    if annotation in (str, Any, object, dict, list):
        return True
    return any(can_hold_text(one) for one in get_args(annotation))


def holds_model(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(holds_model(one) for one in get_args(annotation))


def missing_rows(models: Iterable[type[BaseModel]]) -> list[str]:
    """Each `Model.field` that can hold text and is in no row, or holds objects and is not known for it.

    A field that several models inherit is named once.
    """
    missing = []
    for model in models:
        inherited = {name for base in model.__bases__ if issubclass(base, Result) for name in fields_of(base)}
        for name, annotation in fields_of(model).items():
            if name in inherited:
                continue
            if can_hold_text(annotation) and find_plain_rule(name) is UNKNOWN:
                missing.append(f"{model.__name__}.{name}: a row in FIELDS of {TABLE}")
            if holds_model(annotation) and name not in OBJECTS:
                missing.append(f"{model.__name__}.{name}: its name in OBJECTS of {LOOKUP}")
    return missing


def missing_in_sandbox(models: Iterable[type[BaseModel]]) -> list[str]:
    """Each field of an object of Conekta's that no module of the sandbox names: nothing answers it."""
    words = {
        word
        for file in (ROOT / "conekta_mcp" / "sandbox").rglob("*.py")
        for word in re.findall(r"\w+", file.read_text("utf-8"))
    }
    objects = [
        model
        for model in models
        if model.__module__.startswith("conekta_mcp.domains.") and ".support." not in model.__module__
    ]
    return [
        f"{model.__name__}.{name}: conekta_mcp/sandbox/: the handler that answers it; "
        f"if this server makes it of other fields, {HERE}: MADE_HERE"
        for model in objects
        for name in model.model_fields.keys() - words - MADE_HERE
        if not any(name in getattr(base, "model_fields", {}) for base in model.__bases__)
    ]


def names_in(value: Any) -> Iterator[str]:
    """The names of fields in an object of Conekta's, metadata left out."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from () if name == ANY_SHAPE else names_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from names_in(item)


def unused_rows(models: Iterable[type[BaseModel]], raw_names: set[str]) -> list[str]:
    """The rows that neither a model nor an object of Conekta's has a field for."""
    known = {model.__name__: fields_of(model) for model in models}
    used = raw_names | {name for fields in known.values() for name in fields}
    return [
        row
        for row in FIELDS
        if (
            row.partition(".")[2] not in known.get(row.partition(".")[0], {})
            if "." in row
            else row not in used
        )
    ]
