"""conekta-mcp logs"""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import anyio
import pytest

from conekta_mcp.audit.file import AuditFile
from conekta_mcp.cli.records.log_lines import format_line
from conekta_mcp.storage.opening import open_store
from tests.cli.conftest import Run
from tests.journeys.processes import COMMAND, child_environment

AT = 1_795_892_539.0
PATIENCE_SECONDS = 120
SENT: dict[str, Any] = {
    "at": AT,
    "event": "intent",
    "call": "one",
    "tool": "refund_order",
    "account": "0123456789abcdef",
    "profile": "default",
    "mode": "live",
    "client": "Claude 1.0",
    "ids": ["ord_1"],
    "amount": 125000,
    "currency": "MXN",
    "consent": "approved",
}
DONE = {**SENT, "at": AT + 1, "event": "result", "outcome": "applied", "http_status": 200}
REFUSED = {
    "at": AT + 2, "event": "refusal", "call": "two", "tool": "create_payout", "profile": "store-b",
    "consent": "unavailable", "code": "limit\u202e_exceeded", "rule": "max_amount",
}  # fmt: skip
SETTLED_ONE = {
    **SENT, "at": AT + 3, "event": "settlement", "outcome": "unknown", "settled_by": "reading",
}  # fmt: skip
RECORDS = [SENT, DONE, REFUSED, SETTLED_ONE]
REFUND = "MXN 1,250.00, ord_1, default/live, a person said yes"
PLACE = "(Mexico City)"
WHY, SETTLED_BY = "limit_exceeded max_amount", "found out by reading"
OFF = "conekta-mcp: --audit: off, so nothing is recorded; name the file, or store\n"
IN_MEMORY = "conekta-mcp: --store: memory is one process's own; name a file or redis://\n"
LINES = [
    f"28 Nov 2026, 13:02:19 {PLACE}  refund_order: is sent; {REFUND}, Claude 1.0",
    f"28 Nov 2026, 13:02:20 {PLACE}  refund_order: applied; {REFUND}, HTTP 200, Claude 1.0",
    f"28 Nov 2026, 13:02:21 {PLACE}  create_payout: refused; store-b, nobody could be asked, {WHY}",
    f"28 Nov 2026, 13:02:22 {PLACE}  refund_order: outcome UNKNOWN; {REFUND}, {SETTLED_BY}, Claude 1.0",
]


