"""Undoes what clients change in a call: null for absent values, 5.0 for 5, lists as text."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from mcp.types import CallToolResult
from pydantic import AfterValidator, BaseModel, WithJsonSchema

from conekta_mcp.catalog import ServerArguments, Tool
from conekta_mcp.catalog.fields import Spelling
from conekta_mcp.catalog.server_arguments import list_accepted_arguments
from conekta_mcp.server.lines.client_envelopes import FILLERS, OWN_ARGUMENTS, WRAPPERS, open_envelope
from conekta_mcp.server.lines.json_texts import mend_text, parse_json
from conekta_mcp.server.rendering.results import add_note

AnswerT = TypeVar("AnswerT")

NEAR = 0.75
"""How similar a name must be to be suggested."""
MOST_LETTERS = 64
"""The length of the longest name of an argument."""
MOST_EXACT = 2**53
"""Larger floats can stand for several integers."""
MOST_NAMES = 12
"""How many arguments of a kind a note names; the others are counted."""

NOTES: Mapping[str, tuple[str, str]] = {
    "left_out": ("Vacío, así que no se dio", "Empty, so taken as not given"),
    "whole": ("Leído como número entero", "Read as whole numbers"),
    "parsed": ("Leído de un texto JSON", "Read from JSON text"),
    "spelled": ("Escrito como lo escribe Conekta", "Spelled as Conekta does"),
    "mended": (
        "Cortado en medio de un emoji, que se leyó como \ufffd",
        "Cut inside an emoji, read as \ufffd",
    ),
    "opened": ("Envoltura de tu cliente, así que se abrió", "Your client's wrapper, so opened"),
    "dropped": ("De tu cliente, no de esta herramienta, así que se ignoró", "Your client's own, so ignored"),
}
"""The notes about converted arguments, in Spanish and English."""


@dataclass(frozen=True)
class Reading:
    """The arguments as they were meant, and which of them were converted."""

    given: Mapping[str, Any]
    """The arguments as they came."""
    arguments: dict[str, Any]
    told: Mapping[str, list[str]]

    def describe(self, language: str) -> str:
        """Return a note about converted arguments; "" if there are none."""
        lines = [
            f"{texts[language == 'en']}: {_list_names(names)}."
            for kind, texts in NOTES.items()
            if (names := self.told[kind])
        ]
        return " ".join(lines)


def read_client_arguments(tool: Tool[Any], arguments: Mapping[str, Any], on: Collection[str] = ()) -> Reading:
    """Return the arguments of a call of `tool` as they were meant; `on` are the allowed extra ones."""
    ours, theirs = _find_shapes(ServerArguments), cast("type[BaseModel]", tool.input)
    shapes = {
        **_find_shapes(theirs),
        **{name: ours[name] for name in list_accepted_arguments(tool, on)},
    }
    told: dict[str, list[str]] = {kind: [] for kind in NOTES}
    beside = OWN_ARGUMENTS if theirs.model_fields else OWN_ARGUMENTS | FILLERS
    contents = open_envelope(arguments, shapes, beside)
    told |= {"dropped": contents.dropped, "opened": contents.opened}
    return Reading(arguments, _read_object(shapes, contents.arguments, "", told), told)


def find_near_argument(tool: Tool[Any], place: Sequence[int | str], ours: Collection[str]) -> str | None:
    """Return the argument that a misspelt one means; `ours` are this server's arguments."""
    from difflib import SequenceMatcher  # only where something is wrong

    shape: Shape | None = Shape(dict, model=cast("type[BaseModel]", tool.input))
    for step in place[:-1]:
        known = _find_shapes(shape.model) if shape and shape.model else {}
        shape = shape.item if isinstance(step, int) and shape else known.get(str(step))
    known = _find_shapes(shape.model) if shape and shape.model else {}
    if place[-1] in WRAPPERS and "arguments" in known:
        return "arguments"  # of a generic caller
    wrong = re.sub("([a-z])([A-Z])", r"\1_\2", str(place[-1])[:MOST_LETTERS]).replace("-", "_").lower()
    near = [
        (SequenceMatcher(None, wrong, name).ratio(), name in known and known[name].is_needed, name)
        for name in (*known, *(ours if len(place) == 1 else ()))
    ]
    likeness, _, name = max(near, default=(0.0, False, ""))
    return name if likeness >= NEAR else None


def add_reading_note(answer: AnswerT, reading: Reading, language: str) -> AnswerT:
    """Add a note to an answer about converted arguments; questions get none."""
    if isinstance(answer, CallToolResult):
        add_note(answer, reading.describe(language))
    return answer


