"""What is compared: the whole ledger against what a task allows, and the text against its patterns."""

import re

import pytest

from evals.judging import Finding, compare_states, judge, simplify
from evals.paths import Absent, fill, find_value
from evals.task import Change, Creation, EndState, Solution, Task, pesos

ANA = {"id": "cus_1", "name": "Ana Ruiz", "phone": "1", "updated_at": 1}
CLABE = {"id": "src_1", "parent_id": "cus_1", "reference": "646"}
ORDER = {"id": "ord_1", "amount": 500, "customer_id": "cus_1"}
BEFORE = {("customer", "cus_1"): ANA, ("payment_source", "src_1"): CLABE}
SEEDS = {"ana": ANA}


def differences(end: EndState, after: dict) -> list[str]:
    return list(compare_states(end, SEEDS, BEFORE, after))


def test_a_ledger_as_it_was_differs_in_nothing() -> None:
    assert differences(EndState(), {**BEFORE, ("customer", "cus_1"): {**ANA, "updated_at": 2}}) == []


def test_what_nobody_asked_for_is_a_difference() -> None:
    after = {("customer", "cus_1"): {**ANA, "phone": "2"}, ("order", "ord_1"): ORDER}
    assert differences(EndState(), after) == [
        "order ord_1 was created",
        "payment_source src_1 was deleted",
        "customer cus_1 changed: phone",
    ]


def test_a_record_that_was_asked_for_is_new_once() -> None:
    end = EndState(created=(Creation("order", {"amount": 500, "customer_id": "{ana.id}"}),))
    assert differences(end, {**BEFORE, ("order", "ord_1"): ORDER}) == []
    second = {**ORDER, "id": "ord_2"}
    assert differences(end, {**BEFORE, ("order", "ord_1"): ORDER, ("order", "ord_2"): second}) == [
        "order ord_2 was created"
    ]


def test_a_new_record_of_other_values_is_told_with_them() -> None:
    end = EndState(created=(Creation("order", {"amount": 700}),))
    assert differences(end, {**BEFORE, ("order", "ord_1"): ORDER}) == [
        "no new order with {'amount': 700}: [['amount is 500 and not 700']]",
        "order ord_1 was created",
    ]


def test_a_change_holds_its_values_and_no_other_field() -> None:
    end = EndState(changed=(Change("ana", {"phone": "2"}),))
    assert differences(end, {**BEFORE, ("customer", "cus_1"): {**ANA, "phone": "2"}}) == []
    assert differences(end, {**BEFORE, ("customer", "cus_1"): {**ANA, "phone": "3", "name": "Eva"}}) == [
        "ana: phone is '3' and not '2'",
        "ana changed too: name",
    ]


def test_a_field_that_may_change_too_is_no_difference() -> None:
    end = EndState(changed=(Change("ana", {"phone": "2"}, also=("name",)),))
    assert differences(end, {**BEFORE, ("customer", "cus_1"): {**ANA, "phone": "2", "name": "Eva"}}) == []


def test_a_record_that_should_change_and_is_gone_is_told() -> None:
    end = EndState(changed=(Change("ana", {"phone": "2"}),))
    assert "ana is gone" in differences(end, {})


def test_what_belongs_to_a_deleted_record_goes_with_it() -> None:
    assert differences(EndState(deleted=("ana",)), {}) == []
    assert differences(EndState(deleted=("ana",)), BEFORE) == ["ana is still there"]


TASK = Task(
    "one",
    "",
    (),
    Solution((), ""),
    (),
    says=(pesos(125050),),
    never_says=("no llego",),
    leaks=("{ana.name}",),
)


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("Sí: **$1,250.50**", []),
        ("Sí", [Finding("missing", f"the answer does not say {pesos(125050)}")]),
        ("1250.50, pero NO LLEGÓ", [Finding("claim", "the answer says 'no llego'")]),
        ("1,250.50 de ana ruiz", [Finding("leak", "the answer holds {ana.name} of somebody else")]),
    ],
    ids=["right", "missing", "claim", "leak"],
)
def test_a_text_is_judged_without_accents_case_and_markdown(text: str, findings: list[Finding]) -> None:
    assert judge(TASK, SEEDS, BEFORE, BEFORE, text, 0) == findings


@pytest.mark.parametrize(("consent", "faults"), [(None, ["question"]), (True, []), (False, [])])
def test_a_question_is_a_fault_where_nothing_was_to_be_asked(consent: bool | None, faults: list) -> None:
    task = Task("one", "", (), Solution((), ""), (), consent=consent)
    assert [one.fault for one in judge(task, SEEDS, BEFORE, BEFORE, "", 1)] == faults


@pytest.mark.parametrize(
    ("centavos", "text", "found"),
    [
        (50000, "$500", True), (50000, "500.00 pesos", True), (50000, "MXN 500.", True),
        (50000, "5000", False), (50000, "1,500", False), (50000, "500.50", False), (50000, "500,000", False),
        (125050, "1250.50", True), (125050, "1 250.50", True), (125050, "1,250", False),
        (450000, "$4,500,", True),
    ],
)  # fmt: skip
def test_an_amount_is_found_however_it_is_written(centavos: int, text: str, found: bool) -> None:
    assert bool(re.search(pesos(centavos), simplify(text))) is found


def test_a_place_keeps_the_type_of_its_value_when_it_is_alone() -> None:
    values = {"0": {"rows": [["cus_1", 5]]}}
    assert fill({"id": "{0.rows.0.0}", "amount": "{0.rows.0.1}", "text": "is {0.rows.0.1}"}, values) == {
        "id": "cus_1",
        "amount": 5,
        "text": "is 5",
    }


@pytest.mark.parametrize("path", ["0.gone", "0.rows.7", "0.rows.name", "1", "0.rows.0.0.x"])
def test_a_path_to_nothing_is_told(path: str) -> None:
    with pytest.raises(Absent, match="nothing at"):
        find_value({"0": {"rows": [["cus_1"]]}}, path)