@pytest.fixture(params=["store", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The flag and the value that name an audit log with the records above."""
    path = str(tmp_path / "log")
    anyio.run(append, request.param, path, RECORDS)
    return ("--store", path) if request.param == "store" else ("--audit", path)


async def append(kind: str, path: str, records: list[dict[str, Any]]) -> None:
    if kind == "file":
        log = AuditFile(path)
        for record in records:
            await log.append(record)
        return
    store = open_store(path, sandbox_state=None, sandbox=False, clock=lambda: AT)
    for record in records:
        await store.append(record)
    await store.close()


def test_each_record_is_a_readable_line(place: tuple[str, str], run: Run) -> None:
    said = run("logs", *place, "--language", "en")
    assert (said.code, said.err, said.out.splitlines()) == (0, "", LINES)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("--errors",), LINES[2:]),
        (("--tool", "refund_order"), [LINES[0], LINES[1], LINES[3]]),
        (("--outcome", "applied"), LINES[1:2]),
        (("--outcome", "open"), LINES[:1]),
        (("--account", "store-b"), LINES[2:3]),
        (("--account", "0123"), [LINES[0], LINES[1], LINES[3]]),
        (("--id", "ord_1", "--limit", "1"), LINES[3:]),
        (("--since", "2026-11-28T13:02:21"), LINES[2:]),
    ],
)
def test_they_can_be_filtered(
    words: tuple[str, ...], lines: list[str], place: tuple[str, str], run: Run
) -> None:
    assert run("logs", *place, *words, "--language", "en").out.splitlines() == lines


@pytest.mark.system
def test_an_output_that_cannot_be_written_is_not_the_logs_fault(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    anyio.run(append, "file", str(path), RECORDS)
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >/dev/full', "sh", *COMMAND, "logs", "--audit", str(path)],
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False, env=child_environment(),
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, "conekta-mcp: No space left on device\n")


def test_they_are_in_spanish_and_in_json(place: tuple[str, str], run: Run) -> None:
    assert run("logs", *place, "--errors", "--limit", "1").out == (
        "28 nov 2026, 13:02:22 (Ciudad de México)  refund_order: NO SE SABE si se aplicó; MXN 1,250.00, "
        "ord_1, default/live, una persona dijo que sí, averiguado leyendo, Claude 1.0\n"
    )
    said = run("logs", *place, "--json")
    assert [json.loads(line) for line in said.out.splitlines()] == RECORDS


def test_where_nothing_fits_that_is_said(place: tuple[str, str], run: Run) -> None:
    said = run("logs", *place, "--tool", "none", "--language", "en")
    assert (said.code, said.out, said.err) == (0, "", "Nothing to show.\n")


@pytest.mark.system
def test_what_comes_is_printed_once_and_ctrl_c_ends_it(place: tuple[str, str]) -> None:
    command = [*COMMAND, "logs", "--follow", *place, "--limit", "1", "--language", "en"]
    kind = place[0].removeprefix("--").replace("audit", "file")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=child_environment()
    ) as process:
        assert process.stdout is not None
        first = [process.stdout.readline()]
        for number in (10, 5):  # the second one is older: the clocks of two processes differ
            anyio.run(append, kind, place[1], [{**DONE, "at": AT + number, "ids": [f"ord_{number}"]}])
            first.append(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert [line.rpartition("ord_")[2].partition(",")[0] for line in first] == ["1", "10", "5"]
    assert (rest, errors, process.returncode) == ("", "", 130)


@pytest.mark.system
def test_a_log_that_is_rotated_is_awaited_and_followed_on(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    anyio.run(append, "file", str(path), [{**DONE, "at": AT, "ids": ["ord_1"]}])
    command = [*COMMAND, "logs", "--follow", "--audit", str(path), "--language", "en"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=child_environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        path.rename(tmp_path / "audit.log.1")
        told = process.stderr.readline()
        anyio.run(append, "file", str(path), [{**DONE, "at": AT + 1, "ids": ["ord_2"]}])
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert told == (
        f"conekta-mcp logs: the audit cannot be read: {path}: No such file or directory; "
        "waiting for it to come back\n"
    )
    assert "ord_2" in line
    assert (rest, errors, process.returncode) == ("", "", 130)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--audit", "off"), 2, OFF),
        (("--store", "memory"), 2, IN_MEMORY),
        (("--sandbox",), 2, IN_MEMORY),
        (("--audit", "none.log"), 1,
         "conekta-mcp logs: the audit cannot be read: none.log: No such file or directory\n"),
    ],
)  # fmt: skip
def test_a_log_that_cannot_be_read_is_said(
    words: tuple[str, ...], code: int, told: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("logs", *words, "--language", "en")
    assert (said.code, said.out, said.err) == (code, "", told)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names are compared


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (
            {
                "event": "sign_in",
                "tool": "inbox",
                "person": "ana",
                "address": "10.0.0.7",
                "outcome": "signed_in",
            },
            "inbox: somebody signed in; ana from 10.0.0.7",
        ),
        (
            {"event": "sign_in", "tool": "inbox", "address": "10.0.0.7", "outcome": "locked_out"},
            "inbox: LOCKED OUT after wrong passphrases; unknown name from 10.0.0.7",
        ),
        (
            {
                "event": "decision",
                "tool": "refund_order",
                "outcome": "declined",
                "consent": "declined (ana, inbox)",
            },
            "refund_order: a person said no; ana, inbox",
        ),
        (
            {
                "event": "result",
                "tool": "refund_order",
                "outcome": "applied",
                "consent": "approved (ana, inbox)",
            },
            "refund_order: applied; a person said yes (ana, inbox)",
        ),
        (
            {"event": "result", "tool": "refund_order", "outcome": "applied", "consent": "terminal: ana"},
            "refund_order: applied; a person said yes (ana, terminal)",
        ),
        (
            {"event": "result", "tool": "refund_order", "outcome": "applied", "consent": "browser"},
            "refund_order: applied; a person said yes (browser)",
        ),
        (
            {"event": "refusal", "tool": "refund_order", "outcome": "refused", "consent": "pending"},
            "refund_order: refused; waits for a person",
        ),
    ],
)
def test_who_signed_in_and_decided_is_said(record: dict[str, Any], line: str) -> None:
    assert format_line({"at": AT, **record}, "en") == f"28 Nov 2026, 13:02:19 {PLACE}  {line}"


def test_a_damaged_record_is_still_a_line() -> None:
    assert format_line({"at": "soon"}, "en") == "soon  -: outcome UNKNOWN"
    assert format_line({"at": AT, "outcome": "odd"}, "en").endswith("-: odd")
