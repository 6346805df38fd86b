"""conekta-mcp audit --verify and --head"""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from conekta_mcp.storage.sqlite import SqliteStore
from tests.cli.conftest import Ended, Run


@pytest.fixture
def run(run: Run) -> Run:
    """Commands in English; the tests that say so run them in Spanish."""

    def run_in_english(*words: str, stdin: str = "", **environment: str) -> Ended:
        return run(*words, stdin=stdin, **{"CONEKTA_LANGUAGE": "en", **environment})

    return run_in_english


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with three records."""
    path = str(tmp_path / "safety.sqlite3")

    async def fill() -> None:
        opened = SqliteStore(path, time.time)
        for number in range(3):
            await opened.append({"at": 1_790_000_000.0 + number, "event": "refusal", "tool": f"t{number}"})
        await opened.close()

    anyio.run(fill)
    return path


def tamper(store: str, statement: str) -> None:
    with closing(sqlite3.connect(store)) as other:
        other.execute("DROP TRIGGER audit_not_changed")
        other.execute("DROP TRIGGER audit_not_removed")
        other.execute(statement)
        other.commit()


def test_a_log_that_is_whole_says_so_and_gives_its_head(run: Run, store: str) -> None:
    said = run("audit", "--store", store, "--verify")
    head = run("audit", "--store", store, "--head").out.strip()
    assert (said.code, said.out.splitlines()[0], len(head)) == (0, "Whole: 3 records.", 64)
    assert head in said.out
    assert json.loads(run("audit", "--store", store, "--head", "--json").out) == {"head": head}
    told = json.loads(run("audit", "--store", store, "--verify", "--json").out)
    assert (told["whole"], told["count"], told["head"]) == (True, 3, head)


def test_the_walk_is_told_in_spanish(run: Run, store: str) -> None:
    said = run("audit", "--store", store, "--verify", "--language", "es").out.splitlines()
    assert said[0] == "Íntegra: 3 registros."
    assert said[1].startswith("Primero: ")
    assert "(Ciudad de México)" in said[1]
    tamper(store, "UPDATE audit SET record = replace(record, 't1', 't9')")
    broken = run("audit", "--store", store, "--verify", "--language", "es").out.splitlines()
    assert broken[:2] == [
        (
            "Rota en el registro 2 (número 2 de la cadena), changed: este registro o el anterior no está "
            "como se escribió."
        ),
        "Registros íntegros antes de él: 1.",
    ]


def test_a_record_that_was_changed_in_the_store_is_named(run: Run, store: str) -> None:
    tamper(store, "UPDATE audit SET record = replace(record, 't1', 't9')")
    said = run("audit", "--store", store, "--verify")
    assert said.code == 1
    assert said.out.splitlines()[0] == (
        "Broken at record 2 of the log (number 2 of the chain), changed: this record or the one before it is "
        "not as it was written."
    )
    assert json.loads(run("audit", "--store", store, "--verify", "--json").out)["whole"] is False


@pytest.mark.parametrize(
    ("number", "kind"), [(1, "truncated_start"), (2, "missing")], ids=["the first", "one in the middle"]
)
def test_a_record_that_was_removed_is_noticed(run: Run, store: str, number: int, kind: str) -> None:
    tamper(store, f"DELETE FROM audit WHERE number = {number}")  # noqa: S608 - a number of this test
    said = run("audit", "--store", store, "--verify")
    assert (said.code, f", {kind}: " in said.out) == (1, True)


def test_an_end_that_was_cut_off_is_noticed_by_a_head_that_was_kept(run: Run, store: str) -> None:
    head = run("audit", "--store", store, "--head").out.strip()
    assert run("audit", "--store", store, "--verify", "--since-head", head).code == 0
    tamper(store, "DELETE FROM audit WHERE number = 3")
    assert run("audit", "--store", store, "--verify").code == 0, "without a head nothing shows it"
    said = run("audit", "--store", store, "--verify", "--since-head", head)
    assert (said.code, ", truncated_end: " in said.out) == (1, True)


def test_records_are_shown_without_their_links(run: Run, store: str) -> None:
    shown = [json.loads(line) for line in run("audit", "--store", store, "--json").out.splitlines()]
    assert [sorted(one) for one in shown] == [["at", "event", "tool"]] * 3
