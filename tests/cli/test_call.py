"""conekta-mcp call"""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from conekta_mcp.cli.approving.answers import read_login_name
from conekta_mcp.sandbox.running import RunningSandbox
from tests.cli.conftest import Ended, Run
from tests.cli.terminals import at_terminal
from tests.cli.test_approvals import PASSPHRASE, Shop, sign_in
from tests.tables import rows_of

ANA = '{"name": "Ana Ñandú", "email": "ana@example.com", "phone": "+525555555555"}'


def test_a_success_is_printed_as_json_and_ends_with_0(run: Run) -> None:
    said = run("call", "--sandbox", "create_customer", ANA)
    assert (said.code, said.err) == (0, "")
    assert '"name": "Ana Ñandú"' in said.out
    assert json.loads(said.out)["livemode"] is False


def test_an_error_answer_is_printed_as_json_and_ends_with_1(run: Run) -> None:
    said = run("call", "get_order", '{"order_id": "ord_1"}', "--sandbox", "--language", "en")
    error = json.loads(said.out)["error"]
    assert (said.code, error["http_status"]) == (1, 404)
    assert error["message"] == 'The object Order "ord_1" could not be found.'


def test_an_answer_is_one_line_where_that_is_asked_for(run: Run) -> None:
    said = run("call", "list_customers", "{}", "--sandbox", "--json")
    assert (said.code, said.out.count("\n"), rows_of(json.loads(said.out))) == (0, 1, [])


def test_without_arguments_there_are_none(run: Run) -> None:
    said = run("call", "list_customers", "--sandbox")
    assert (said.code, rows_of(json.loads(said.out))) == (0, [])


def test_arguments_can_come_from_stdin(run: Run) -> None:
    # PowerShell puts a byte order mark before what it pipes.
    for text in (ANA, f"\ufeff{ANA}\r\n"):
        said = run("call", "--sandbox", "create_customer", "-", stdin=text)
        assert (said.code, json.loads(said.out)["email"]) == (0, "ana@example.com")


UNCLEAR = ['{"limit": 1, "limit": 2}', '{"limit": NaN}', '{"limit": 1e999}']
HALVES = ['{"search": "\\ud800"}', '{"\\udfff": 1}', '{"search": "\udcff"}']


@pytest.mark.parametrize("text", ["{", "", "limit=5", "{'limit': 5}", "[" * 100_000, *HALVES, *UNCLEAR])
@pytest.mark.parametrize("way", ["word", "stdin"])
def test_what_is_not_json_ends_with_2_and_calls_nothing(text: str, way: str, run: Run) -> None:
    words = ("call", "list_customers", text) if way == "word" else ("call", "list_customers", "-")
    said = run(*words, "--language", "en", stdin=text)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("conekta-mcp call: the arguments are not JSON: ")
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("text", ["[]", "5", "null", '"limit"', "true"])
def test_what_is_not_an_object_ends_with_2(text: str, run: Run) -> None:
    said = run("call", "list_customers", text, "--language", "en")
    assert (said.code, said.out) == (2, "")
    assert said.err == 'conekta-mcp call: the arguments are a JSON object, such as {"limit": 5}\n'


def test_half_a_surrogate_pair_in_the_name_of_a_tool_ends_with_2(run: Run) -> None:
    said = run("call", "--sandbox", "list_\udcff")
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)


def test_an_unlisted_tool_is_called_without_a_word_on_stderr(run: Run) -> None:
    said = run("call", "get_balance", "--sandbox")
    assert (said.code, said.err) == (0, "")


def test_the_help_says_where_the_key_comes_from(run: Run) -> None:
    assert "The key is CONEKTA_API_KEY" in " ".join(run("call", "--help").out.split())


def test_without_a_key_the_answer_says_what_to_set(run: Run) -> None:
    said = run("call", "list_customers")
    assert (said.code, json.loads(said.out)["error"]["type"]) == (1, "configuration_error")


def test_an_unknown_tool_is_an_error_answer(run: Run) -> None:
    said = run("call", "--sandbox", "list_custmers")
    assert (said.code, json.loads(said.out)["error"]["type"]) == (1, "unknown_tool")


def test_the_call_goes_to_the_address_that_is_set(run: Run, conekta: RunningSandbox) -> None:
    environment = {"CONEKTA_API_KEY": "key_call", "CONEKTA_BASE_URL": conekta.url}
    created = json.loads(run("call", "create_customer", ANA, **environment).out)
    listed = json.loads(
        run("call", "list_customers", "--base-url", conekta.url, CONEKTA_API_KEY="key_call").out
    )
    assert [row["id"] for row in rows_of(listed)] == [created["id"]]


