"""Every task can be done as it says, and its checks catch every wrong solution that stands in it."""

import re
from dataclasses import replace
from types import ModuleType

import anyio
import pytest

from evals.play import Play, Usage
from evals.rehearsal import Rehearsed, find_problem, rehearse
from evals.shop import open_shop
from evals.task import Call, Solution, Task, Wrong
from evals.tasks import MODULES, TASKS
from evals.tasks.arrivals import amount_and_day
from evals.tasks.bounds import over_limit
from evals.tasks.customers import change_phone

LONG_TASKS = 4
"""How many tasks may need more than two calls."""


def rehearse_all(*tasks: Task) -> list[Rehearsed]:
    with open_shop() as shop:
        return anyio.run(rehearse, tasks, shop)


@pytest.mark.system
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_reference_is_right_and_every_wrong_solution_is_caught(module: ModuleType) -> None:
    found = rehearse_all(*module.TASKS)
    assert [one for one in found if one.problem] == []
    assert len(found) == sum(1 + len(task.wrong) for task in module.TASKS)


def test_a_reference_needs_two_calls_or_fewer_for_all_but_four_tasks() -> None:
    assert len(TASKS) >= 20
    assert len([task.name for task in TASKS if len(task.reference.calls) > 2]) <= LONG_TASKS


def test_names_are_unique_and_each_task_is_written_in_spanish_or_english() -> None:
    names = [task.name for task in TASKS]
    assert sorted(set(names)) == sorted(names)
    spanish = [task for task in TASKS if re.search(r"[¿áéíóúñ]| (el|la|de|que) ", task.request)]
    assert 0 < len(spanish) < len(TASKS)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_task_has_a_wrong_solution_for_the_end_state_and_one_for_the_answer(task: Task) -> None:
    faults = {wrong.fault for wrong in task.wrong}
    reasons = [wrong.why for wrong in task.wrong]
    assert faults & {"missing", "claim", "leak"} or not task.says
    assert faults & {"state", "question"}
    assert len(reasons) == len(set(reasons))


@pytest.mark.system
def test_a_check_that_accepts_a_wrong_end_state_is_noticed() -> None:
    harmless = Wrong("does what is asked", "state", change_phone.reference)
    found = rehearse_all(replace(change_phone, wrong=(harmless,)))
    assert [one.problem for one in found] == ["", "not caught as state, but judged []"]


@pytest.mark.system
def test_a_reference_that_reaches_another_end_state_is_noticed() -> None:
    (found,) = rehearse_all(replace(change_phone, reference=Solution((), "Listo, Ana Ruiz: 9876."), wrong=()))
    assert re.fullmatch(r"state: ana: phone is '\+525555550101' and not '\+525555559876'", found.problem)


@pytest.mark.system
def test_a_reference_that_knows_an_operation_of_nowhere_is_noticed() -> None:
    call = Call("call_read_operation", {"name": "list_whitelist_rules", "arguments": {}})
    (found,) = rehearse_all(replace(amount_and_day, reference=Solution((call,), "Sí."), wrong=()))
    assert found.problem == f"{amount_and_day.name}: nothing named list_whitelist_rules before it was called"


@pytest.mark.system
def test_a_call_that_is_answered_although_it_should_be_refused_is_noticed() -> None:
    unlimited = replace(over_limit, settings={}, wrong=())
    (found,) = rehearse_all(unlimited)
    assert found.problem.startswith("over-limit: create_payment_link answered {")


def test_a_wrong_solution_that_is_caught_for_another_reason_is_noticed() -> None:
    wrong = Wrong("makes a second one", "leak", Solution((), ""))
    play = Play("one", "script", "answered", "", 0, Usage(), [])
    assert find_problem(play, wrong) == "not caught as leak, but judged []"
