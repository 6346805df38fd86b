"""conekta-mcp audit"""

import json
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.cli.records.record_filters import parse_since
from conekta_mcp.storage.opening import open_store
from tests.cli.conftest import Ended, Run

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
ONE: dict[str, Any] = {
    "at": NOON,
    "event": "intent",
    "call": "one",
    "tool": "refund_order",
    "account": "0123456789abcdef",
    "profile": "live",
    "mode": "live",
    "client": "Claude 1.0",
    "ids": ["ord_1"],
    "amount": 125000,
    "currency": "MXN",
    "consent": "approved",
}
RECORDS: list[dict[str, Any]] = [
    ONE,
    {
        "at": NOON + 60,
        "event": "refusal",
        "call": "two",
        "tool": "create_payout",
        "account": "fedcba9876543210",
        "ids": ["cus_1"],
        "code": "limit\u202e_exceeded",
        "rule": "max_amount",
    },
    {
        **ONE,
        "at": NOON + 1,
        "event": "result",
        "ids": ["ord_1", "6a0000000000000000000001"],
        "outcome": "applied",
        "http_status": 200,
        "log_id": "6a00000000000000000000ff",
    },
    {**ONE, "at": NOON + 120, "call": "three", "ids": ["ord_3"]},
]
ON_THE_DAY, PLACE = "20 Nov 2026", "(Mexico City)"
SUM, WHY = "MXN 1,250.00", "limit_exceeded max_amount"
PAIR, LOG = "ord_1 6a0000000000000000000001", "log 6a00000000000000000000ff"
HEAD = "time mode profile tool amount outcome consent ids told account client"


@pytest.fixture
def run(run: Run) -> Run:
    """Commands in English; the tests that say so run them in Spanish."""

    def run_in_english(*words: str, stdin: str = "", **environment: str) -> Ended:
        return run(*words, stdin=stdin, **{"CONEKTA_LANGUAGE": "en", **environment})

    return run_in_english


@pytest.fixture(autouse=True)
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Another zone of the machine, which says nothing about the merchant's, until the test ends."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def file(tmp_path: Path) -> str:
    where = str(tmp_path / "audit.jsonl")
    kept = AuditFile(where, largest=300)  # several files

    async def write() -> None:
        for record in RECORDS:
            await kept.append(record)

    anyio.run(write)
    return where


def printed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_call_is_a_line_with_the_merchants_time_and_pesos(file: str, run: Run) -> None:
    said = run("audit", "--audit", file)
    assert (said.code, said.err) == (0, "")
    who, one = "0123456789abcdef Claude 1.0", f"{SUM} applied approved {PAIR} HTTP 200 {LOG}"
    assert printed(said.out) == [
        HEAD,
        f"{ON_THE_DAY}, 06:00:00 {PLACE} live live refund_order {one} {who}",
        f"{ON_THE_DAY}, 06:01:00 {PLACE} - - create_payout - refused - cus_1 {WHY} fedcba9876543210 -",
        f"{ON_THE_DAY}, 06:02:00 {PLACE} live live refund_order {SUM} open approved ord_3 - {who}",
    ]
    assert len({line.find("refund_order") for line in said.out.splitlines()} - {-1}) == 1


def test_the_table_is_in_spanish_and_json_stays(file: str, run: Run) -> None:
    said = run("audit", "--audit", file, "--language", "es", "--tool", "refund_order", "--limit", "1")
    head, row = printed(said.out)
    assert head == "hora modo perfil herramienta importe resultado aprobación ids detalle cuenta cliente"
    assert row.startswith(
        "20 nov 2026, 06:02:00 (Ciudad de México) live live refund_order MXN 1,250.00 open "
    )
    as_json = [run("audit", "--audit", file, "--json", "--language", one).out for one in ("es", "en")]
    assert as_json[0] == as_json[1] != ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--tool", "refund_ordr"), "No hay herramienta refund_ordr; ¿quisiste decir refund_order?"),
        (("--tool", "list_orders"), "Ningún registro pasa los filtros."),
        (("--audit", "no.jsonl"), "conekta-mcp audit: no se puede leer la bitácora: no.jsonl: no existe "),
        (("--audit", "off"), "conekta-mcp: --audit: off, así que nada se registra"),
        (("--store", "memory", "--audit", "store"), "conekta-mcp: --store: memory es de un solo proceso"),
    ],
)
def test_what_goes_wrong_is_told_in_spanish(words: tuple[str, ...], told: str, file: str, run: Run) -> None:
    said = run("audit", *words, "--language", "es", CONEKTA_MCP_AUDIT=file)
    assert (said.out, told in said.err) == ("", True)