def test_the_sandbox_remembers_with_a_state_file(run: Run, tmp_path: Path) -> None:
    state = ("--sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    created = json.loads(run("call", "create_customer", ANA, *state).out)
    listed = json.loads(run("call", "list_customers", *state).out)
    assert [row["id"] for row in rows_of(listed)] == [created["id"]]


@pytest.mark.parametrize("place", ["no/such/folder/shop.sqlite3", "."])
def test_a_state_file_that_cannot_be_is_a_wrong_setting(place: str, run: Run, tmp_path: Path) -> None:
    said = run("call", "list_customers", "--sandbox", "--state", str(tmp_path / place))
    assert (said.code, said.out) == (2, "")
    assert said.err == "conekta-mcp: --state: expected a file in a folder that exists\n"


@pytest.mark.parametrize(
    "words", [("call", "list_customers", "--sandbox"), ("sandbox",), ("doctor", "--sandbox")]
)
def test_a_state_file_that_the_sandbox_did_not_make_is_left_alone(
    words: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Anota: pagar la luz", encoding="utf-8")
    said = run(*words, "--state", str(notes))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "conekta-mcp: --state: expected a file that the sandbox made, or a name that is free\n"
    )
    assert notes.read_text(encoding="utf-8") == "Anota: pagar la luz"


def test_a_state_file_that_cannot_be_read_is_a_wrong_setting(run: Run, tmp_path: Path) -> None:
    loop = tmp_path / "loop.db"
    loop.symlink_to(loop)
    said = run("call", "list_customers", "--sandbox", "--state", str(loop))
    assert (said.code, said.err) == (2, "conekta-mcp: --state: expected a file that can be read\n")


def test_a_pipe_is_no_state_file_and_nobody_waits_for_it(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    said = run("call", "list_customers", "--sandbox", "--state", str(tmp_path / "pipe"))
    assert (said.code, said.err) == (2, "conekta-mcp: --state: expected a file in a folder that exists\n")


def test_an_empty_state_file_is_a_new_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.db").touch()
    said = run("call", "list_customers", "--sandbox", "--state", str(tmp_path / "shop.db"))
    assert (said.code, said.err) == (0, "")


def test_a_secret_operation_is_called_once_it_is_named(run: Run) -> None:
    unnamed = run("call", "create_token", "--sandbox")
    named = run("call", "create_token", "--sandbox", "--tools", "create_token")
    assert (unnamed.code, json.loads(unnamed.out)["error"]["type"]) == (1, "unknown_tool")
    assert (named.code, "error" in json.loads(named.out)) == (0, False)


def test_a_file_is_read_from_the_folder_that_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "nota.pdf").write_bytes(b"%PDF-1.7 nota")
    kept = ("--sandbox", "--state", str(tmp_path / "shop.db"))
    company = json.loads(run("call", "get_current_company", *kept).out)["id"]
    given = json.dumps({"company_id": company, "file_classification": "cfdi", "path": "nota.pdf"})
    without = run("call", "upload_company_document", given, *kept)
    said = run("call", "upload_company_document", given, *kept, "--files", str(tmp_path))
    assert json.loads(without.out)["error"]["code"] == "conekta_mcp.errors.files_folder_not_set"
    assert (said.code, json.loads(said.out)["file_classification"]) == (0, "cfdi")


REFUND = {"amount": 20000, "reason": "requested_by_client"}
CARD_ORDER = {
    "currency": "MXN",
    "customer_info": json.loads(ANA),
    "line_items": [{"name": "Plan", "unit_price": 50000, "quantity": 1}],
    "charges": [{"payment_method": {"type": "card", "token_id": "tok_test_visa_4242"}}],
}


def refund_at_a_terminal(conekta: RunningSandbox, typed: bytes, language: str) -> tuple[int, str, str, int]:
    """Refund with --confirm money at a pty; give the exit code, stdout, what was shown, centavos refunded."""
    headers = {"Authorization": "Bearer key_call"}
    made = httpx.post(f"{conekta.url}/orders", json=CARD_ORDER, headers=headers, trust_env=False).json()
    person, terminal = pty.openpty()
    given = json.dumps({**REFUND, "order_id": made["id"]})
    command = [sys.executable, "-m", "conekta_mcp", "call", "refund_order", given, "--confirm", "money"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONEKTA_")}
    environment = {
        "CONEKTA_API_KEY": "key_call",
        "CONEKTA_BASE_URL": conekta.url,
        "CONEKTA_MCP_STORE": "memory",
    }
    with subprocess.Popen(
        command, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True,
        env=kept | environment | {"CONEKTA_LANGUAGE": language, "CONEKTA_MCP_STORE": "memory"},
    ) as running:  # fmt: skip
        os.close(terminal)
        shown = b""
        while b"/N] " not in shown:
            shown += os.read(person, 4096)
        os.write(person, typed)
        out, _ = running.communicate(timeout=180)
    os.close(person)
    now = httpx.get(f"{conekta.url}/orders/{made['id']}", headers=headers, trust_env=False).json()
    return running.returncode, out, shown.decode().replace("\r\n", "\n"), now.get("amount_refunded") or 0


@pytest.mark.system
@pytest.mark.parametrize(("typed", "language"), [(b"y\n", "en"), (b" YES \n", "en"), ("sí\n".encode(), "es")])
def test_at_a_terminal_the_person_is_asked_and_a_yes_does_it(
    typed: bytes, language: str, conekta: RunningSandbox
) -> None:
    code, out, shown, refunded = refund_at_a_terminal(conekta, typed, language)
    assert (code, refunded) == (0, 20000), out
    prompt = {"en": "Approve? [y/N] ", "es": "¿Aprobar? [s/N] "}[language]
    asked = {"en": "Refund MXN 200.00 of MXN 500.00", "es": "¿Devolver MXN 200.00 de MXN 500.00"}[language]
    assert asked in shown
    assert shown.endswith(prompt)


@pytest.mark.system
@pytest.mark.parametrize("typed", [b"\n", b"n\n", b"yess\n", b"\x04"])
def test_at_a_terminal_all_else_is_a_no(typed: bytes, conekta: RunningSandbox) -> None:
    code, out, _, refunded = refund_at_a_terminal(conekta, typed, "en")
    assert (code, json.loads(out)["error"]["type"], refunded) == (1, "consent_declined", 0)


def pay_an_order(run: Run, *state: str) -> str:
    wish = {**json.loads(ANA), "line_items": CARD_ORDER["line_items"], "token_id": "tok_test_visa_4242"}
    order_id: str = json.loads(run("call", "create_card_order", json.dumps(wish), *state).out)["id"]
    return order_id


@pytest.mark.system
def test_a_yes_at_the_terminal_is_noted_as_one_of_its_user(run: Run, tmp_path: Path) -> None:
    state = ("--sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    given = json.dumps({**REFUND, "order_id": pay_an_order(run, *state)})
    words = ("call", "refund_order", given, "--confirm", "money", *state, "--language", "en")
    with at_terminal(*words) as person:
        person.read_until("/N] ")
        person.type("yes\n")
        assert person.end() == 0
    records = run("audit", "--json", "--tool", "refund_order", "--sandbox", "--state", state[2]).out
    assert {json.loads(line)["consent"] for line in records.splitlines()} == {
        f"terminal: {read_login_name()}"
    }


@pytest.mark.system
def test_where_approvers_exist_one_signs_in_before_a_call_is_approved(run: Run, tmp_path: Path) -> None:
    state = ("--sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    given = json.dumps({**REFUND, "order_id": pay_an_order(run, *state)})
    Shop(state[2] + ".safety").add_approver()
    words = ("call", "refund_order", given, "--confirm", "money", *state, "--language", "en")
    with at_terminal(*words) as person:
        sign_in(person, "eva", "wrong passphrase")
        assert person.end() == 1
    assert '"consent_pending"' in person.screen
    with at_terminal(*words) as person:
        sign_in(person, "eva", PASSPHRASE)
        person.read_until("/N] ")
        person.type("yes\n")
        assert person.end() == 0
    assert '"partially_refunded"' in person.screen


@pytest.mark.system
def test_a_terminal_that_may_not_answer_is_not_asked(run: Run, tmp_path: Path) -> None:
    state = ("--sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    given = json.dumps({**REFUND, "order_id": pay_an_order(run, *state)})
    words = ("call", "refund_order", given, "--confirm", "money", *state)
    with at_terminal(*words, "--approval-channels", "client") as person:
        assert person.end() == 1
    assert '"consent_unavailable"' in person.screen


def refund_without_a_terminal(run: Run, tmp_path: Path, *flags: str) -> Ended:
    state = ("--sandbox", "--state", str(tmp_path / "shop.sqlite3"))
    given = json.dumps({**REFUND, "order_id": pay_an_order(run, *state)})
    return run("call", "refund_order", given, "--confirm", "money", *state, *flags, stdin="y\n")


def test_without_a_terminal_the_other_channels_are_waited_for(run: Run, tmp_path: Path) -> None:
    said = refund_without_a_terminal(run, tmp_path, "--approval-wait", "0")
    error = json.loads(said.out)["error"]
    assert (said.code, error["type"], error["outcome"]) == (1, "consent_pending", "not_applied")
    assert [one["param"] for one in error["details"] if "param" in one] == ["terminal"]
    assert said.err == "Esperando el sí de una persona…\n"


def test_without_a_channel_the_call_is_refused(run: Run, tmp_path: Path) -> None:
    said = refund_without_a_terminal(run, tmp_path, "--approval-channels", "client")
    assert (said.code, json.loads(said.out)["error"]["type"]) == (1, "consent_unavailable")


def test_a_webhook_without_a_secret_is_refused_before_anything_is_called(run: Run) -> None:
    for words in (("call", "list_customers"), ("serve",)):
        said = run(*words, "--sandbox", "--approval-webhook", "https://chat.example.com/hook?key=abc")
        assert (said.code, said.out) == (2, "")
        assert "set CONEKTA_MCP_APPROVAL_WEBHOOK_SECRET" in said.err
        assert "abc" not in said.err


def test_no_flag_says_yes_beforehand(run: Run) -> None:
    said = run("call", "--yes", "list_customers", "--sandbox")
    assert (said.code, said.out) == (2, "")
    assert "unrecognized arguments: --yes" in said.err


def test_an_interrupted_call_ends_as_a_shell_expects(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("conekta_mcp.cli.commands.call.anyio.run", interrupted)
    assert run("call", "list_customers", "--sandbox").code == 130
