"""Finds arguments that are accepted but never sent: leaving one out has to change the request."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from conekta_mcp.catalog import Operation
from tests.contract.declarations import to_file
from tests.contract.fields import nested


def list_unsent(tool: Operation[Any], calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """Name every optional argument of `calls` that changes no request, with the file that drops it."""
    found: dict[str, bool] = {}
    for given in calls:
        sent = tool.build_request(tool.input.model_validate(given))
        for path, less in _leave_one_out(tool.input, given):
            try:
                without = tool.build_request(tool.input.model_validate(less))
            except ValidationError:  # other arguments need it: then what needs it is what is compared
                continue
            found[path] = found.get(path, False) or without != sent
    return [
        f"{to_file(tool.input.__module__)}: payload() of {tool.input.__name__} does not send {path}"
        for path, is_sent in found.items()
        if not is_sent
    ]


def _leave_one_out(
    model: type[BaseModel], given: Mapping[str, Any], before: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Leave out one optional argument after the other, but what is for this server or as its default."""
    ours: frozenset[str] = getattr(model, "server_fields", frozenset())
    for name, value in given.items():
        field = model.model_fields[name]
        if not field.is_required() and value != field.default and name not in ours:
            yield before + name, {key: given[key] for key in given if key != name}
        inner = nested(field.annotation)
        if inner and inner.many:
            for place, one in enumerate(value):
                for path, less in _leave_one_out(inner.model, one, f"{before}{name}[]."):
                    yield path, {**given, name: [*value[:place], less, *value[place + 1 :]]}
        elif inner:
            for path, less in _leave_one_out(inner.model, value, f"{before}{name}."):
                yield path, {**given, name: less}
