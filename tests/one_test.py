"""One test of a rule that holds for many cases: it tries all of them, and says of each that fails why."""

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest


def name_case(case: Any) -> str:
    """Name a case by the tool, the model or the row that it is, and several values by all of them."""
    if isinstance(case, tuple):
        return "-".join(map(name_case, case))
    return str(next((getattr(case, one) for one in ("__name__", "name", "id") if hasattr(case, one)), case))


def all_in_one_test(
    arguments: str, cases: Iterable[Any], name: Callable[[Any], str] = name_case
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Do what `pytest.mark.parametrize` does, in one test: quicker, for fixtures that all cases can share."""
    names, every = [one.strip() for one in arguments.split(",")], list(cases)
    assert every, "a rule without cases holds nothing"

    def given(case: Any) -> dict[str, Any]:
        return dict(zip(names, case if len(names) > 1 else (case,), strict=True))

    def wrap(rule: Callable[..., Any]) -> Callable[..., Any]:
        async def try_all_waiting(**fixtures: Any) -> None:
            told = [await _wait_for_problem(rule, {**fixtures, **given(case)}, name(case)) for case in every]
            _tell(told)

        def try_all(**fixtures: Any) -> None:
            _tell([_find_problem(rule, {**fixtures, **given(case)}, name(case)) for case in every])

        chosen = try_all_waiting if inspect.iscoroutinefunction(rule) else try_all
        tried = functools.wraps(rule)(chosen)
        signature = inspect.signature(rule)
        fixtures = [one for one in signature.parameters.values() if one.name not in names]
        vars(tried)["__signature__"] = signature.replace(parameters=fixtures)
        return tried

    return wrap


async def _wait_for_problem(rule: Callable[..., Any], given: dict[str, Any], name: str) -> str | None:
    try:
        await rule(**given)
    except Exception as problem:  # noqa: BLE001  whatever it is, the other cases are tried too
        return _format_problem(rule, problem, name)
    return None


def _find_problem(rule: Callable[..., Any], given: dict[str, Any], name: str) -> str | None:
    try:
        rule(**given)
    except Exception as problem:  # noqa: BLE001  whatever it is, the other cases are tried too
        return _format_problem(rule, problem, name)
    return None


def _format_problem(rule: Callable[..., Any], problem: Exception, name: str) -> str:
    """Say which case fails, in which line of the rule's file, and why; of a group of problems the first."""
    while isinstance(problem, ExceptionGroup):
        problem = problem.exceptions[0]
    file = rule.__code__.co_filename
    lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == file]
    place = f"{Path(file).name}:{lines[-1]}" if lines else Path(file).name
    return f"{name} ({place}): {type(problem).__name__}: {problem}"


def _tell(problems: Iterable[str | None]) -> None:
    found = [one for one in problems if one]
    if found:
        pytest.fail("\n".join([f"{len(found)} fail:", *found]), pytrace=False)
