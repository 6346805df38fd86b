"""Checks of final texts refuse what is wrong, and take what is right in other words than the reference."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals.judging import judge_text
from evals.paths import fill
from evals.shop import open_shop
from evals.task import Task
from evals.tasks import TASKS

TEXTS = Path(__file__).with_name("texts.txt")
LEAST_WRONG, LEAST_RIGHT = 3, 2
LAZY = ("", "Listo.", "Sí.", "Done.", "No sé.", "Lo siento, no puedo ayudar con eso.", "Sí, ya quedó todo.")
"""Texts that say nothing, and answer no task."""


def read_texts(sign: str) -> dict[str, list[str]]:
    """Read the texts with a sign, by the name of their task."""
    found: dict[str, list[str]] = {}
    said: list[str] = []
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            said = found.setdefault(line.strip("[]"), [])
        elif line.startswith(f"{sign} "):
            said.append(line[2:])
    return found


RIGHT, WRONG = read_texts("+"), read_texts("-")


@pytest.fixture(scope="module")
def seeds() -> Iterator[dict[str, dict[str, Any]]]:
    with open_shop() as shop:
        yield {task.name: shop.seed(task.seeds) for task in TASKS}


def judge(task: Task, seeds: dict[str, dict[str, Any]], text: str) -> list[str]:
    return [one.text for one in judge_text(task, seeds[task.name], text)]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_wrong_text_is_refused(task: Task, seeds: dict[str, dict[str, Any]]) -> None:
    assert len(WRONG[task.name]) >= LEAST_WRONG
    assert [text for text in WRONG[task.name] if not judge(task, seeds, text)] == []


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_text_that_says_nothing_or_repeats_the_request_is_refused(
    task: Task, seeds: dict[str, dict[str, Any]]
) -> None:
    request = str(fill(task.request, seeds[task.name]))
    lazy = [*LAZY, request, f"{request} Sí.", f"Listo: {request}"]
    assert [text for text in lazy if not judge(task, seeds, text)] == []


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_right_text_in_other_words_is_taken(task: Task, seeds: dict[str, dict[str, Any]]) -> None:
    assert len(RIGHT[task.name]) >= LEAST_RIGHT
    assert {text: found for text in RIGHT[task.name] if (found := judge(task, seeds, text))} == {}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_an_answer_and_its_contrary_is_none(task: Task, seeds: dict[str, dict[str, Any]]) -> None:
    first = RIGHT[task.name][0]
    for text in (f"No es verdad que {first}", f"Tal vez sí, tal vez no: {first}", f"{first} I'm not sure."):
        assert judge(task, seeds, text)
