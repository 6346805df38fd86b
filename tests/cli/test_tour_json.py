"""The tour for programs: what a person would see happen, one JSON object a line."""

import json

import pytest

from conekta_mcp.cli.tour import guide
from tests.cli.conftest import Run


def test_chapters_calls_answers_and_the_end_are_lines(run: Run) -> None:
    said = run("tour", "--unattended", "--json", "--chapter", "7", "--language", "en")
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert (said.code, said.err) == (0, "")
    assert [one["title"] for one in lines if "title" in one] == ["Ask for too much", "The audit"]
    calls = [one["call"] for one in lines if "call" in one]
    answers = [one["answer"] for one in lines if "answer" in one]
    assert calls == ["create_order_reusing_clabe", "refund_order"]
    assert [one["error"]["type"] for one in answers] == ["limit_exceeded"] * 2
    assert lines[-1] == {"well": True, "chapter": 8}
    assert {one.get("chapter") for one in lines} == {7, 8}


def test_where_it_does_not_get_on_the_last_line_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "MAX_PROMPTS", 2)
    said = run("tour", "--unattended", "--json", "--chapter", "4", "--language", "en")
    assert (said.code, json.loads(said.out.splitlines()[-1])) == (1, {"well": False, "chapter": 4})


@pytest.mark.parametrize(
    ("language", "told"), [("es", "va con --unattended"), ("en", "goes with --unattended")]
)
def test_a_person_is_told_by_words(language: str, told: str, run: Run) -> None:
    said = run("tour", "--json", "--language", language)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert told in said.err