def test_times_and_dates_are_of_the_zone_that_is_set(file: str, run: Run) -> None:
    since = "2026-11-20T04:01:30"
    said = run("audit", "--audit", file, "--since", since, "--timezone", "America/Tijuana")
    assert [line[:33] for line in said.out.splitlines()[1:]] == ["20 Nov 2026, 04:02:00 (Tijuana)  "]
    assert run("audit", "--audit", file, "--since", since).out.count("Mexico City") == 3


@pytest.mark.parametrize(
    ("words", "calls"),
    [
        ((), ["one", "one", "two", "three"]),
        (("--tool", "refund_order"), ["one", "one", "three"]),
        (("--outcome", "applied"), ["one", "one"]),
        (("--outcome", "refused"), ["two"]),
        (("--outcome", "open"), ["three"]),
        (("--outcome", "unknown"), []),
        (("--account", "fedc"), ["two"]),
        (("--account", "live"), ["one", "one", "three"]),
        (("--account", "abc"), []),
        (("--id", "ord_1"), ["one", "one"]),
        (("--id", "6a0000000000000000000001"), ["one", "one"]),
        (("--id", "three"), ["three"]),
        (("--id", "ord_1", "--outcome", "refused"), []),
        (("--limit", "2"), ["two", "three"]),
        (("--since", "2026-11-20T06:01:30"), ["three"]),
        (("--since", "2026-11-20T12:01:30+00:00"), ["three"]),
        (("--since", "2026-11-20"), ["one", "one", "two", "three"]),
        (("--since", "2026-11-21"), []),
        (("--since", "100w", "--limit", "1"), ["three"]),
    ],
)
def test_json_is_the_records_of_the_calls_that_pass_every_filter(
    words: tuple[str, ...], calls: list[str], file: str, run: Run
) -> None:
    said = run("audit", "--json", *words, CONEKTA_MCP_AUDIT=file)
    records = [json.loads(line) for line in said.out.splitlines()]
    assert (said.code, said.err) == (0, "" if calls else "No record fits.\n")
    assert [record["call"] for record in records] == calls
    assert all(record in RECORDS for record in records)


@pytest.mark.parametrize(
    ("tool", "hint"),
    [
        ("refund_ordr", " There is no tool refund_ordr; did you mean refund_order?"),
        ("refund", " There is no tool refund; did you mean refund_order?"),
        ("list_orders", ""),
        ("xyz", ""),
    ],
)
def test_a_misspelt_tool_is_told_with_the_right_one(tool: str, hint: str, file: str, run: Run) -> None:
    said = run("audit", "--tool", tool, CONEKTA_MCP_AUDIT=file)
    told = f"No record fits.{hint}\n"
    assert (said.code, said.out, said.err) == (0, "", told)


def test_the_store_is_read_by_default(tmp_path: Path, run: Run) -> None:
    where = str(tmp_path / "safety")

    async def write() -> None:
        store = open_store(where, sandbox_state=None, sandbox=False, clock=time.time)
        for record in RECORDS:
            await store.append(record)
        await store.close()

    anyio.run(write)
    said = run("audit", "--store", where, "--json")
    assert (said.code, said.err, len(said.out.splitlines())) == (0, "", 4)
    assert printed(run("audit", "--store", where, "--outcome", "refused").out)[1].startswith(
        "20 Nov 2026, 06:01"
    )


def test_the_store_of_a_sandbox_lies_beside_its_state(tmp_path: Path, run: Run) -> None:
    state = str(tmp_path / "sandbox.sqlite3")
    said = run("audit", "--sandbox", "--state", state)
    assert (said.code, said.out, said.err) == (0, "", "No record fits.\n")
    assert Path(state + ".safety").exists()


