"""A rule over many cases in one test says of each case that fails which it is, where and why."""

import re

import pytest

from tests.one_test import all_in_one_test


def test_all_cases_are_tried_and_each_that_fails_is_named() -> None:
    tried = []

    @all_in_one_test("number, fits", [(1, True), (2, False), (3, True), (4, False)])
    def rule(number: int, fits: bool, limit: int) -> None:
        tried.append(number)
        assert fits, f"{number} is too much for {limit}"

    with pytest.raises(pytest.fail.Exception) as failed:
        rule(limit=5)
    assert tried == [1, 2, 3, 4]
    assert re.sub(r"py:\d+", "py:N", str(failed.value)).splitlines() == [
        "2 fail:",
        "2-False (test_one_test.py:N): AssertionError: 2 is too much for 5",
        "assert False",
        "4-False (test_one_test.py:N): AssertionError: 4 is too much for 5",
        "assert False",
    ]


@pytest.mark.anyio
async def test_what_waits_is_tried_too_and_any_error_is_a_failure() -> None:
    @all_in_one_test("name", ["a", "b"])
    async def rule(name: str) -> None:
        raise KeyError(name)

    with pytest.raises(pytest.fail.Exception, match=r"2 fail:\na \(.*KeyError: 'a'\nb \(.*KeyError: 'b'"):
        await rule()


def test_a_rule_without_cases_is_no_rule() -> None:
    with pytest.raises(AssertionError, match="holds nothing"):
        all_in_one_test("tool", [])
