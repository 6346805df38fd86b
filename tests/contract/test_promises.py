"""Every promise of docs/safety.md has a break that a test detects; `make promises` runs them."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.one_test import all_in_one_test

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from promises import Break, Promise, load_promises, main  # noqa: E402  scripts are no package

SAFETY = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
PROMISED = re.compile(r"^- \*\*([A-Z]\d+)\*\* (.+)$", re.MULTILINE)
every_promise = all_in_one_test("promise", load_promises())
BREAKS = {
    each: f"{promise.id}-{number} of {each.places[0].file}"
    for promise in load_promises()
    for number, each in enumerate(promise.breaks, 1)
}
every_break = all_in_one_test("each", BREAKS, BREAKS.__getitem__)


def test_the_page_promises_what_is_shown_and_nothing_else() -> None:
    assert PROMISED.findall(SAFETY) == [(promise.id, promise.says) for promise in load_promises()]


def test_no_promise_is_numbered_twice() -> None:
    assert [name for name, count in Counter(one.id for one in load_promises()).items() if count > 1] == []


@every_promise
def test_a_promise_is_one_sentence_and_can_be_broken(promise: Promise) -> None:
    assert promise.says.endswith(".")
    assert ". " not in promise.says
    assert promise.breaks


@every_break
def test_what_is_broken_stands_once_in_its_file(each: Break) -> None:
    for place in each.places:
        assert (ROOT / place.file).read_text(encoding="utf-8").count(place.old) == 1
        assert place.new != place.old


@every_break
def test_the_tests_that_have_to_notice_exist(each: Break) -> None:
    assert each.fails
    for test in each.fails:
        file, _, name = test.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), test


@pytest.mark.system
def test_a_break_that_a_test_does_not_notice_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The script itself is held: of one break nobody minds and one that is noticed, it tells the first."""
    test = "tests/catalog/test_endpoint.py::test_a_segment_is_encoded_whole"
    data = tmp_path / "promises.toml"
    data.write_text(
        f"""
[[promise]]
id = "X1"
group = "X"
says = "Noticed."
[[promise.break]]
file = "conekta_mcp/catalog/endpoint.py"
old = 'return quote(value, safe="")'
new = 'return value'
fails = ["{test}"]
[[promise.break]]
file = "conekta_mcp/catalog/endpoint.py"
old = 'return quote(value, safe="")'
new = 'return quote(str(value), safe="")'
fails = ["{test}"]
""",
        encoding="utf-8",
    )
    monkeypatch.setattr("promises.DATA", data)
    assert main(["--jobs", "1"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1 promises: their 1 tests have to pass first",
        "1/2 X1  noticed  conekta_mcp/catalog/endpoint.py: return value",
        f"2/2 X1  PROBLEM  conekta_mcp/catalog/endpoint.py: {test}: PASSED",
        "1 promises, 2 breaks, 1 problems",
    ]