def _read_object(
    shapes: Mapping[str, Shape], given: Mapping[str, Any], place: str, told: dict[str, list[str]]
) -> dict[str, Any]:
    kept = {}
    for name, value in given.items():
        shape, where = shapes.get(name), f"{place}{name}"
        if shape is None:
            # The check of arguments refuses what it does not know.
            kept[name] = value
            continue
        read = _read_value(shape, value, where, told)
        if shape.is_free_text and not shape.is_needed and isinstance(read, str):
            read = read if read.strip() else ""
        if not _is_absent(read, shape.is_needed):
            kept[name] = read
        elif not shape.is_needed:
            # A required one is refused as missing, which says enough.
            told["left_out"].append(where)
    return kept


def _is_absent(value: Any, is_needed: bool) -> bool:
    """Tell whether a value means "left out"; a required empty list is refused as too short."""
    return value is None or value == "" or (not is_needed and value in ([], {}))


@dataclass(frozen=True)
class Shape:
    """The type of an argument, as far as clients change its values."""

    wanted: type | None
    """list, dict or int; None for anything else."""
    is_needed: bool = True
    item: Shape | None = None
    model: type[BaseModel] | None = None
    is_text: bool = False
    """Whether it is published as JSON text, so that text needs no note."""
    choices: tuple[str, ...] = ()
    """The only possible texts."""
    is_free_text: bool = False
    """Whether it is a text without a shape of its own, such as a search: blanks say nothing there."""
    spellings: tuple[Callable[[str], str], ...] = ()
    """Reads other spellings."""


@cache
def _find_shapes(model: type[BaseModel]) -> Mapping[str, Shape]:
    return {
        name: replace(_find_shape(one.annotation, tuple(one.metadata)), is_needed=one.is_required())
        for name, one in model.model_fields.items()
    }


def _find_shape(annotation: Any, marks: tuple[Any, ...] = ()) -> Shape:
    origin, arms = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _find_shape(arms[0], (*arms[1:], *marks))
    if origin in {Union, types.UnionType}:
        return _find_shape(next(arm for arm in arms if arm is not types.NoneType), marks)
    is_text = any(isinstance(mark, WithJsonSchema) and _is_text(mark.json_schema) for mark in marks)
    if origin is list:
        return Shape(list, item=_find_shape(arms[0]), is_text=is_text)
    if origin is dict:
        return Shape(dict, is_text=is_text)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(dict, model=annotation, is_text=is_text)
    if annotation is int or (origin is Literal and all(type(arm) is int for arm in arms)):
        return Shape(int)
    choices = tuple(arm for arm in arms if isinstance(arm, str)) if origin is Literal else ()
    read = [mark.read for mark in marks if isinstance(mark, Spelling)]
    free = annotation is str and not any(isinstance(mark, AfterValidator) for mark in marks)
    return Shape(None, choices=choices, spellings=tuple(read), is_free_text=free)


def _is_text(schema: Mapping[str, Any] | None) -> bool:
    return (schema or {}).get("type") == "string"


def _read_value(shape: Shape, value: Any, place: str, told: dict[str, list[str]]) -> Any:
    if shape.wanted is int:
        return _read_whole_number(value, place, told)
    if shape.wanted in {list, dict} and isinstance(value, str):
        readable = mend_text(value)
        parsed = parse_json(readable)
        if type(parsed) is not shape.wanted:
            return value
        if readable != value:
            told["mended"].append(place)
        if not shape.is_text:
            told["parsed"].append(place)
        value = parsed
    if isinstance(value, str) and (shape.choices or shape.spellings):
        return _read_spelling(shape, value, place, told)
    if shape.item and isinstance(value, list):
        item = shape.item
        return [_read_value(item, one, f"{place}.{number}", told) for number, one in enumerate(value)]
    if shape.model and isinstance(value, dict):
        return _read_object(_find_shapes(shape.model), value, f"{place}.", told)
    return value


def _read_spelling(shape: Shape, value: str, place: str, told: dict[str, list[str]]) -> str:
    read = value
    for spell in shape.spellings:
        read = spell(read)
    if read not in shape.choices:
        # "SPEI " is spei, and nothing else; what is like two choices, or none, is refused.
        like = [one for one in shape.choices if one.casefold() == read.strip().casefold()]
        read = like[0] if len(like) == 1 else read
    if read != value:
        told["spelled"].append(place)
    return read


def _read_whole_number(value: Any, place: str, told: dict[str, list[str]]) -> Any:
    if not isinstance(value, float) or not value.is_integer() or abs(value) > MOST_EXACT:
        return value
    told["whole"].append(place)
    return int(value)


def _list_names(names: list[str]) -> str:
    more = [f"+{len(names) - MOST_NAMES}"] if len(names) > MOST_NAMES else []
    return ", ".join([*names[:MOST_NAMES], *more])
