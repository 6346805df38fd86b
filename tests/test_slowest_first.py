"""The order in which pytest-xdist gets the tests."""

import pytest

from tests.slowest_first import SLOWEST, order_slowest_first


@pytest.mark.parametrize("processes", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("others", [0, 5, 1000])
def test_no_test_is_lost_and_none_is_run_twice(processes: int, others: int) -> None:
    names = [f"{start}::test_{number}" for start in SLOWEST for number in range(3)]
    names += [f"tests/api/test_{number}.py::test" for number in range(others)]
    ordered = order_slowest_first([(name, name) for name in names], processes)
    assert sorted(ordered) == sorted(names)


def test_each_process_starts_with_a_slow_group_and_has_an_equal_part() -> None:
    names = [f"tests/api/test_{number}.py::test" for number in range(388)]
    names += [f"{start}::test" for start in SLOWEST]
    ordered = order_slowest_first([(name, name) for name in names], 4)
    assert [ordered[place] for place in (0, 100, 200, 300)] == [f"{start}::test" for start in SLOWEST[:4]]
    assert all(ordered[place].startswith(SLOWEST) for place in (1, 101, 201, 301))
