"""JSON schemas that were found valid: each is checked against the meta schema once a process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jsonschema import Draft202012Validator


@contextmanager
def remember_checked_schemas() -> Iterator[None]:
    """Check a schema once only: it costs sixty times what checking a value by it does.

    `jsonschema.validate` and every new client of MCP check the schema first. An invalid one is not kept, so
    it fails each time.
    """
    check_schema = Draft202012Validator.check_schema
    valid: set[str] = set()

    def check_once(schema: Any, **options: Any) -> None:
        text = json.dumps(schema, sort_keys=True)
        if text not in valid:
            check_schema(schema, **options)
            valid.add(text)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Draft202012Validator, "check_schema", check_once)
        yield
