"""The command: a model plays a task on a real server, and the run writes a table and JSON."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import KEY, main
from evals.judging import Finding
from evals.play import Play, Usage
from evals.report import HEAD, write_table
from evals.task import Wrong
from evals.tasks.arrivals import last_four
from tests.evals.stub import Kind, Told, serve_stub

FIND = Told(calls=(("find_payment", {"text": "pago de 1,250.50 de ayer"}),))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of whoever runs the tests does not reach the stub."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def run(kind: Kind, tmp_path: Path, *answers: Told, view: str = "text") -> tuple[dict[str, Any], list[Any]]:
    out = tmp_path / "evals.json"
    with serve_stub(kind, *answers) as stub:
        words = ["--model", "m-1", "--base-url", stub.base_url, "--api", kind, "--view", view]
        assert main([*words, "--tasks", "arrived-amount-and-day", "--out", str(out)]) == 0
    return json.loads(out.read_text("utf-8")), stub.requests


@pytest.mark.system
@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_a_model_that_finds_the_payment_is_right(
    kind: Kind, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "k-1")
    report, requests = run(kind, tmp_path, FIND, Told("Sí, Ana Ruiz pagó $1,250.50 ayer."))
    assert report["right"] == report["right_states"] == 1
    (play,) = report["plays"]
    assert {name: play[name] for name in ("task", "view", "ended", "questions", "findings", "right")} == {
        "task": "arrived-amount-and-day", "view": "text", "ended": "answered", "questions": 0, "findings": [],
        "right": True,
    }  # fmt: skip
    assert play["usage"].items() >= {"calls": 1, "failed_calls": 0, "turns": 2, "input_tokens": 200}.items()
    assert "Ana Ruiz" in json.dumps(requests[1], ensure_ascii=False)
    assert "k-1" not in json.dumps([report, requests])
    assert capsys.readouterr().out.splitlines()[1].split()[:6] == [
        "arrived-amount-and-day", "text", "yes", "yes", "0", "0",
    ]  # fmt: skip


@pytest.mark.system
def test_a_model_that_claims_what_is_not_so_is_wrong(tmp_path: Path) -> None:
    report, _ = run("openai", tmp_path, FIND, Told("Sí, preguntas por Ana Ruiz y $1,250.50: no ha llegado."))
    (play,) = report["plays"]
    assert (report["right"], report["right_states"], report["wrong_claims"]) == (0, 1, 1)
    assert [one["fault"] for one in play["findings"]] == ["claim"]


@pytest.mark.system
def test_every_view_is_played_with_a_server_of_its_own(tmp_path: Path) -> None:
    report, requests = run("anthropic", tmp_path, Told("Sí, Ana Ruiz pagó $1,250.50."), view="all")
    assert [play["view"] for play in report["plays"]] == ["text", "structured", "both"]
    assert len(requests) == 3


@pytest.mark.system
def test_an_endpoint_that_does_not_answer_fails_the_command(tmp_path: Path) -> None:
    with serve_stub("openai", Told(status=401, raw="{}")) as stub:
        words = ["--model", "m-1", "--base-url", stub.base_url, "--out", str(tmp_path / "evals.json")]
        assert main([*words, "--tasks", "arrived-last-four"]) == 1
    (play,) = json.loads((tmp_path / "evals.json").read_text("utf-8"))["plays"]
    assert play["ended"] == "endpoint: HTTP 401: {}"
    assert not play["right"]


@pytest.mark.system
def test_a_wrong_solution_that_is_not_caught_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    harmless = Wrong("does what is asked", "state", last_four.reference)
    monkeypatch.setattr("evals.__main__.TASKS", (replace(last_four, wrong=(harmless,)),))
    assert main([]) == 1


def test_a_task_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(SystemExit, match="no task named gone; there are: arrived-amount-and-day, "):
        main(["--tasks", "gone"])


def test_a_model_without_an_address_is_refused() -> None:
    with pytest.raises(SystemExit, match="a model needs --model and --base-url"):
        main(["--model", "m-1"])


@pytest.mark.system
def test_without_a_model_the_solutions_are_rehearsed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tasks", "arrived-last-four"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "arrived-last-four: reference: 1 calls: as expected"
    assert len(lines) == 3


def test_the_table_counts_what_was_right() -> None:
    usage = Usage(calls=2, failed_calls=1, answer_bytes=900, turns=3, input_tokens=50, output_tokens=7)
    plays = [
        Play("one", "text", "answered", "", 0, usage, []),
        Play("two", "text", "cut off", "", 1, usage, [Finding("state", "x"), Finding("leak", "y")]),
        Play("three", "text", "answered", "", 0, usage, [Finding("missing", "z")]),
    ]
    assert [line.split() for line in write_table(plays).splitlines()] == [
        list(HEAD),
        ["one", "text", "yes", "yes", "0", "0", "2", "1", "0", "57", "900", "answered"],
        ["two", "text", "NO", "NO", "1", "0", "2", "1", "1", "57", "900", "cut", "off"],
        ["three", "text", "NO", "yes", "0", "1", "2", "1", "0", "57", "900", "answered"],
        ["all", "1/3", "2/3", "1", "1", "6", "3", "1", "171", "2700"],
    ]  # fmt: skip
