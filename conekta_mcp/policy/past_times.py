"""Refuses a time that is over, until which nobody could pay or collect, and a birth that is yet to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from conekta_mcp.errors import Detail, InvalidArguments
from conekta_mcp.policy.messages import format_texts
from conekta_mcp.results.times import LocalTimes
from conekta_mcp.settings.table import LANGUAGES

FUTURE_FIELDS = frozenset({"expires_at", "trial_end"})
"""Arguments that name the end of a payment, a collection or a trial."""

BIRTH, BIRTH_FORMAT = "date_of_birth", "%d/%m/%Y"
BIRTH_CODE = f"conekta_mcp.errors.parameter_validation.{BIRTH}.invalid"
"""That of every date of birth that nobody can have."""


def refuse_past_times(arguments: Mapping[str, Any], now: float, times: LocalTimes, language: str) -> None:
    """Raise InvalidArguments for each time before `now`, which is Conekta's time in unix seconds."""
    found = [
        _build_detail(place, when, now, times, language)
        for place, when in _list_times(arguments)
        if when <= now
    ]
    if found:
        raise InvalidArguments(
            type="parameter_validation_error",
            details=tuple(found),
            outcome="not_applied",
            hint="Nothing was sent to Conekta. Ask until when it is meant, and call again with that time.",
        )


def refuse_later_birth(arguments: Mapping[str, Any], now: float, times: LocalTimes, language: str) -> None:
    """Raise InvalidArguments for a date of birth after the merchant's day at `now`, in unix seconds."""
    born = arguments.get(BIRTH)
    if not isinstance(born, str) or datetime.strptime(born, BIRTH_FORMAT).date() <= times.find_day(now):
        return
    texts = format_texts("born_later", argument=BIRTH, today=times.find_day(now).strftime(BIRTH_FORMAT))
    raise InvalidArguments(
        type="parameter_validation_error",
        details=(
            Detail(
                code=BIRTH_CODE,
                message=texts[language],
                debug_message=texts["en"],
                param=BIRTH,
            ),
        ),
        outcome="not_applied",
        hint="Nothing was sent to Conekta. Ask for the date of birth, or leave it out.",
    )


def _list_times(value: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """Yield each time among the arguments with its path, also inside lists and objects."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            path = f"{place}.{name}" if place else name
            if name in FUTURE_FIELDS and isinstance(one, int) and not isinstance(one, bool):
                yield path, one
            elif name != "metadata":
                yield from _list_times(one, path)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _list_times(one, f"{place}.{number}")


def _build_detail(place: str, when: float, now: float, times: LocalTimes, language: str) -> Detail:
    texts = {
        one: format_texts(
            "time_is_over",
            argument=place,
            when=times.format_minute(when, one),
            now=times.format_minute(now, one),
        )[one]
        for one in LANGUAGES
    }
    name = ".".join(step for step in place.split(".") if not step.isdigit())
    return Detail(
        code=f"conekta_mcp.errors.parameter_validation.{name}.in_the_past",
        message=texts[language],
        debug_message=texts["en"],
        param=place,
    )
