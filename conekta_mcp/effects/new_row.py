"""What the row of a new object has to show: the body that was sent, converted where Conekta differs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.catalog import Operation

Fields = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ShownDifferently:
    """A field of the body that Conekta shows in another form, or does not show."""

    why: str
    convert: Callable[[Any], Fields] | None = None
    """Returns the fields that the row shows for a value; None if the row does not show it."""


def hide_field(why: str) -> ShownDifferently:
    """Declare a field that Conekta never shows; rows cannot be compared by it."""
    return ShownDifferently(why=why)


def nest_fields(name: str, shown: Mapping[str, ShownDifferently]) -> dict[str, ShownDifferently]:
    """Apply the declarations of one object to the objects inside `name`."""
    return {f"{name}.{path}": other for path, other in shown.items()}


@dataclass(frozen=True, kw_only=True)
class NewRow:
    """The row that a creation makes, derived from its body, so that every field sent is compared."""

    tool: Operation[Any]
    shown: Mapping[str, ShownDifferently] = field(default_factory=dict)
    """Conversions by path in the body, through lists too: "charges.payment_method.type"."""
    derive: Callable[[Any], Fields] = lambda _: {}
    """Returns fields of the row that Conekta computes, such as the sum of the lines."""

    def build_expected(self, arguments: Any) -> Fields:
        """Return what the row has to show; a field that the row leaves out is no difference."""
        body = self.tool.build_request(arguments).body or {}
        return {**self.show_body(body), **self.derive(arguments)}

    def show_body(self, body: Fields) -> Fields:
        return show_body(body, self.shown)


def show_body(body: Fields, shown: Mapping[str, ShownDifferently]) -> Fields:
    """Convert a body to the fields of the object that Conekta shows after the call."""
    return _show_object(body, "", shown)


def _show_object(sent: Fields, before: str, shown: Mapping[str, ShownDifferently]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for name, value in sent.items():
        path = f"{before}{name}"
        inner, other = _show_value(value, path, shown), shown.get(path)
        if other is None:
            seen[name] = inner
        elif other.convert:
            seen.update(other.convert(inner))
    return seen


def _show_value(value: Any, path: str, shown: Mapping[str, ShownDifferently]) -> Any:
    if isinstance(value, Mapping):
        return _show_object(value, f"{path}.", shown)
    return [_show_value(one, path, shown) for one in value] if isinstance(value, list) else value