def test_a_damaged_record_does_not_hide_the_others(tmp_path: Path, run: Run) -> None:
    where = tmp_path / "audit.jsonl"
    where.write_text('{"at":1e30,"event":"result","call":"a"}\n{"at":0}\n{torn\n', "utf-8")
    said = run("audit", "--audit", str(where))
    assert said.code == 0
    assert [line.split()[0] for line in said.out.splitlines()] == ["time", "1e+30", "31"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--audit", "off"), "--audit: off, so nothing is recorded"),
        (("--store", "memory"), "--store: memory is one process's own"),
        (("--sandbox",), "--store: memory is one process's own"),
        (("--since", "yesterday"), "expected a date such as 2026-11-01, or 30m, 12h, 7d"),
        (("--limit", "0"), "expected 1-100000"),
        (("--limit", "many"), "expected 1-100000"),
        (("--outcome", "maybe"), "invalid choice: 'maybe'"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(words: tuple[str, ...], told: str, run: Run) -> None:
    said = run("audit", *words)
    assert (said.code, said.out) == (2, "")
    assert told in " ".join(said.err.split())


def test_a_file_that_is_not_there_ends_with_1(tmp_path: Path, run: Run) -> None:
    said = run("audit", "--audit", str(tmp_path / "no.jsonl"))
    assert (said.code, said.out) == (1, "")
    where = tmp_path / "no.jsonl"
    assert said.err == f"conekta-mcp audit: the audit cannot be read: {where}: No such file or directory\n"


def test_a_file_of_another_kind_is_no_empty_log(tmp_path: Path, run: Run) -> None:
    where = tmp_path / "letter.txt"
    where.write_text("Hola:\n\nNada.\n")
    for command in ("audit", "logs"):
        said = run(command, "--audit", str(where))
        assert (said.code, said.out) == (1, "")
        told = f"the audit cannot be read: none of the 2 lines of {where} is a record"
        assert said.err == f"conekta-mcp {command}: {told}\n"


def test_a_store_of_somebody_else_ends_with_1(tmp_path: Path, run: Run) -> None:
    where = tmp_path / "other.sqlite3"
    with sqlite3.connect(where) as other:
        other.execute("CREATE TABLE theirs (id)")
    other.close()
    said = run("audit", "--store", str(where))
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("conekta-mcp audit: the audit cannot be read: ")


def test_when_more_was_kept_than_is_read_it_says_so(
    file: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conekta_mcp.cli.commands.audit.MAX_RECORDS", 2)
    said = run("audit", "--audit", file, "--limit", "2", "--json")
    assert [json.loads(line)["at"] for line in said.out.splitlines()] == [NOON + 1, NOON + 120]
    assert said.err == "Only the latest 2 records were read; narrow them with --since.\n"


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600)]
)
def test_an_age_is_counted_from_now(text: str, seconds: int) -> None:
    assert parse_since(text, 1_790_000_000.0) == 1_790_000_000.0 - seconds


def test_who_signed_in_and_who_could_not_is_shown(tmp_path: Path, run: Run) -> None:
    where = str(tmp_path / "audit.jsonl")
    kept, told = AuditFile(where), {"event": "sign_in", "tool": "inbox", "address": "198.51.100.1"}

    async def write() -> None:
        await kept.append({**told, "at": NOON, "call": "a", "person": "ana", "outcome": "signed_in"})
        await kept.append({**told, "at": NOON + 1, "call": "b", "outcome": "refused"})
        await kept.append(
            {
                **told,
                "at": NOON + 2,
                "call": "c",
                "person": "ana",
                "outcome": "locked_out",
                "code": "too_many",
            }
        )

    anyio.run(write)
    lines = printed(run("audit", "--audit", where, "--tool", "inbox").out)[1:]
    assert [line.partition(PLACE)[2] for line in lines] == [
        " - - inbox - signed_in - - ana from 198.51.100.1 - -",
        " - - inbox - refused - - unknown name from 198.51.100.1 - -",
        " - - inbox - locked_out - - too_many ana from 198.51.100.1 - -",
    ]
